"""What each kind of record is found by. Capabilities say so at start-up; `actions` and `verify` ask here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Source:
    """records: all that are found. words: what one is found by itself. parts: of records with these ids, what else is
    found as theirs: (record, part, text)."""

    kind: str
    records: Callable[[], QuerySet[Any]]
    words: Callable[[Any], str]
    parts: Callable[[Sequence[int]], Iterable[tuple[int, int, str]]] = lambda records: ()


_sources: dict[str, Source] = {}


def offer(source: Source) -> None:
    """Make the records of a kind findable. Raises ValueError when the index could not tell two kinds apart."""
    for kind in _sources:
        if kind != source.kind and kind[:2] == source.kind[:2]:
            raise ValueError(f"{source.kind} and {kind} begin with the same two letters")
    _sources[source.kind] = source


def source_of(kind: str) -> Source | None:
    return _sources.get(kind)


def kinds() -> list[str]:
    return sorted(_sources)
