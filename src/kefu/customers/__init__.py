"""Customers: natural and legal persons, how to reach them, the rooms they own or live in, merging, masking.

Not here: their cases (`cases`), levels and credit. Start at `actions` for changes and `queries` for
questions.
"""
