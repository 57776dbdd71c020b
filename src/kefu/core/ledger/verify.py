"""Checking the chain: does every stored row say what it said when it was written?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import DatabaseError
from django.db.models import Max

from kefu.core.ledger.anchor import Head
from kefu.core.ledger.chain import GENESIS, HASHED, row_hash
from kefu.core.ledger.models import Event

CHUNK = 2000
_COLUMNS = (*HASHED, "hash")
_UNREADABLE = (
    ValueError,
    TypeError,
    DatabaseError,
)  # SQLite keeps text that is no text, and says so when asked


@dataclass(frozen=True, slots=True)
class Verdict:
    """rows: how many are good before the first bad one. first_bad: its number, None when all are good.

    after_anchor: rows after the last anchored head: of them nothing outside the database knows.
    """

    rows: int
    first_bad: int | None
    reason: str
    after_anchor: int


def verify(heads: Sequence[Head] = ()) -> Verdict:
    """Walk the whole ledger, one pass. heads: from the anchor file, oldest first."""
    anchored = {head.seq: head.hash for head in heads}
    last_anchor = max(anchored, default=0)
    expected, previous = 1, GENESIS
    for seq, values in _rows():
        reason = _wrong(expected, previous, seq, values, anchored)
        if reason:
            return Verdict(expected - 1, expected, reason, max(0, _last() - last_anchor))
        previous = str(values[-1]) if values else ""
        expected += 1
    if expected <= last_anchor:
        return Verdict(expected - 1, expected, "cut off: the anchor knows later rows", 0)
    return Verdict(expected - 1, None, "", expected - 1 - last_anchor)


def _wrong(
    expected: int, previous: str, seq: int, values: Sequence[object] | None, anchored: dict[int, str]
) -> str:
    if seq != expected:
        return "missing"
    if values is None:
        return "unreadable"
    try:
        if row_hash(previous, values[:-1]) != values[-1]:
            return "changed"
    except TypeError:
        return "unreadable"
    if anchored.get(seq, values[-1]) != values[-1]:
        return "rewritten since the anchor"
    return ""


def _rows() -> Iterator[tuple[int, Sequence[object] | None]]:
    """(seq, values) in order; None for a row whose columns cannot be read any more."""
    after = None
    while True:
        later = Event.objects.order_by("seq")
        if after is not None:
            later = later.filter(seq__gt=after)
        numbers = list(later.values_list("seq", flat=True)[:CHUNK])
        if not numbers:
            return
        between = Event.objects.filter(seq__gte=numbers[0], seq__lte=numbers[-1]).order_by("seq")
        try:
            rows = list(between.values_list(*_COLUMNS))
        except _UNREADABLE:
            for number in numbers:
                yield number, _single(number)
        else:
            for row in rows:
                yield row[0], row
        after = numbers[-1]


def _last() -> int:
    return Event.objects.aggregate(last=Max("seq"))["last"] or 0


def _single(number: int) -> Sequence[object] | None:
    try:
        return Event.objects.values_list(*_COLUMNS).get(seq=number)
    except _UNREADABLE:
        return None
