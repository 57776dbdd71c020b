"""The page of one case, and its files."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from kefu.cases import actions, outgoing, rights
from kefu.cases.grading import with_told
from kefu.cases.models import Attachment, Case, Link, Reach
from kefu.cases.queries import cases_visible_to, read_names, taken_in, visible_case, with_merged
from kefu.cases.registering import ALL_CHANNELS, NEW, callers, new_customer
from kefu.cases.timeline import timeline
from kefu.cases.views.panels import closed_parts
from kefu.core.db import columns, select
from kefu.core.errors import Refused
from kefu.core.files.queries import content
from kefu.core.work.fields import fields_of
from kefu.customers.masking import masked
from kefu.customers.models import ContactPoint
from kefu.customers.revealing import Look, may_reveal
from kefu.documents import filling, work_page
from kefu.documents.asking import language, seen_at, whole_number
from kefu.documents.once import new_token
from kefu.documents.work_page import Tried
from kefu.staff.asking import person_of
from kefu.staff.models import Person
from kefu.web.instant import instant_of
from kefu.web.pages import unknown
from kefu.web.statuses import status_shown


def page(
    request: HttpRequest,
    case: Case,
    at: datetime,
    tried: Tried | None = None,
    looked: Look | None = None,
) -> HttpResponse:
    """The whole page; with a form that was refused, as it was filled in, with its status."""
    person, lang = person_of(request), language()
    if request.method == "POST":  # refused: as it stands now, not as the verb left it
        (case,) = select(Case, "id = %s", [case.pk])
    read_names(case)
    moves, barred = work_page.moves(case, person, at, tried)
    moves = with_told(moves, case)
    live, over = work_page.clocks(case, at)
    rule = case.rule
    may = rights.all_of(person, case, at)
    may_fill = may["fill"]
    forms = {
        "message",
        "link",
        *(one.move.name for one in moves),
        *(verb for verb, yes in may.items() if yes),
        *(("customer",) if may_fill and case.customer is None else ()),
    }
    visible = cases_visible_to(person, at)  # asked once: what the person may see stays the same for all parts
    entries = timeline(case, lang, visible)
    refused = looked.refused if looked else tried.refused if tried else None
    context: dict[str, Any] = {
        "at": at,
        "case": case,
        "work": case,
        "kind": rule.title,
        "channel": ALL_CHANNELS.get(case.channel, ""),
        "state": rule.flow.states[case.state],
        "grade": _grade(case),
        "calendar": case.rulebook.calendar,
        "clocks": live,
        "clocks_over": over,
        "moves": moves,
        "barred": barred,
        "move_url": reverse("cases:move", args=[case.number]),
        "grade_url": reverse("cases:grade", args=[case.number]),
        "entries": entries,
        "hidden": sum(one.middle for one in entries),
        "steps": [one for one in moves if one.simple],
        "public": _public(request, tried),
        "facts": filling.facts(case, lang),
        "looked": looked,
        "may_reveal": may_fill or may_reveal(person, at),
        "reveal_url": reverse("cases:reveal", args=[case.number]),
        "contacts": _contacts(case),
        "links": _links(case, visible),
        "children": _children(case, visible),
        "parent": _parent(case, visible),
        "took_in": taken_in(case, visible),
        "goes_on": visible.filter(pk=case.merged_into_id).first() if case.merged_into_id else None,
        "may": may,
        "assignable": _assignable(case),
        "free": _free(case, tried) if may_fill else [],
        **(_naming(request, person, at) if may_fill and case.customer is None else {}),
        "link_kinds": actions.LINK_KINDS,
        "sheets": sheets_of(case),
        "tried": tried,
        "seen": seen_at(tried.typed) if tried and tried.code in ("work.changed", "draft.sent") else None,
        # a refusal stands at its form; where that form is not shown (any more), at the head of the page
        "refused": tried.refused
        if tried and (tried.name not in forms - {"take"} or case.voided_at)
        else None,
        "held": outgoing.waiting(case, person),
        "closed": closed_parts(request),
        "token": new_token(),
    }
    # opened from the list, which stays
    context["beside"] = beside = request.headers.get("HX-Target") == "work"
    template = "cases/_work.html" if beside else "cases/show.html"
    return render(request, template, context, status=status_shown(refused))


def sheets_of(case: Case) -> list[str]:
    """Which printed forms there are of a case: always the register entry, others by what its form has."""
    fields = case.rule.form.fields
    found = ["register"]
    if "handling_department" in fields:
        found.append("dispatch")
    if "slip" in fields:
        found.append("liaison")
    if "worker" in fields:
        found.append("repair")
    return found


@require_GET
@login_required
def download(request: HttpRequest, number: str, file: str) -> HttpResponse:
    """A file of the case as opaque bytes: never shown by the browser, whatever they are."""
    person, at = person_of(request), instant_of(request)
    try:
        case = visible_case(person, number, at)
        attachment = Attachment.objects.select_related("file").get(case__in=with_merged(case), file_id=file)
    except (Refused, Attachment.DoesNotExist) as missing:
        return unknown(request, missing)
    response = HttpResponse(content(attachment.file), content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(attachment.file.name)}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _grade(case: Case) -> Any:
    grades = case.rule.grades
    level = grades.levels.get(str(case.fields.get(grades.name, ""))) if grades else None
    return (
        {"title": level.title, "heaviest": level.name == next(iter(grades.levels))}
        if grades and level
        else None
    )


def _contacts(case: Case) -> list[tuple[ContactPoint, str]]:
    """Every way to reach the customer, and how it is shown."""
    points = (
        select(ContactPoint, "customer_id = %s ORDER BY id", [case.customer_id]) if case.customer_id else ()
    )
    return [(point, masked(point)) for point in points]


def _links(case: Case, visible: QuerySet[Case]) -> list[tuple[str, Case]]:
    """Linked cases that the person may see; others are unknown here too."""
    links = select(Link, "one_id = %s OR other_id = %s ORDER BY id", [case.pk, case.pk])
    pairs = [(one.kind, one.other_id if one.one_id == case.pk else one.one_id) for one in links]
    found = visible.in_bulk([pk for _, pk in pairs]) if pairs else {}
    return [(kind, found[pk]) for kind, pk in pairs if pk in found]


def _children(case: Case, visible: QuerySet[Case]) -> list[Case]:
    """Those that the person may see; most cases have none."""
    there = columns(Case, ("id",), "parent_kind = %s AND parent_id = %s", [case.noun, case.pk])
    return list(visible.filter(pk__in=[pk for (pk,) in there]).order_by("pk")) if there else []


def _parent(case: Case, visible: QuerySet[Case]) -> Case | None:
    if case.parent_kind != case.noun or case.parent_id is None:
        return None
    return visible.filter(pk=case.parent_id).first()


def _assignable(case: Case) -> list[tuple[int, str]]:
    """People of its department and of those it was sent to."""
    reached = columns(Reach, ("department_id",), "case_id = %s", [case.pk])
    return filling.people_of([case.department_id, *(department for (department,) in reached)])


def _naming(request: HttpRequest, person: Person, at: datetime) -> dict[str, Any]:
    """The form that says whose case it is: who was looked for, and who was found."""
    typed = request.POST if request.method == "POST" else request.GET
    phone = typed.get("phone") or typed.get("caller") or ""
    return {
        "naming": True,
        "phone": phone,
        "callers": callers(person, phone, at) if phone else [],
        "chosen": typed.get("customer", ""),
        "typed": typed,
        "new": NEW,
        "newcomer": new_customer(phone),
    }


def _public(request: HttpRequest, tried: Tried | None) -> bool:
    """Who is to read what is written: as it was typed, else as this browser chose last (the cookie of composer.ts)."""
    if tried and tried.name == "message":
        return tried.typed.get("public") == "1"
    return request.COOKIES.get("composer") == "1"


def _free(case: Case, tried: Tried | None) -> list[filling.Asked]:
    mine = tried if tried is not None and tried.name == "fill" else None
    return filling.asked(
        case.rulebook,
        fields_of(case.rule),
        filling.free_fields(case.rule),
        prefix="fill",
        values=case.values,
        choices=filling.choices_for(case.department_id),
        required=[name for name, field in case.rule.form.fields.items() if field.required],
        tried=mine.typed if mine else None,
        refused=mine.refused if mine else None,
    )


def person_named(posted: str) -> Person:
    """The colleague chosen in a form. Raises Refused person.unknown."""
    pk = whole_number(posted, "person.unknown")
    found = select(Person, "id = %s", [pk])
    if not found:
        raise Refused(
            "person.unknown",
            zh="没有这位同事，请从列表中选择。",
            en="There is no such colleague; choose one from the list.",
        )
    return found[0]
