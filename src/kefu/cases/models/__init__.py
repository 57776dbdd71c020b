"""Rows of the capability; what happened to them is in the ledger."""

from kefu.cases.models.bulk import BulkRow, BulkRun
from kefu.cases.models.cases import Attachment, Case, Link, Message, Reach
from kefu.cases.models.keeping import Pin, Reminder, SavedView, Watch
from kefu.cases.models.leading import Capacity, Urge
from kefu.cases.models.phrases import Phrase
from kefu.cases.models.rating import Rating
from kefu.cases.models.reading import ReadMark

__all__ = [
    "Attachment",
    "BulkRow",
    "BulkRun",
    "Capacity",
    "Case",
    "Link",
    "Message",
    "Phrase",
    "Pin",
    "Rating",
    "Reach",
    "ReadMark",
    "Reminder",
    "SavedView",
    "Urge",
    "Watch",
]
