"""The best first, where there is not too much to compare.

What counts, in this order: how many of the pieces stand in the heading; how many of them as whole words; how many
stand together in one text; whether that is the record's own text; how late the text is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from kefu.core.search import sql, weighing
from kefu.core.search.text import MOST_PIECES, fold, runs

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
    """What is known of the texts of one record: the latest; the part with the most pieces, how many."""

    doc: int
    part: int
    together: int
    own: bool


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
    texts = texts_of(wanted, kind, few, last)
    if not texts:
        return []
    headings = dict(within.order_by().filter(pk__in=list(texts)).values_list("pk", heading))
    found = [
        Ranked(_score(wanted, str(words), texts[record]), texts[record].doc, record, texts[record].part)
        for record, words in headings.items()
    ]
    return sorted(found, key=lambda one: (one.score, one.doc), reverse=True)


def texts_of(wanted: Sequence[str], kind: str, few: Sequence[int] | None, last: int) -> dict[int, Texts]:
    """Of each record that holds all pieces, its texts that hold the first: the latest first."""
    if few is not None:
        source = sql.among(kind, few)
    else:
        source = sql.indexed(kind, wanted[0], sql.segments(last + 1) if sql.postgresql() else ())
    docs, values = source(0, last + 1)
    like, pieces = sql.holds(wanted)
    others = f" + CASE WHEN {sql.contains('d.text')} THEN 1 ELSE 0 END" * (len(wanted) - 1)
    order = "i.rowid" if docs.startswith("search_index") else "d.id"
    found: dict[int, Texts] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT d.id, d.record_id, d.part, 1{others} FROM {docs} AND {like} ORDER BY {order} DESC"
            + ("" if few is not None else f" LIMIT {weighing.MANY}"),
            [*wanted[1:], *values, *pieces],
        )
        for doc, record, part, together in cursor.fetchall():
            known = found.setdefault(record, Texts(doc, part, together, part == 0))
            known.own = known.own or part == 0
            if together > known.together:
                known.part, known.together = part, together
    return found


def _score(wanted: Sequence[str], heading: str, texts: Texts) -> int:
    folded = fold(heading)
    inside = [piece for piece in wanted if piece in folded]
    words = set(runs(folded)) if inside else set[str]()
    whole = sum(piece in words for piece in inside)
    return ((len(inside) * _EACH + whole) * _EACH + texts.together) * 2 + texts.own
