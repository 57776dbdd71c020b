"""What happened on a case, in one line of time: what was said, moved, attached, escalated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import QuerySet

from kefu.cases.assigning import people_in, reason_of
from kefu.cases.grading import told as told_in
from kefu.cases.models import Attachment, Case, Message
from kefu.cases.queries import with_merged
from kefu.cases.rating import ratings_in_words
from kefu.core.db import among, follow, select
from kefu.core.ledger.models import Event
from kefu.core.work.fields import fields_of
from kefu.core.work.queries import events as events_of
from kefu.customers.models import Asset
from kefu.documents.filling import in_words
from kefu.documents.work_page import Happening, history
from kefu.staff.models import Person

LONG, AT_BEGINNING, AT_END = 30, 3, 15  # entries
_OTHERS = ("case.linked", "case.merged", "case.took_in", "case.split_off")  # events that name another case


@dataclass(frozen=True, slots=True)
class Entry:
    """Either something said (`message`) or something that happened; files hang on what was said, else stand alone.

    of: number of the merged case that it came with, "" for the case's own. middle: folded away in a long story.
    """

    at: datetime
    happening: Happening | None = None
    message: Message | None = None
    files: list[Attachment] = field(default_factory=list)
    of: str = ""
    middle: bool = False


def timeline(case: Case, lang: str, visible: QuerySet[Case]) -> list[Entry]:
    """Oldest first; a fixed number of queries, however long the story. visible: cases that may be named."""
    events = events_of(case)
    ids = with_merged(case)
    numbers = dict(Case.objects.filter(pk__in=ids[1:]).values_list("pk", "number")) if ids[1:] else {}
    of_case = f"{among('case_id', ids)} ORDER BY id"
    messages, files = select(Message, of_case, ids), select(Attachment, of_case, ids)
    follow(messages, "author", "customer")
    follow(files, "file", "author")
    told = [event for event in events if event.kind not in ("case.message_added", "case.file_added")]
    entries = [
        Entry(one.at, happening=one) for one in history(case, told, lang, _notes(case, told, visible, lang))
    ]
    entries += [
        Entry(
            one.at,
            message=one,
            files=[file for file in files if file.message_id == one.pk],
            of=numbers.get(one.case_id, ""),
        )
        for one in messages
    ]
    entries += [
        Entry(one.at, files=[one], of=numbers.get(one.case_id, "")) for one in files if one.message_id is None
    ]
    return _folded(sorted(entries, key=lambda one: one.at))


def _folded(entries: list[Entry]) -> list[Entry]:
    """Of a long story the beginning and the end are shown first."""
    if len(entries) <= LONG:
        return entries
    return [
        replace(one, middle=AT_BEGINNING <= place < len(entries) - AT_END)
        for place, one in enumerate(entries)
    ]


def _notes(case: Case, events: Iterable[Event], visible: QuerySet[Case], lang: str) -> dict[int, str]:
    """The other case by its number, if it may be seen; the owner before by name, and why the new one was chosen."""
    events = list(events)
    other = {event.seq: event.data["other"] for event in events if event.kind in _OTHERS}
    numbers = dict(visible.filter(pk__in=other.values()).values_list("pk", "number")) if other else {}
    given = [event for event in events if event.kind in ("case.assigned", "case.not_given")]
    people = {event.data["before"] for event in given if event.data.get("before")}
    people |= {one for event in given for one in people_in(event.data)}
    names = dict(Person.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}
    named = {event.seq: event.data["asset"] for event in events if event.kind == "case.asset_set"}
    devices = {one.pk: str(one) for one in Asset.objects.filter(pk__in=named.values())} if named else {}
    return (
        {seq: numbers.get(pk, "") for seq, pk in other.items()}
        | {seq: devices.get(pk, "—") for seq, pk in named.items()}
        | {event.seq: _given(event, lang, names) for event in given}
        | ratings_in_words([event for event in events if event.kind == "case.rated"], lang)
        | {event.seq: _told(case, event, lang) for event in events if event.kind == "case.told"}
    )


def _told(case: Case, event: Event, lang: str) -> str:
    fields, colon = fields_of(case.rule), "：" if lang.startswith("zh") else ": "
    zone = case.rulebook.calendar.zone
    return ("；" if lang.startswith("zh") else "; ").join(
        f"{fields[name].title.text(lang)}{colon}{in_words(fields[name], value, lang=lang, zone=zone, names={})}"
        for name, value in told_in(event).items()
        if name in fields
    )


def _given(event: Event, lang: str, names: dict[int, str]) -> str:
    before = names.get(event.data.get("before") or 0)
    return " ".join(
        part for part in (f"← {before}" if before else "", reason_of(event.data, lang, names)) if part
    )
