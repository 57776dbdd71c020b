"""Pages of the archive of customers: the list, a customer, merging, customers and rooms from a sheet."""
