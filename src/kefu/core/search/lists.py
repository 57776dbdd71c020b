"""Words among the filters of a list that has an order of its own. What is shown costs what is shown."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import Exact

from kefu.core.search import sql
from kefu.core.search.models import SearchDoc
from kefu.core.search.ranking import texts_of
from kefu.core.search.text import pieces
from kefu.core.search.weighing import is_common, rarest_first

# A common word is looked for in the list itself, in its order: first among so many of its records, then among more.
STEPS = (150, 600, 2000)


def holding(records: QuerySet[Any], query: str, kind: str) -> QuerySet[Any]:
    """Those of `records` that hold every piece of `query`. Two questions for the index, asked now.

    Where a piece is rare the index has named them; else each record's texts are read, as often as records are asked
    for: see `first_holding` for a page of a long list.
    """
    rare = held_by_few(query, kind)
    return records.filter(pk__in=rare) if rare is not None else read(records, query, kind)


def first_holding(records: QuerySet[Any], query: str, kind: str, limit: int) -> tuple[list[int], int | None]:
    """The ids of the first `limit` of `records`, in their order, that hold every piece of `query`.

    And the record looked at last, where there are more of them but `STEPS` ended before `limit` were found.
    """
    rare = held_by_few(query, kind)
    if rare is not None:
        return list(records.filter(pk__in=rare).values_list("pk", flat=True)[:limit]), None
    found: list[int] = []
    looked = 0
    for end in STEPS:
        ids = list(records.values_list("pk", flat=True)[looked:end])
        there = records.model._default_manager.filter(pk__in=ids)
        held = set(read(there, query, kind).values_list("pk", flat=True)) if ids else set[int]()
        found += [pk for pk in ids if pk in held]
        if len(found) >= limit or len(ids) < end - looked:
            return found[:limit], None
        looked = end
    return found, ids[-1]


def held_by_few(query: str, kind: str) -> list[int] | None:
    """The ids of the records that hold every piece of `query`; None where `weighing.MANY` texts or more hold its
    rarest piece."""
    asked = pieces(query)
    if not asked:
        return []
    last = sql.last_doc()
    wanted = rarest_first(asked, kind, last)
    if is_common(wanted[0], kind, last):
        return None
    return list(texts_of(wanted, kind, None, last))


def read(records: QuerySet[Any], query: str, kind: str) -> QuerySet[Any]:
    """Those of `records` that hold every piece of `query`: the texts of each are read when it is asked for."""
    wanted = pieces(query)
    if not wanted:
        return records.none()
    for piece in wanted:
        texts = (
            SearchDoc.objects.filter(kind=kind, record_id=OuterRef("pk"))
            .annotate(place=StrIndex("text", Value(piece)))
            .filter(place__gt=0)
        )
        # not EXISTS, which a planner may turn into a join with all texts there are
        records = records.filter(Exact(Subquery(texts.values("kind")[:1]), Value(kind)))
    return records
