"""The parts of the SQL: where docs that hold a piece are to be found, and what a doc must be like.

Together the sources give all docs that may hold a piece; the docs' own text decides (`contains`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from kefu.core.reading import asked_once
from kefu.core.search.schema import FIRST_SEGMENT, SEGMENT, mark
from kefu.core.search.text import asked

# So many of the newest docs are read as well: a common word is found there sooner than by a long list of the index.
WINDOW = 2048
Sql = tuple[str, list[Any]]
# From the first id until before the last: SQL of docs `d` (after FROM, with its WHERE), its parameters.
Source = Callable[[int, int], Sql]


def sources(kind: str, piece: str, few: Sequence[int] | None, end: int) -> Iterator[tuple[Source, int, int]]:
    """Together all docs of `kind` before `end` that hold `piece`: each source with its first id and the one after its
    last, the latest first."""
    if few is not None:
        yield among(kind, few), 0, end
        return
    start = end
    whole = len(asked(piece)[0])
    if whole == 0 or (whole == 1 and postgresql()):  # a longer piece is rare enough for the index
        start = max(0, end - WINDOW)
        yield _scanned(kind), start, end
    if not postgresql():
        yield indexed(kind, piece, ()), 0, start
        return
    for segment in segments(start):
        first = segment << SEGMENT
        yield indexed(kind, piece, [segment]), first, min(start, first + (1 << SEGMENT))


def segments(end: int) -> list[int]:
    """Those of the docs before `end` on PostgreSQL, the latest first."""
    return list(range((end - 1) >> SEGMENT, -1, -1))


# SQLite reads each of these by the id from the last on, and stops when there are enough. PostgreSQL would rather work
# out and sort what it finds: what must come first stands apart, in a subquery that OFFSET 0 keeps from being merged.


def among(kind: str, records: Sequence[int]) -> Source:
    places = ", ".join(["%s"] * len(records))
    return _docs(f"kind = %s AND record_id IN ({places})", [kind, *records])


def _scanned(kind: str) -> Source:
    # + keeps SQLite from the index of kinds and records, which has another order
    return _docs("kind = %s" if postgresql() else "+kind = %s", [kind])


def indexed(kind: str, piece: str, parts: Sequence[int]) -> Source:
    """By the index; `parts`: the segments of PostgreSQL."""
    if postgresql():
        # + 0 keeps PostgreSQL from reading the ids of the whole segment as well
        return _docs("search_tokens(id, kind, text) @@ %s::tsquery", [tsquery(kind, piece, parts)], "id + 0")
    return lambda first, last: (
        "search_index i CROSS JOIN search_searchdoc d ON d.id = i.rowid"
        " WHERE i.search_index MATCH %s AND i.rowid >= %s AND i.rowid < %s",
        [fts5(kind, piece), first, last],
    )


def _docs(where: str, values: list[Any], key: str = "id") -> Source:
    if postgresql():
        return lambda first, last: (
            f"(SELECT * FROM search_searchdoc WHERE {where} AND {key} >= %s AND {key} < %s"
            " ORDER BY id DESC OFFSET 0) d WHERE true",
            [*values, first, last],
        )
    return lambda first, last: (
        f"search_searchdoc d WHERE {where} AND d.id >= %s AND d.id < %s",
        [*values, first, last],
    )


def holds(wanted: Sequence[str], *, words: bool = False) -> Sql:
    """What a doc `d` must be like: it holds the first piece, its record the others, in whatever text of it. words:
    each piece is a whole word."""
    column = "(' ' || {}.text || ' ')" if words else "{}.text"
    parts = [contains(column.format("d"))]
    values: list[Any] = [f" {piece} " if words else piece for piece in wanted]
    for _ in wanted[1:]:
        parts.append(
            "EXISTS (SELECT 1 FROM search_searchdoc o WHERE o.kind = d.kind AND o.record_id = d.record_id"
            f" AND {contains(column.format('o'))})"
        )
    return " AND ".join(parts), values


def not_since(piece: str, doc: int, *, words: bool = False) -> Sql:
    """The record of `d` has no text from `doc` on that holds `piece`: it stood on no page before."""
    column = "(' ' || l.text || ' ')" if words else "l.text"
    return (
        "(SELECT 1 FROM search_searchdoc l WHERE l.kind = d.kind AND l.record_id = d.record_id AND l.id >= %s"
        f" AND {contains(column)} LIMIT 1) IS NULL",
        [doc, f" {piece} " if words else piece],
    )


def record_in(within: QuerySet[Any]) -> Sql:
    """The record of `d` is one of `within`. Raises EmptyResultSet where there is none."""
    record, values = of_record(within, "pk")
    return f"d.record_id = {record}", values


def of_record(within: QuerySet[Any], column: str) -> Sql:
    """The column of the record of `d`, NULL where it is none of `within`. Raises EmptyResultSet where there is none."""
    # A scalar subquery is asked for one row after another until there are enough; a join, or EXISTS, would be worked
    # out for all rows first where the planner thinks little of it.
    record = within.order_by().filter(pk=RawSQL("d.record_id", [])).values(column)
    sql, values = record.query.sql_with_params()
    return f"({sql})", list(values)


def fts5(kind: str, piece: str) -> str:
    """Tokens hold neither blanks nor quotation marks."""
    whole, begun = asked(piece)
    return " AND ".join(
        [*(f'"{mark(kind)}{one}"' for one in whole), *(f'"{mark(kind)}{one}"*' for one in begun)]
    )


def tsquery(kind: str, piece: str, parts: Sequence[int]) -> str:
    whole, begun = asked(piece)
    heads = [chr(FIRST_SEGMENT + segment) + mark(kind) for segment in parts]
    return " | ".join(
        " & ".join([*(f"'{head}{one}'" for one in whole), *(f"'{head}{one}':*" for one in begun)])
        for head in heads
    )


def contains(column: str) -> str:
    return f"strpos({column}, %s) > 0" if postgresql() else f"instr({column}, %s) > 0"


@asked_once
def last_doc() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM search_searchdoc", [])
        return cursor.fetchone()[0] or 0


def postgresql() -> bool:
    return connection.vendor == "postgresql"
