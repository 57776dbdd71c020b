"""Asking the index. What a person may see, and every other filter, is part of the question."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from kefu.core.search.models import SearchDoc
from kefu.core.search.schema import FIRST_SEGMENT, SEGMENT, mark
from kefu.core.search.text import asked, pieces

FEW = 500  # records whose docs are read one by one
# So many of the newest docs are read as well: a common word is found there sooner than by a long list of the index.
WINDOW = 2048
Sql = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A doc that holds what was asked for. doc: where to go on from."""

    doc: int
    record: int
    part: int


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
    little (at most `FEW`). before: the `doc` of the last hit so far. words: each piece is a whole word of the text.
    An empty query finds nothing.
    """
    wanted = pieces(query)
    end = _last() + 1 if before is None else before
    if not wanted or limit < 1 or (few is not None and not few):
        return []
    if len(wanted) > 1:
        wanted = _rarest_first(wanted, kind)
    try:
        holds = _holds(wanted, within, words=words)
    except EmptyResultSet:
        return []
    found: dict[int, Hit] = {}
    for source, first, last in _sources(kind, wanted[0], few, end):
        for hit in _rows(source, holds, first, last, limit):
            found.setdefault(hit.record, hit)
            if len(found) == limit:
                return list(found.values())
    return list(found.values())


def matching(query: str, kind: str) -> QuerySet[SearchDoc]:
    """Docs of the records of `kind` that hold every piece of `query`: use `.values("record_id")` as a subquery of a
    list that has an order of its own. Costs as much as there is; `newest` costs as much as is shown."""
    docs = SearchDoc.objects.filter(kind=kind)
    found = [docs.filter(pk__in=RawSQL(*_every(kind, piece))) for piece in pieces(query)]
    if not found:
        return docs.none()
    first, *others = found
    for other in others:
        first = first.filter(record_id__in=other.values("record_id"))
    return first


# --- where docs that hold a piece are to be found ---------------------------------------------------

# From the first id until before the last: SQL of docs `d` (after FROM, with its WHERE), its parameters.
Source = Callable[[int, int], Sql]


def _sources(kind: str, piece: str, few: Sequence[int] | None, end: int) -> Iterator[tuple[Source, int, int]]:
    """Together all docs of `kind` before `end` that hold `piece`: each source with its first id and the one after its
    last, the latest first."""
    if few is not None:
        yield _among(kind, few), 0, end
        return
    start = end
    whole = len(asked(piece)[0])
    if whole == 0 or (whole == 1 and _postgresql()):  # a longer piece is rare enough for the index
        start = max(0, end - WINDOW)
        yield _scanned(kind), start, end
    if not _postgresql():
        yield _indexed(kind, piece, None), 0, start
        return
    for segment in range((start - 1) >> SEGMENT, -1, -1):
        first = segment << SEGMENT
        yield _indexed(kind, piece, segment), first, min(start, first + (1 << SEGMENT))


# SQLite reads each of these by the id from the last on, and stops when there are enough. PostgreSQL would rather work
# out and sort what it finds: what must come first stands apart, in a subquery that OFFSET 0 keeps from being merged.


def _among(kind: str, records: Sequence[int]) -> Source:
    places = ", ".join(["%s"] * len(records))
    return _docs(f"kind = %s AND record_id IN ({places})", [kind, *records])


def _scanned(kind: str) -> Source:
    # + keeps SQLite from the index of kinds and records, which has another order
    return _docs("kind = %s" if _postgresql() else "+kind = %s", [kind])


def _docs(where: str, values: list[Any], key: str = "id") -> Source:
    if _postgresql():
        return lambda first, last: (
            f"(SELECT * FROM search_searchdoc WHERE {where} AND {key} >= %s AND {key} < %s"
            " ORDER BY id DESC OFFSET 0) d WHERE true",
            [*values, first, last],
        )
    return lambda first, last: (
        f"search_searchdoc d WHERE {where} AND d.id >= %s AND d.id < %s",
        [*values, first, last],
    )


def _indexed(kind: str, piece: str, segment: int | None) -> Source:
    if segment is not None:
        # + 0 keeps PostgreSQL from reading the ids of the whole segment as well
        return _docs(
            "search_tokens(id, kind, text) @@ %s::tsquery", [_tsquery(kind, piece, [segment])], "id + 0"
        )
    return lambda first, last: (
        "search_index i CROSS JOIN search_searchdoc d ON d.id = i.rowid"
        " WHERE i.search_index MATCH %s AND i.rowid >= %s AND i.rowid < %s",
        [_fts5(kind, piece), first, last],
    )


def _rows(source: Source, holds: Sql, first: int, last: int, limit: int) -> Iterator[Hit]:
    """Hits of one source, latest first. Asks for more at a time when several are of one record."""
    while first < last:
        limit *= 2
        docs, values = source(first, last)
        order = "i.rowid" if docs.startswith("search_index") else "d.id"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT d.id, d.record_id, d.part FROM {docs} AND {holds[0]} ORDER BY {order} DESC LIMIT {limit}",
                [*values, *holds[1]],
            )
            rows = cursor.fetchall()
        yield from (Hit(*row) for row in rows)
        last = rows[-1][0] if len(rows) == limit else first


# --- the parts of the SQL ---------------------------------------------------------------------------


def _holds(wanted: Sequence[str], within: QuerySet[Any], *, words: bool) -> Sql:
    """What a doc `d` must be like: it holds the first piece, its record the others, in whatever text of it, and the
    record is one of `within`."""
    column = "(' ' || {}.text || ' ')" if words else "{}.text"
    parts = [_contains(column.format("d"))]
    values: list[Any] = [f" {piece} " if words else piece for piece in wanted]
    for _ in wanted[1:]:
        parts.append(
            "EXISTS (SELECT 1 FROM search_searchdoc o WHERE o.kind = d.kind AND o.record_id = d.record_id"
            f" AND {_contains(column.format('o'))})"
        )
    # A scalar subquery is asked for one row after another until there are enough; a join, or EXISTS, would be worked
    # out for all rows first where the planner thinks little of it.
    record = within.order_by().filter(pk=RawSQL("d.record_id", [])).values("pk")
    sql, more = record.query.sql_with_params()
    return " AND ".join([*parts, f"d.record_id = ({sql})"]), [*values, *more]


def _every(kind: str, piece: str) -> Sql:
    """SQL of the ids of all docs that hold `piece`."""
    if _postgresql():
        segments = range((_last() >> SEGMENT) + 1)
        return (
            "SELECT d.id FROM search_searchdoc d WHERE search_tokens(d.id, d.kind, d.text) @@ %s::tsquery"
            f" AND {_contains('d.text')}",
            [_tsquery(kind, piece, segments), piece],
        )
    return (
        "SELECT d.id FROM search_index i CROSS JOIN search_searchdoc d ON d.id = i.rowid"
        f" WHERE i.search_index MATCH %s AND {_contains('d.text')}",
        [_fts5(kind, piece), piece],
    )


def _fts5(kind: str, piece: str) -> str:
    """Tokens hold neither blanks nor quotation marks."""
    whole, begun = asked(piece)
    return " AND ".join(
        [*(f'"{mark(kind)}{one}"' for one in whole), *(f'"{mark(kind)}{one}"*' for one in begun)]
    )


def _tsquery(kind: str, piece: str, segments: Sequence[int]) -> str:
    whole, begun = asked(piece)
    heads = [chr(FIRST_SEGMENT + segment) + mark(kind) for segment in segments]
    return " | ".join(
        " & ".join([*(f"'{head}{one}'" for one in whole), *(f"'{head}{one}':*" for one in begun)])
        for head in heads
    )


def _rarest_first(wanted: Sequence[str], kind: str) -> list[str]:
    """By how many of the newest docs hold each, longer ones first among equals."""
    counts = ", ".join(f"count(CASE WHEN {_contains('text')} THEN 1 END)" for _ in wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {counts} FROM search_searchdoc WHERE id > %s AND kind = %s",
            [*wanted, _last() - WINDOW, kind],
        )
        found = cursor.fetchone()
    return [piece for _, _, piece in sorted(zip(found, [-len(one) for one in wanted], wanted, strict=True))]


def _contains(column: str) -> str:
    return f"strpos({column}, %s) > 0" if _postgresql() else f"instr({column}, %s) > 0"


def _last() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM search_searchdoc", [])
        return cursor.fetchone()[0] or 0


def _postgresql() -> bool:
    return connection.vendor == "postgresql"
