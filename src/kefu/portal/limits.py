"""What keeps the open door from being abused. Security of the product, not policy of a department."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple


class Limit(NamedTuple):
    """At most `most` times within `window`."""

    most: int
    window: timedelta


HOUR, DAY = timedelta(hours=1), timedelta(days=1)

SUBMIT_BY_ADDRESS = Limit(10, HOUR)
SUBMIT_BY_PHONE = Limit(5, HOUR)
LOOK_UP_BY_ADDRESS = Limit(20, HOUR)
LOOK_UP_BY_NUMBER = Limit(10, HOUR)  # ten thousand last four digits: forty days of guessing at one case
CODE_AGAIN = Limit(1, timedelta(minutes=1))
CODE_BY_CONTACT = Limit(6, DAY)
CODE_BY_ADDRESS = Limit(20, HOUR)
ENTER_BY_ADDRESS = Limit(60, HOUR)
ACT_ON_CASE = Limit(30, HOUR)  # replies, moves and ratings of one customer on one case
UNASKED = Limit(3, DAY)  # confirmations and news to one contact, together

CODE_VALID = timedelta(minutes=10)
CODE_TRIES = 5
LINK_VALID = timedelta(days=30)
QUIET = timedelta(minutes=1)  # news wait so long: what follows at once is told with them
NEWS_VALID = timedelta(days=7)
VISIT = timedelta(days=30)
FILLED_IN = timedelta(seconds=3)  # nobody fills in the form faster
FORM_VALID = timedelta(hours=24)
MOST_FILES = 5
MOST_CASES = 50  # opened one by one in one visit
LONGEST_TEXT = 4000  # characters
