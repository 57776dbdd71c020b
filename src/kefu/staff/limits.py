"""Limits of signing in. Security of the product, not policy of a department: so not in the rulebook."""

from datetime import timedelta

PASSWORD_SHORTEST, PASSWORD_LONGEST = 10, 128  # characters
FAILURES_BY_NAME, FAILURES_BY_ADDRESS = 5, 50  # then nobody signs in under the name / from the address
LOCKED = timedelta(minutes=15)
FORGOTTEN = timedelta(hours=1)  # failures older than this count no more
SESSION = timedelta(hours=14)  # the longest shift and its handover
IDLE = timedelta(hours=2)
CODE = timedelta(minutes=5)  # from the right password to the code of the second factor
SEEN_EVERY = timedelta(minutes=1)  # how exactly the last sign of life is kept
LINK = timedelta(hours=72)
TOKEN_LONGEST = timedelta(days=400)
SCOPES = ("read", "write")  # write includes read
