"""What a screen can show, as words: `case:17` one record, `cases` all of a kind, `notices` one's own bell.

A capability makes its records known with the one function that says who may see them:

    visible_by("case", cases_visible_to)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from kefu.staff.models import Person

Visible = Callable[[Person, datetime], QuerySet[Any]]

NOTICES = "notices"
MOST = 120  # words of one screen: a page of a list has 50 rows
_RECORD = re.compile(r"([a-z_]{1,30}):([1-9][0-9]{0,17})")
_visible: dict[str, Visible] = {}


def visible_by(noun: str, function: Visible) -> None:
    """Make the records of a noun known, with who may see them at an instant."""
    _visible[noun] = function


def nouns() -> Mapping[str, Visible]:
    return _visible


def record(word: str) -> tuple[str, int] | None:
    """Noun and id of a word for one record; None for any other word."""
    found = _RECORD.fullmatch(word)
    return (found[1], int(found[2])) if found and found[1] in _visible else None


def understood(words: Iterable[str]) -> frozenset[str]:
    """The words that mean something, at most `MOST`; others are left out: an old page may ask for them."""
    known = {NOTICES, *(f"{noun}s" for noun in _visible)}
    return frozenset([word for word in dict.fromkeys(words) if word in known or record(word)][:MOST])
