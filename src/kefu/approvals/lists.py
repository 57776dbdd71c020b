"""The lists of approvals: what waits for me, what I asked for, everything I may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db.models import F, Q, QuerySet

from kefu.approvals.models import Approval
from kefu.approvals.queries import approvals_visible_to, asked_by, waiting_for
from kefu.approvals.similar import weighed_by
from kefu.core.rulebook.model import Ref, Text
from kefu.core.work.fields import fields_of
from kefu.core.work.models import Work
from kefu.documents import filling
from kefu.staff.models import Person
from kefu.web.remaining import read_promises

PAGE: Final = 50
LISTS: Final = {"waiting": waiting_for, "mine": asked_by, "all": approvals_visible_to}
TONES: Final = {"approved": "success", "refused": "error", "withdrawn": "", "returned": "warning"}
LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list. about: what tells it from others of its kind; turn: names of those who may decide now."""

    approval: Approval
    title: Text
    state: Text
    tone: str
    about: str
    turn: list[str]


@dataclass(frozen=True, slots=True)
class Page:
    """after: the place to go on from, "" at the end."""

    rows: list[Row]
    after: str


def listed(person: Person, at: datetime, name: str, *, kind: str, after: str, lang: str) -> Page:
    """A page of a list: what waits by its time, the others newest first."""
    found = LISTS[name](person, at).select_related("applicant")
    if kind:
        found = found.filter(kind=kind)
    found = _from(found, after) if name != "waiting" else found
    order = (F("due_at").asc(nulls_last=True), "pk") if name == "waiting" else ("-pk",)
    rows = list(found.order_by(*order)[: PAGE + 1])
    more = str(rows[PAGE - 1].pk) if len(rows) > PAGE and name != "waiting" else ""
    read_promises(rows[:PAGE])
    return Page(rows_of(rows[:PAGE], lang), more)


def _from(found: QuerySet[Approval], after: str) -> QuerySet[Approval]:
    return found.filter(Q(pk__lt=int(after))) if after.isdecimal() and len(after) < 18 else found


def rows_of(approvals: list[Approval], lang: str) -> list[Row]:
    """A fixed number of queries, however many there are."""
    people = {person for one in approvals for person in one.turn}
    names = dict(Person.objects.filter(pk__in=people).values_list("pk", "name"))
    known = filling.names_of(value for one in approvals for value in one.values.values())
    return [
        Row(
            approval=one,
            title=one.rule.title,
            state=one.flow.states[one.state].title,
            tone=TONES.get(one.state, "info" if one.is_open else "success"),
            about=about_of(one, known, lang),
            turn=[names[person] for person in one.turn if person in names],
        )
        for one in approvals
    ]


def about_of(work: Work, known: Mapping[Ref, str], lang: str) -> str:
    """Whom a form is about, how much, and the first words of why. known: names of the records in it."""
    fields, values, zone = fields_of(work.rule), work.values, work.rulebook.calendar.zone
    weighed = weighed_by(work.rule)
    named = [
        name
        for name, value in values.items()
        if isinstance(value, Ref) and value.kind not in ("person", "unit", "file") and name in fields
    ]
    texts = [name for name, field in fields.items() if field.type == "text" and not field.privacy]
    weighs = weighed is not None and weighed.unit and isinstance(values.get(weighed.name), Decimal)
    amount = [weighed.name] if weighed and weighs else []
    said = [
        filling.in_words(fields[name], values[name], lang=lang, zone=zone, names=known)
        for name in (*named[:1], *amount, *[one for one in texts if values.get(one)][:1])
    ]
    return " · ".join(one if len(one) <= LONGEST else one[:LONGEST] + "…" for one in said)
