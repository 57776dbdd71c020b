"""What can be done around a case: alike ones, merging and splitting, following, nudging and supervising.

A fragment beside the case, and a page of its own: without script, and where a form was refused, with what was typed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kefu.cases import assigning, following, joining, phrases, rights, similar, urging
from kefu.cases.models import Case, Message, Pin, Reminder, Watch
from kefu.cases.queries import cases_visible_to, visible_case, with_merged
from kefu.cases.registering import EARLIER
from kefu.cases.views.panels import closed_parts
from kefu.core.errors import Refused
from kefu.core.inputs import searchable
from kefu.core.rulebook.words import WAYS
from kefu.customers.assets import assets_of
from kefu.customers.models import Customer, Occupancy
from kefu.customers.queries import all_numbers, customers_visible_to
from kefu.documents.asking import revision_of, whole_number
from kefu.documents.once import new_token
from kefu.documents.verbs import Desk
from kefu.documents.work_page import Tried
from kefu.staff.asking import person_of
from kefu.staff.models import Person
from kefu.staff.rights import rulebook_of
from kefu.web.statuses import status_shown


def page(request: HttpRequest, case: Case, at: datetime, tried: Tried | None = None) -> HttpResponse:
    """The fragment for htmx, else the whole page, which also asks what to split off."""
    person = person_of(request)
    part = bool(request.headers.get("HX-Request"))
    may = rights.all_of(person, case, at)
    context = {
        "at": at,
        "case": case,
        "part": part,
        "closed": closed_parts(request) if part else "",
        "may": may,
        **(_of_customer(case, case.customer, person, at) if case.customer else {}),
        "phrases": _phrases(case, person) if part and case.voided_at is None else [],
        "similar": [_row(one) for one in similar.similar_to(case, person, at)],
        "urges": urging.urges_of(case),
        "watched": Watch.objects.filter(case=case, person=person).exists(),
        "pinned": Pin.objects.filter(case=case, person=person).exists(),
        "reminders": Reminder.objects.filter(case=case, person=person, urge=None).order_by("due_at"),
        "tried": tried,
        "token": new_token(),
    }
    if not part and may["join"]:
        said = Message.objects.filter(case__in=with_merged(case)).select_related("author", "customer")
        kinds = rulebook_of(case.department, at).kinds.values()
        context["said"] = said.order_by("at", "pk")
        context["kinds"] = [kind for kind in kinds if kind.chapter == Case.chapter]
        context["chosen"] = tried.typed.getlist("message") if tried else []
    template = "cases/_beside.html" if part else "cases/beside.html"
    return render(request, template, context, status=status_shown(tried.refused if tried else None))


DESK = Desk(visible_case, page, "cases:show")
show = DESK.show()


@DESK.verb("give_out")
def give_out(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    way = request.POST.get("way", "")
    assigning.give_out(case, way if way in WAYS else "least_loaded", by=person, at=at)  # type: ignore[arg-type]  # one of the ways


@DESK.verb("merge")
def merge(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    joining.merge(case, _other(request, person, at), by=person, at=at, revision=revision_of(request))


@DESK.verb("again")
def raise_again(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    joining.raise_again(case, _other(request, person, at), by=person, at=at)


@DESK.verb("split")
def split(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    chosen = [whole_number(one, "case.split") for one in request.POST.getlist("message")]
    kind, subject = request.POST.get("kind", ""), request.POST.get("subject", "")
    joining.split(case, chosen, kind=kind, subject=subject, by=person, at=at)


@DESK.verb("watch")
def watch(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    if request.POST.get("on") == "1":
        following.watch(case, by=person, at=at)
    else:
        following.unwatch(case, by=person)


@DESK.verb("pin")
def pin(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    if request.POST.get("on") == "1":
        following.pin(case, by=person, at=at)
    else:
        following.unpin(case, by=person)


@DESK.verb("remind")
def remind(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    """By the button of a share of the time, else at the time that was given."""
    share, note = request.POST.get("share", ""), request.POST.get("note", "")
    if share:
        percent = whole_number(share, "reminder.share")
        following.remind(case, by=person, at=at, share=percent, note=note)
    else:
        due_at = _instant(request.POST.get("due_at", ""), case)
        following.remind(case, by=person, at=at, due_at=due_at, note=note)


@DESK.verb("forget")
def forget(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    """One's own reminder; another's is left as it is."""
    pk = whole_number(request.POST.get("reminder", ""), "reminder.unknown")
    for reminder in Reminder.objects.filter(case=case, person=person, pk=pk, urge=None):
        following.forget(reminder)


@DESK.verb("nudge")
def nudge(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    urging.nudge(case, by=person, at=at, reason=request.POST.get("reason", ""))


@DESK.verb("supervise")
def supervise(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    reason, feedback_by = request.POST.get("reason", ""), _instant(request.POST.get("feedback_by", ""), case)
    urging.supervise(case, by=person, at=at, reason=reason, feedback_by=feedback_by)


@DESK.verb("answer")
def answer(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    pk = whole_number(request.POST.get("urge", ""), "supervision.unknown")
    urging.answer(urging.supervision(case, pk), by=person, at=at, words=request.POST.get("words", ""))


def _of_customer(case: Case, customer: Customer, person: Person, at: datetime) -> dict[str, Any]:
    """Places and other cases of the customer, as far as the person may know of them."""
    known = customers_visible_to(person, at).filter(pk=customer.pk)
    numbers = all_numbers(customer)
    others = cases_visible_to(person, at).filter(customer__in=numbers).exclude(pk=case.pk)
    return {
        "rooms": list(Occupancy.objects.at(at).filter(customer__in=known).select_related("site")),
        "others": [
            {"case": one, "kind": one.rule.title, "state": one.flow.states[one.state].title}
            for one in others.order_by("-pk")[:EARLIER]
        ],
        "of_customer": customer.number if known.exists() else "",
        "assets": list(assets_of(numbers, at)) if known.exists() else [],
    }


def _phrases(case: Case, person: Person) -> list[tuple[str, str]]:
    return [(one.name, phrases.filled(one, case, person)) for one in phrases.fitting(case, person)]


def _row(one: similar.Similar) -> dict[str, object]:
    case = one.case
    return {
        "case": case,
        "why": one.why,
        "percent": round(one.alike * 100),
        "state": case.rule.flow.states[case.state].title,
    }


def _other(request: HttpRequest, person: Person, at: datetime) -> Case:
    """The other case by its number, if the person may see it."""
    return visible_case(person, searchable(request.POST.get("other", "")).strip(), at)


def _instant(text: str, case: Case) -> datetime:
    """What a field of date and time holds, in the zone of the case's department. Raises Refused form.instant."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused(
            "form.instant",
            zh="请填写日期和时间，例：2026-10-08 15:04。",
            en="Give a date and a time, such as 2026-10-08 15:04.",
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(case.rulebook.calendar.zone))
