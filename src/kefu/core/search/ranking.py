"""The best first, where there is not too much to compare.

What counts, in this order: how many of the pieces stand in the heading; how many of them as whole words; how many
stand together in one text; whether that is the record's own text; how late the text is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from kefu.core.search import sql, weighing
from kefu.core.search.text import MOST_PIECES, plainly, runs

_EACH = MOST_PIECES + 1  # a count of pieces is less


@dataclass(frozen=True, slots=True)
class Ranked:
    """A record with its score (more is better) and its latest text that holds what was asked for. part: of the text
    that holds the most of it."""

    score: int
    doc: int
    record: int
    part: int


@dataclass(slots=True)
class Texts:
    """What is known of the texts of one record: the latest; the part with the most pieces, and how many; whether the
    record's own is among them."""

    doc: int
    part: int
    together: int
    own: bool
    heading: str


def ranked(
    wanted: Sequence[str],
    kind: str,
    within: QuerySet[Any],
    *,
    heading: str,
    few: Sequence[int] | None,
    last: int,
) -> list[Ranked]:
    """The records of `kind` among `within` that hold all of the pieces, the best first; of no more than the latest
    `weighing.MANY` texts. few: the ids of all that the person may see. last: the last doc."""
    found = texts_of(wanted, kind, few, last, within, heading)
    rows = (Ranked(_score(wanted, one), one.doc, record, one.part) for record, one in found.items())
    return sorted(rows, key=lambda one: (one.score, one.doc), reverse=True)


def texts_of(
    wanted: Sequence[str],
    kind: str,
    few: Sequence[int] | None,
    last: int,
    within: QuerySet[Any] | None = None,
    heading: str = "pk",
) -> dict[int, Texts]:
    """Of each record that holds all pieces, its texts that hold the first: the latest first."""
    if few is not None:
        source = sql.among(kind, few)
    else:
        source = sql.indexed(kind, wanted[0], sql.segments(last + 1) if sql.postgresql() else ())
    docs, values = source(0, last + 1)
    like, pieces = sql.holds(wanted)
    others = f" + CASE WHEN {sql.contains('d.text')} THEN 1 ELSE 0 END" * (len(wanted) - 1)
    try:
        title, rights = sql.of_record(within, heading) if within is not None else ("''", [])
    except EmptyResultSet:
        return {}
    order = "i.rowid" if docs.startswith("search_index") else "d.id"
    found: dict[int, Texts] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT d.id, d.record_id, d.part, 1{others}, {title} FROM {docs} AND {like} ORDER BY {order} DESC"
            + ("" if few is not None else f" LIMIT {weighing.MANY}"),
            [*wanted[1:], *rights, *values, *pieces],
        )
        for doc, record, part, together, words in cursor.fetchall():
            if words is None:  # not one of `within`
                continue
            known = found.get(record)
            if known is None:
                found[record] = Texts(doc, part, together, part == 0, words)
                continue
            known.own = known.own or part == 0
            if together > known.together:
                known.part, known.together = part, together
    return found


def _score(wanted: Sequence[str], texts: Texts) -> int:
    inside, whole = 0, 0
    if texts.own or len(wanted) > 1:  # else it would be among the texts
        folded = plainly(str(texts.heading))
        there = [piece for piece in wanted if piece in folded]
        words = set(runs(folded)) if there else set[str]()
        inside, whole = len(there), sum(piece in words for piece in there)
    return ((inside * _EACH + whole) * _EACH + texts.together) * 2 + texts.own
