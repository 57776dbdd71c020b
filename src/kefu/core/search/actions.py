"""Keeping the index. Called inside the transaction of the change."""

from __future__ import annotations

from django.db import connection

from kefu.core.db import insert
from kefu.core.rulebook.model import Ref
from kefu.core.search.models import SearchDoc
from kefu.core.search.tokens import fold, tokens


def put(record: Ref, text: str) -> None:
    """Make `record` (id: a whole number) findable by `text`, and by that alone."""
    folded = _stored(text)
    doc = SearchDoc.objects.filter(kind=record.kind, record_id=int(record.id)).first()
    if doc is None:
        add(record, text)
    elif doc.text != folded:
        _forget(doc)
        doc.text = folded
        doc.save(update_fields=["text"])
        _learn(doc)


def add(record: Ref, text: str) -> None:
    """`put` for a record that was made just now and is not in the index: one question less."""
    doc = SearchDoc(kind=record.kind, record_id=int(record.id), text=_stored(text))
    insert([doc])
    _learn(doc)


def remove(record: Ref) -> None:
    """Make `record` findable by nothing."""
    for doc in SearchDoc.objects.filter(kind=record.kind, record_id=int(record.id)):
        _forget(doc)
        doc.delete()


def _stored(text: str) -> str:
    return fold(text).replace("\x00", "")


def _learn(doc: SearchDoc) -> None:
    words = tokens(doc.text)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO search_index(rowid, t) VALUES (%s, %s)", [doc.pk, " ".join(words)])
        else:
            # array_to_tsvector takes the tokens as they are; PostgreSQL's own parser would cut them anew.
            cursor.execute(
                "INSERT INTO search_index(doc_id, v) VALUES (%s, array_to_tsvector(%s::text[]))",
                [doc.pk, sorted({word[:500] for word in words})],
            )


def _forget(doc: SearchDoc) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "INSERT INTO search_index(search_index, rowid, t) VALUES ('delete', %s, %s)",
                [doc.pk, " ".join(tokens(doc.text))],
            )
        else:
            cursor.execute("DELETE FROM search_index WHERE doc_id = %s", [doc.pk])
