"""How many texts hold a piece: as far as one must know it, at a cost that does not grow with them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from kefu.core.search import sql
from kefu.core.search.text import asked

MANY = 2000  # texts that hold a piece: from so many on it is common
# One character, or the beginning of a word, is looked up in many lists of the index at once: not before the newest
# docs let one expect fewer texts than this.
TOO_MANY = 25 * MANY


def rarest_first(wanted: Sequence[str], kind: str, last: int) -> list[str]:
    """By how many of the newest docs hold each, longer ones first among equals. last: the last doc."""
    if len(wanted) < 2:
        return list(wanted)
    found = _in_newest(wanted, kind, last)
    return [piece for _, _, piece in sorted(zip(found, [-len(one) for one in wanted], wanted, strict=True))]


def is_common(piece: str, kind: str, last: int) -> bool:
    """Whether `MANY` texts or more may hold `piece`, by the tokens of the index. last: the last doc."""
    if not asked(piece)[0]:
        (newest,) = _in_newest([piece], kind, last)
        if newest * last > TOO_MANY * sql.WINDOW:
            return True
    counted = 0
    for where, values in _counts(piece, kind, last):
        with connection.cursor() as cursor:
            left = MANY - counted
            cursor.execute(f"SELECT count(*) FROM (SELECT 1 FROM {where} LIMIT {left}) found", values)
            counted += cursor.fetchone()[0]
        if counted >= MANY:
            return True
    return False


def _counts(piece: str, kind: str, last: int) -> list[sql.Sql]:
    """What to count, part by part: a long list of PostgreSQL's index is read as a whole, so first that of the newest
    segment, then of the one before, then the rest together."""
    if not sql.postgresql():
        return [("search_index WHERE search_index MATCH %s", [sql.fts5(kind, piece)])]
    newest, before, *others = [*sql.segments(last + 1), -1, -1]
    parts = [[newest], [before], [one for one in others if one >= 0]]
    return [
        (
            "search_searchdoc WHERE search_tokens(id, kind, text) @@ %s::tsquery",
            [sql.tsquery(kind, piece, part)],
        )
        for part in parts
        if part and part[0] >= 0
    ]


def _in_newest(wanted: Sequence[str], kind: str, last: int) -> Sequence[int]:
    """How many of the newest docs hold each."""
    counts = ", ".join(f"count(CASE WHEN {sql.contains('text')} THEN 1 END)" for _ in wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            # + keeps SQLite from the index of kinds and records
            f"SELECT {counts} FROM search_searchdoc WHERE id > %s AND {'' if sql.postgresql() else '+'}kind = %s",
            [*wanted, last - sql.WINDOW, kind],
        )
        return cursor.fetchone()
