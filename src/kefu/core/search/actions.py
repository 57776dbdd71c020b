"""Keeping the docs, in the transaction of the change. The database keeps the index beside them."""

from __future__ import annotations

from typing import Protocol

from kefu.core.db import insert
from kefu.core.rulebook.model import Ref
from kefu.core.search.models import SearchDoc
from kefu.core.search.sources import source_of
from kefu.core.search.text import fold


class Found(Protocol):
    """A record that may be of a kind that is found."""

    @property
    def ref(self) -> Ref: ...


def learn(record: Found) -> None:
    """Make a record that was stored just now findable by its own words; nothing for a kind that is not found."""
    source = source_of(record.ref.kind)
    if source is not None:
        add(record.ref, source.words(record))


def relearn(record: Found) -> None:
    """`learn` for a record that was changed: by its words as they are now, and by the former no more."""
    source = source_of(record.ref.kind)
    if source is not None:
        put(record.ref, source.words(record))


def put(record: Ref, text: str, *, part: int = 0) -> None:
    """Make `record` (id: a whole number) findable by `text`, in place of what this part said before."""
    folded = fold(text)
    doc = SearchDoc.objects.filter(kind=record.kind, record_id=int(record.id), part=part).first()
    if doc is None:
        add(record, text, part=part)
    elif doc.text != folded:
        doc.text = folded
        doc.save(update_fields=["text"])


def add(record: Ref, text: str, *, part: int = 0) -> None:
    """`put` for a part that was made just now and is not in the index: one question less."""
    insert([SearchDoc(kind=record.kind, record_id=int(record.id), part=part, text=fold(text))])


def hand_over(record: Ref, into: Ref) -> None:
    """What `record` was found by besides its own words finds `into` from now on: it is shown there."""
    docs = SearchDoc.objects.filter(kind=record.kind, record_id=int(record.id), part__gt=0)
    docs.update(record_id=int(into.id))


def remove(record: Ref) -> None:
    """Make `record` findable by nothing."""
    SearchDoc.objects.filter(kind=record.kind, record_id=int(record.id)).delete()
