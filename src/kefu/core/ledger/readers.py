"""Readers of the ledger: work after the commit, each from its own bookmark.

A reader sees each event at least once and in order; what it writes to the database stands in the
transaction of its bookmark and so happens exactly once. What goes outside (mail) needs a stable id of its
own.
"""

from __future__ import annotations

from collections.abc import Callable

from kefu.core.db import write
from kefu.core.ledger import queries
from kefu.core.ledger.models import Bookmark, Event

Reader = Callable[[Event], None]
_readers: dict[str, Reader] = {}


def reader(name: str) -> Callable[[Reader], Reader]:
    """Register a function as the reader `name`; the bookmark goes by that name for ever."""

    def register(function: Reader) -> Reader:
        if _readers.setdefault(name, function) is not function:
            raise ValueError(f"two readers are named {name!r}")
        return function

    return register


def names() -> tuple[str, ...]:
    return tuple(_readers)


def advance(name: str, *, limit: int = 200) -> int:
    """Give the reader its next events; return how many it has taken.

    One transaction for all of them; when one fails, the events before it are committed and its error is
    raised.
    """
    if not queries.read(position(name), 1):
        return 0
    try:
        return _take(name, limit)
    except Exception:
        done = 0
        while done < limit and _take(name, 1):  # up to the one that raises
            done += 1
        return done


def position(name: str) -> int:
    """The number up to which the reader has read."""
    return Bookmark.objects.filter(name=name).values_list("seq", flat=True).first() or 0


def _take(name: str, limit: int) -> int:
    with write():
        Bookmark.objects.get_or_create(name=name)
        bookmark = Bookmark.objects.select_for_update().get(name=name)
        events = queries.read(bookmark.seq, limit)
        for event in events:
            _readers[name](event)
        if events:
            bookmark.seq = events[-1].seq
            bookmark.save(update_fields=["seq"])
    return len(events)
