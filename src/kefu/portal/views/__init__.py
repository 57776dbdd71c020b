"""Pages of the customer's side."""
