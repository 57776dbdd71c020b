"""Cases from other systems: a log or register in, through the same actions, each row at its own instant.

Not here: lists of staff, customers and rooms (their `imports.py`). Start at `carrying.import_cases`; `mapping` says
how a file is to be understood, `reading` turns its rows into what happened.
"""
