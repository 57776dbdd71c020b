"""The ledger for the auditor: who did what, to what, when it occurred and when it was recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from kefu.core.errors import Refused
from kefu.core.ledger.kinds import EventKind, all_kinds
from kefu.core.ledger.models import Event
from kefu.core.rulebook.model import Ref
from kefu.core.work import registry
from kefu.documents.asking import language, whole_number
from kefu.home import records, system
from kefu.staff.asking import person_of
from kefu.staff.models import Department, Person
from kefu.web.instant import instant_of

ROWS = 50


@dataclass(frozen=True, slots=True)
class Row:
    """`subject`: its number or name, as people know it."""

    event: Event
    kind: EventKind
    actor: str
    post: str
    subject: str
    department: str

    @property
    def late(self) -> bool:
        """It was recorded in another minute than it occurred: read in, noticed later, or dated back."""
        return abs(self.event.recorded_at - self.event.occurred_at) >= timedelta(minutes=1)


@require_GET
@login_required
def show(request: HttpRequest) -> HttpResponse:
    """Newest first, by key. Filters: kind, person, subject (a number), day; Refused ledger.filter otherwise."""
    at = instant_of(request)
    events = records.events_visible_to(person_of(request))
    asked = request.GET
    found = list(_filtered(events, asked).order_by("-seq")[: ROWS + 1])
    shown = {
        "at": at,
        "rows": _rows(found[:ROWS], at),
        "older": found[ROWS - 1].seq if len(found) > ROWS else "",
        "asked": asked,
        "filtered": any(asked.get(name) for name in ("kind", "person", "subject", "day")),
        "kinds": sorted(all_kinds(), key=lambda kind: kind.name),
        "people": Person.objects.order_by("department_id", "pk").select_related("department"),
        "chain": system.anchored(),
    }
    return render(request, "home/ledger.html", shown)


def _filtered(events: QuerySet[Event], asked: QueryDict) -> QuerySet[Event]:
    """Raises Refused ledger.filter naming what cannot be read."""
    if kind := asked.get("kind", ""):
        events = events.filter(kind=kind)
    if person := asked.get("person", ""):
        events = events.filter(actor=f"person:{whole_number(person, 'ledger.filter')}")
    if subject := asked.get("subject", "").strip():
        ref = _subject(subject)
        events = events.filter(root_kind=ref.kind, root_id=ref.id) if ref else events.none()
    if day := asked.get("day", ""):
        begin = _day(day)
        events = events.filter(occurred_at__gte=begin, occurred_at__lt=begin + timedelta(days=1))
    if after := asked.get("after", ""):
        events = events.filter(seq__lt=whole_number(after, "ledger.filter"))
    return events


def _subject(text: str) -> Ref | None:
    """`TS20260924-0001`, `KH000017` or `rulebook:property`; with a case come its duties."""
    kind, colon, key = text.partition(":")
    if colon:
        return Ref(kind[:60], key[:64])
    digits = text.upper().removeprefix("KH")
    if digits != text.upper() and digits.isdecimal():
        return Ref("customer", str(int(digits)))
    for model in registry.models():
        found = model._default_manager.filter(number=text[:40]).first()
        if found is not None:
            return Ref(found.parent_kind, str(found.parent_id)) if found.parent_kind else found.ref
    return None


def _day(text: str) -> datetime:
    try:
        return timezone.make_aware(datetime.combine(date.fromisoformat(text), time()))
    except (ValueError, OverflowError):
        raise Refused(
            "ledger.filter",
            zh=f"「{text[:20]}」不是日期（例：2026-02-28）。",
            en=f"“{text[:20]}” is not a day (write 2026-02-28).",
        ) from None


def _rows(events: list[Event], at: datetime) -> list[Row]:
    """Names in a handful of queries, however many rows."""
    people = {f"person:{person.pk}": person.name for person in Person.objects.all()}
    people["system"] = gettext("the system")
    books = records.rulebooks_in_use(at)
    posts = {post.name: post.title.text(language()) for book in books for post in book.posts.values()}
    departments = {department.pk: department.name for department in Department.objects.all()}
    numbers = _numbers(event.subject for event in events) | {
        Ref("person", key.partition(":")[2]): name for key, name in people.items() if key != "system"
    }
    return [
        Row(
            event,
            event.described,
            people.get(event.actor, event.actor),
            posts.get(event.actor_post, event.actor_post),
            numbers.get(event.subject, f"{event.subject_kind} {event.subject_id}"),
            departments.get(event.department or 0, ""),
        )
        for event in events
    ]


def _numbers(refs: Iterable[Ref]) -> dict[Ref, str]:
    """The numbers of the pieces of work among `refs`; of customers it follows from the id."""
    refs = set(refs)
    numbers = {ref: f"KH{int(ref.id):06d}" for ref in refs if ref.kind == "customer" and ref.id.isdecimal()}
    for model in registry.models():
        ids = [ref.id for ref in refs if ref.kind == model.noun]
        for pk, number in model._default_manager.filter(pk__in=ids).values_list("pk", "number"):
            numbers[Ref(model.noun, str(pk))] = number
    return numbers
