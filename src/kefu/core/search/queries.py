"""Asking the index. What a person may see, and every other filter, is part of the question.

`find`: a page of what fits best, or of the newest. `newest`: the newest alone. For a list with an order of its own:
`lists`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from kefu.core.search import ranking, sql
from kefu.core.search.text import pieces
from kefu.core.search.weighing import is_common, rarest_first

FEW = 2000  # records whose docs are read one by one
_PLACE = re.compile(r"([0-9]{1,18})\.([0-9]{1,2})(?:\.([0-9]{1,9}))?")


@dataclass(frozen=True, slots=True)
class Hit:
    """A doc that holds what was asked for. doc: where to go on from."""

    doc: int
    record: int
    part: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended. doc: of its last hit. by: the piece of the question that was looked up, counted from 0.
    score: of that hit, None where the latest come first."""

    doc: int
    by: int = 0
    score: int | None = None

    def __str__(self) -> str:
        return f"{self.doc}.{self.by}" + ("" if self.score is None else f".{self.score}")

    @classmethod
    def read(cls, text: str) -> Place:
        """Raises ValueError for what no page gave."""
        if (given := _PLACE.fullmatch(text)) is None:
            raise ValueError(text)
        doc, by, score = given.groups()
        return cls(int(doc), int(by), int(score) if score else None)


@dataclass(frozen=True, slots=True)
class Found:
    """A page. more: where to go on, None at the end. latest_first: too many texts hold it to say what fits best."""

    hits: list[Hit]
    more: Place | None = None
    latest_first: bool = False


def find(
    query: str,
    kind: str,
    within: QuerySet[Any],
    *,
    heading: str,
    few: Sequence[int] | None = None,
    after: Place | None = None,
    limit: int = 20,
) -> Found:
    """A page of the records of `kind` among `within` that hold every piece of `query`.

    The best first (see `ranking`), as long as fewer than `weighing.MANY` texts hold the rarest of the pieces; of more
    the latest text first. heading: the column of a record that says what it is about. few: as `newest`.
    """
    asked = pieces(query)
    if not asked or limit < 1 or (few is not None and not few):
        return Found([])
    last = sql.last_doc()
    # looked up by the same piece on every page, or a record would be found by other texts
    by = asked[min(after.by, len(asked) - 1)] if after else rarest_first(asked, kind, last)[0]
    wanted = [by, *(one for one in asked if one != by)]
    best = after.score is not None if after else few is not None or not is_common(by, kind, last)
    if best:
        ranked = ranking.ranked(wanted, kind, within, heading=heading, few=few, last=last)
        rest = [one for one in ranked if after is None or (one.score, one.doc) < (after.score, after.doc)]
        hits = [Hit(one.doc, one.record, one.part) for one in rest[: limit + 1]]
        score = rest[limit - 1].score if len(rest) > limit else None
    else:
        before = after.doc if after else None
        hits = _newest(wanted, kind, within, few, before=before, limit=limit + 1, last=last)
        score = None
    more = Place(hits[limit - 1].doc, asked.index(by), score) if len(hits) > limit else None
    return Found(hits[:limit], more, not best)


def newest(
    query: str,
    kind: str,
    within: QuerySet[Any],
    *,
    few: Sequence[int] | None = None,
    before: int | None = None,
    limit: int = 50,
    words: bool = False,
) -> list[Hit]:
    """One hit for each record of `kind` among `within` that holds every piece of `query`, the latest text first.

    within: what the person may see, filtered as wanted. few: the ids of all that the person may see, when that is
    little (at most `FEW`). before: the `doc` of the last hit so far: records found from there on are not found again.
    words: each piece is a whole word of the text. An empty query finds nothing.
    """
    wanted = pieces(query)
    if not wanted or limit < 1 or (few is not None and not few):
        return []
    last = sql.last_doc()
    wanted = rarest_first(wanted, kind, last)
    return _newest(wanted, kind, within, few, before=before, limit=limit, last=last, words=words)


def _newest(
    wanted: Sequence[str],
    kind: str,
    within: QuerySet[Any],
    few: Sequence[int] | None,
    *,
    before: int | None,
    limit: int,
    last: int,
    words: bool = False,
) -> list[Hit]:
    """By the first of the pieces, which the hits hold."""
    parts = [sql.holds(wanted, words=words)]
    try:
        parts.append(sql.record_in(within))
    except EmptyResultSet:
        return []
    if before is not None:
        parts.append(sql.not_since(wanted[0], before, words=words))
    like = " AND ".join(text for text, _ in parts), [value for _, values in parts for value in values]
    found: dict[int, Hit] = {}
    end = last + 1 if before is None else before
    for source, first, until in sql.sources(kind, wanted[0], few, end):
        for hit in _rows(source, like, first, until, limit):
            found.setdefault(hit.record, hit)
            if len(found) == limit:
                return list(found.values())
    return list(found.values())


def _rows(source: sql.Source, like: sql.Sql, first: int, last: int, limit: int) -> Iterator[Hit]:
    """Hits of one source, latest first. Asks for more at a time when several are of one record."""
    while first < last:
        limit *= 2
        docs, values = source(first, last)
        order = "i.rowid" if docs.startswith("search_index") else "d.id"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT d.id, d.record_id, d.part FROM {docs} AND {like[0]} ORDER BY {order} DESC LIMIT {limit}",
                [*values, *like[1]],
            )
            rows = cursor.fetchall()
        yield from (Hit(*row) for row in rows)
        last = rows[-1][0] if len(rows) == limit else first
