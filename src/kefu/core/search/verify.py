"""Is everything found by what it says now, and by nothing else? Docs against records, and the index against the docs.

What differs at first sight is looked at again under the lock of its record: somebody may have been changing it just
then. The index of PostgreSQL is an expression of the docs, so there it is only asked whether it is there and sound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import connection

from kefu.core.db import write
from kefu.core.errors import in_language
from kefu.core.ledger.actions import SYSTEM, record
from kefu.core.rulebook.model import Ref
from kefu.core.search import schema
from kefu.core.search.models import SearchDoc
from kefu.core.search.sources import Source, kinds, source_of
from kefu.core.search.text import fold, tokens

PART = 500  # records whose texts are in memory together
Texts = dict[tuple[int, int], str]  # by record and part
What = Literal["missing", "changed", "extra", "index"]


@dataclass(frozen=True, slots=True)
class Difference:
    """missing: it has a text that nothing finds; changed: it is found by other words than it has; extra: a text that it
    has not finds it; index: the index says otherwise than the doc. record 0: the index as a whole."""

    kind: str
    record: int
    part: int
    what: What

    def text(self, lang: str) -> str:
        zh, en = _WORDS[self.what]
        place = f"{self.kind} {self.record}" + (f" / {self.part}" if self.part else "")
        return in_language(lang, f"{place}：{zh}", f"{place}: {en}")


_WORDS: Mapping[What, tuple[str, str]] = {
    "missing": ("有文字未编入索引", "a text of it is not findable"),
    "changed": ("索引的文字与记录不符", "it is found by other words than it has"),
    "extra": ("索引中有多余的文字", "a text that it has not finds it"),
    "index": ("索引条目与索引文字不符", "the index says otherwise than the indexed text"),
}


def differences() -> Iterator[Difference]:
    """Every difference. Changes nothing."""
    for kind, numbers in _suspects():
        for number in numbers:
            with write():
                yield from _of_one(kind, number)
    yield from _of_index()


def repair(*, at: datetime) -> Iterator[Difference]:
    """As `differences`, and mend each: one transaction per record, a `search.corrected` event for each."""
    for kind, numbers in _suspects():
        for number in numbers:
            with write():
                found = list(_of_one(kind, number))
                for one in found:
                    _mend(one, at=at)
            yield from found
    found = list(_of_index())
    if found:
        with write():
            schema.rebuild(connection)
            for one in found:
                _record(one, at=at)
    yield from found


def _suspects() -> Iterator[tuple[str, list[int]]]:
    """Records that differ at first sight, by kind."""
    for kind in kinds():
        source = source_of(kind)
        last = 0
        while source and (rows := list(source.records().filter(pk__gt=last).order_by("pk")[:PART])):
            end = rows[-1].pk
            stored = _stored(kind, last + 1, end)
            yield kind, sorted({place[0] for place, _ in _compare(_true(source, rows), stored)})
            last = end
        docs = SearchDoc.objects.filter(kind=kind, record_id__gt=last)
        yield kind, list(docs.order_by("record_id").values_list("record_id", flat=True).distinct())
    for kind in SearchDoc.objects.exclude(kind__in=kinds()).values_list("kind", flat=True).distinct():
        docs = SearchDoc.objects.filter(kind=kind)
        yield kind, list(docs.order_by("record_id").values_list("record_id", flat=True).distinct())


def _of_one(kind: str, number: int) -> Iterator[Difference]:
    source = source_of(kind)
    rows = list(source.records().select_for_update().filter(pk=number)) if source else []
    true = _true(source, rows) if source else {}
    for (record_id, part), what in _compare(true, _stored(kind, number, number)):
        yield Difference(kind, record_id, part, what)


def _true(source: Source, rows: Sequence[Any]) -> Texts:
    texts = {(row.pk, 0): fold(source.words(row)) for row in rows}
    parts = source.parts([row.pk for row in rows]) if rows else ()
    return texts | {(record_id, part): fold(text) for record_id, part, text in parts}


def _stored(kind: str, first: int, last: int) -> Texts:
    docs = SearchDoc.objects.filter(kind=kind, record_id__gte=first, record_id__lte=last)
    return {(one, part): text for one, part, text in docs.values_list("record_id", "part", "text")}


def _compare(true: Texts, stored: Texts) -> Iterator[tuple[tuple[int, int], What]]:
    if true == stored:
        return
    for place in sorted(true.keys() | stored.keys()):
        if place not in stored:
            yield place, "missing"
        elif place not in true:
            yield place, "extra"
        elif true[place] != stored[place]:
            yield place, "changed"


def _of_index() -> Iterator[Difference]:
    """Docs whose entry in the index says otherwise; looked for one by one only where the database finds any."""
    if connection.vendor != "sqlite":
        if not schema.is_sound(connection):
            yield Difference("search_index", 0, 0, "index")
        return
    if schema.is_sound(connection):
        return
    counts: dict[int, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE VIRTUAL TABLE temp.search_terms USING fts5vocab('main', 'search_index', 'instance')"
        )
        cursor.execute("SELECT doc, count(*) FROM search_terms GROUP BY doc")
        counts = dict(cursor.fetchall())
        cursor.execute("DROP TABLE temp.search_terms")
    bad = 0
    for doc in SearchDoc.objects.order_by("pk").iterator():
        if counts.pop(doc.pk, 0) != len(tokens(doc.text)) or not _has_all(doc):
            bad += 1
            yield Difference(doc.kind, doc.record_id, doc.part, "index")
    for _ in counts:
        bad += 1
        yield Difference("search_index", 0, 0, "index")
    if not bad:
        yield Difference("search_index", 0, 0, "index")


def _has_all(doc: SearchDoc) -> bool:
    words = [f'"{schema.mark(doc.kind)}{token}"' for token in tokens(doc.text)]
    if not words:
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM search_index WHERE search_index MATCH %s AND rowid = %s",
            [" AND ".join(words), doc.pk],
        )
        return cursor.fetchone() is not None


def _mend(found: Difference, *, at: datetime) -> None:
    docs = SearchDoc.objects.filter(kind=found.kind, record_id=found.record, part=found.part)
    source = source_of(found.kind)
    rows = list(source.records().filter(pk=found.record)) if source else []
    text = _true(source, rows).get((found.record, found.part)) if source else None
    if text is None:
        docs.delete()
    elif not docs.update(text=text):
        SearchDoc.objects.create(kind=found.kind, record_id=found.record, part=found.part, text=text)
    _record(found, at=at)


def _record(found: Difference, *, at: datetime) -> None:
    record(
        "search.corrected",
        Ref(found.kind, str(found.record)),
        by=SYSTEM,
        at=at,
        data={"part": found.part, "what": found.what},
    )
