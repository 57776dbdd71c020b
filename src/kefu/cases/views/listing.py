"""The queue: lists, filters, and pages of cases; alone, or beside the case one works on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kefu.cases import saved
from kefu.cases.following import pinned
from kefu.cases.lists import LISTS, MOST, Wanted, grades_of, kinds_in_force, wanted
from kefu.cases.models import Case
from kefu.cases.reading import read_last, unread_among
from kefu.cases.urging import urged
from kefu.cases.views.panels import closed_parts
from kefu.core.errors import Refused
from kefu.documents.addresses import by_number
from kefu.documents.asking import language
from kefu.documents.once import new_token
from kefu.staff.asking import person_of
from kefu.staff.queries import staff_visible_to
from kefu.web.instant import instant_of
from kefu.web.remaining import read_promises


@require_GET
@login_required
def show(request: HttpRequest) -> HttpResponse:
    """One list; what cannot be read in its address is refused with 400."""
    person, at = person_of(request), instant_of(request)
    kinds = kinds_in_force(at)
    try:
        asked = wanted(person, at, request.GET, kinds)
    except Refused as refused:
        return render(request, "web/refused.html", {"refused": refused}, status=400)
    page = asked.page()
    rows = page.rows
    unread = unread_among(rows, person)
    urges = urged(rows)
    pins = pinned(person, at) if asked.name == "mine" and not asked.after else []
    read_promises([*rows, *pins])
    address = by_number("cases:show")
    beside = request.headers.get("HX-Target") == "list"  # asked for by a page that shows a case
    return render(
        request,
        "cases/_list.html" if beside else "cases/list.html",
        {
            "at": at,
            "asked": asked,
            "narrow": beside,
            "closed": closed_parts(request),
            "query": request.GET.urlencode(),
            "rows": [_row(case, address, case.pk in unread, urges.get(case.pk)) for case in rows],
            "after": page.after,
            "looked": page.looked,
            "tabs": _tabs(asked),
            "views": saved.shown(person, at, kinds),
            "pinned": pins,
            "kept": saved.query_of(asked),
            "token": new_token(),
            "sorts": {"due": _("due"), "opened": _("registered"), "changed": _("changed")},
            "kinds": kinds.values(),
            "states": kinds[asked.kind].flow.states.values() if asked.kind else [],
            "grades": grades_of(kinds).items(),
            "owners": staff_visible_to(person, at)
            .filter(left_at=None)
            .order_by("department_id", "id")
            .values_list("pk", "name", named=True),
            "filters": any((asked.kind, asked.state, asked.owner, asked.grade, asked.q)),
        },
    )


@require_GET
@login_required
def recent(request: HttpRequest) -> HttpResponse:
    """The fragment for the palette: lists kept under a name, and cases looked at last."""
    person, at = person_of(request), instant_of(request)
    context = {"views": saved.views_visible_to(person, at), "cases": read_last(person, at)}
    return render(request, "cases/_recent.html", context)


def _row(
    case: Case, address: Callable[[str], str], unread: bool, urges: tuple[int, int] | None
) -> dict[str, Any]:
    """Plain words: a row looks up little and decides little, there are many of it."""
    rule, lang = case.rule, language()
    level = str(case.fields.get(rule.grades.name, "")) if rule.grades else ""
    grade = rule.grades.levels.get(level) if rule.grades else None
    return {
        "case": case,
        "pk": case.pk,
        "number": case.number,
        "address": address(case.number),
        "subject": case.subject,
        "customer": case.customer.name if case.customer else "—",
        "owner": case.owner,
        "merged": case.merged_into_id,
        "void": case.voided_at,
        "unread": unread and case.is_open,
        "nudges": urges[0] if urges else 0,
        "supervised": bool(urges and urges[1]),
        "kind": rule.title.text(lang),
        "state": rule.flow.states[case.state].title.text(lang),
        "grade": grade.title.text(lang) if grade else "",
        "heaviest": bool(rule.grades) and level == next(iter(rule.grades.levels)),  # type: ignore[union-attr]  # asked just before
    }


def _tabs(asked: Wanted) -> list[dict[str, Any]]:
    titles = {
        "mine": _("Mine"),
        "unassigned": _("Unassigned"),
        "department": _("My department"),
        "dispatched": _("Sent to us"),
        "overdue": _("Overdue"),
        "all": _("All"),
    }
    tabs = []
    for name in LISTS:
        count = asked.count(name) if name != "all" else None
        tabs.append(
            {
                "url": reverse("cases:list") + f"?list={name}" + ("&sort=opened" if name == "all" else ""),
                "title": titles[name],
                "current": asked.name == name,
                "count": None if count is None else (f"{MOST}+" if count > MOST else count),
            }
        )
    return tabs
