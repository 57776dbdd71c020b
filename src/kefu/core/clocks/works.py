"""Finding the work a clock belongs to, by its noun in the ledger.

Work lives above the clocks, so they do not import it: a work model is one that says its `noun`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from django.apps import apps
from django.db import models

from kefu.core.clocks.facts_json import load
from kefu.core.clocks.states import Happened
from kefu.core.db import select
from kefu.core.ledger.models import Event
from kefu.core.rulebook.model import Ref


class Timed(Protocol):
    """What clocks need of a piece of work."""

    pk: Any
    kind: str
    department_id: int
    state: str
    due_at: datetime | None

    @property
    def ref(self) -> Ref: ...


@cache
def work_models() -> dict[str, type[models.Model]]:
    """The models of work by noun."""
    nouns = {model: getattr(model, "noun", None) for model in apps.get_models()}
    return {noun: model for model, noun in nouns.items() if isinstance(noun, str)}


def locked(work: Ref) -> Any:
    """The row of the work, kept from others until the transaction ends; None when there is none."""
    model = work_models().get(work.kind)
    return next(iter(select(model, "id = %s", [work.id], lock=True)), None) if model else None


def history(events: Sequence[Event]) -> list[Happened]:
    """The events that clocks replay: those that carry a `name`."""
    return [happened(event) for event in events if "name" in event.data]


def happened(event: Event) -> Happened:
    """One ledger event as `replay` reads it: data {"name", "state", "facts" as facts_json writes them}."""
    return Happened(
        seq=event.seq,
        at=event.occurred_at,
        name=event.data["name"],
        state=event.data.get("state"),
        facts=load(event.data.get("facts", {})),
        version=event.rulebook_version,
    )
