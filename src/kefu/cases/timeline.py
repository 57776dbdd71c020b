"""What happened on a case, in one line of time: what was said, moved, attached, escalated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from kefu.cases.models import Attachment, Case, Message
from kefu.core.ledger.models import Event
from kefu.core.work.queries import events as events_of
from kefu.documents.work_page import Happening, history
from kefu.staff.models import Person


@dataclass(frozen=True, slots=True)
class Entry:
    """Either something said (`message`) or something that happened; files hang on what was said, else stand
    alone."""

    at: datetime
    happening: Happening | None = None
    message: Message | None = None
    files: list[Attachment] = field(default_factory=list)


def timeline(case: Case, lang: str, visible: QuerySet[Case]) -> list[Entry]:
    """Oldest first; a fixed number of queries, however long the story. visible: cases that may be named."""
    events = events_of(case)
    messages = list(case.messages.select_related("author", "customer").order_by("id"))
    files = list(case.attachments.select_related("file", "author").order_by("id"))
    told = [event for event in events if event.kind not in ("case.message_added", "case.file_added")]
    entries = [Entry(one.at, happening=one) for one in history(case, told, lang, _notes(told, visible))]
    entries += [
        Entry(one.at, message=one, files=[file for file in files if file.message_id == one.pk])
        for one in messages
    ]
    entries += [Entry(one.at, files=[one]) for one in files if one.message_id is None]
    return sorted(entries, key=lambda one: one.at)


def _notes(events: Iterable[Event], visible: QuerySet[Case]) -> dict[int, str]:
    """The other case of a link by its number, if it may be seen; the owner before by name."""
    linked = {event.seq: event.data["other"] for event in events if event.kind == "case.linked"}
    numbers = dict(visible.filter(pk__in=linked.values()).values_list("pk", "number")) if linked else {}
    before = {
        event.seq: event.data["before"]
        for event in events
        if event.kind == "case.assigned" and event.data.get("before")
    }
    names = dict(Person.objects.filter(pk__in=before.values()).values_list("pk", "name")) if before else {}
    return {seq: numbers.get(pk, "") for seq, pk in linked.items()} | {
        seq: f"← {names[pk]}" for seq, pk in before.items() if pk in names
    }
