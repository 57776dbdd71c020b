"""Asking the index."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from kefu.core.search.models import SearchDoc
from kefu.core.search.tokens import asked, fold, runs


def matching(query: str, kind: str) -> QuerySet[SearchDoc]:
    """Docs of `kind` whose text holds every run of `query` (blanks part runs). An empty query finds nothing.

    Use `.values("record_id")` as a subquery of a list that a rights function has already narrowed.
    """
    found = runs(fold(query))[:20]
    docs = SearchDoc.objects.filter(kind=kind)
    if not found:
        return docs.none()
    if connection.vendor == "sqlite":
        return docs.filter(
            pk__in=RawSQL("SELECT rowid FROM search_index WHERE search_index MATCH %s", [_fts5(found)])
        )
    docs = docs.filter(
        pk__in=RawSQL("SELECT doc_id FROM search_index WHERE v @@ %s::tsquery", [_tsquery(found)])
    )
    for run in found:
        if len(run) > 2:  # pairs may stand apart in the text; only the text itself knows
            docs = docs.filter(text__contains=run)
    return docs


def _fts5(found: list[str]) -> str:
    """One phrase per run: neighbouring pairs of the text must be neighbours."""
    parts = []
    for run in found:
        words, prefix = asked(run)
        parts.append('"' + " ".join(words) + '"' + ("*" if prefix else ""))
    return " AND ".join(parts)


def _tsquery(found: list[str]) -> str:
    parts = []
    for run in found:
        words, prefix = asked(run)
        parts += [
            "'" + word.replace("\\", "\\\\").replace("'", "''") + "'" + (":*" if prefix else "")
            for word in words
        ]
    return " & ".join(parts)
