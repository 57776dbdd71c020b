"""Which moves a piece of work offers, who may make them, and why not.

Pure: plain facts in, an answer in both languages out. It makes no move and knows no database.
Start at `offers` (what a page shows) and `check_move` (what an action asks): the same code answers both.
"""

from kefu.core.flow.moves import Offer, Passed, check_move, offers
from kefu.core.flow.refusals import Words

__all__ = ["Offer", "Passed", "Words", "check_move", "offers"]
