"""Pages of cases: each fetches what the person may see, reads the form, calls one action, and shows."""
