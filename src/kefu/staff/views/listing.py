"""Who works here: the list, and adding somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kefu.core import inputs
from kefu.core.rulebook.model import Rulebook, Text
from kefu.core.versions import queries as versions
from kefu.staff import actions, queries
from kefu.staff.actions import guard
from kefu.staff.asking import person_of
from kefu.staff.forms import AddPersonForm
from kefu.staff.models import Department, Person, PostHolding, SignIn, TeamMember
from kefu.staff.rights import Tree
from kefu.web.forms import refusing, shown
from kefu.web.instant import instant_of

PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """`posts`: title, or the name of one that the rulebook dropped; `state`: here, off, away or left."""

    person: Person
    posts: list[Text | str]
    teams: list[str]
    state: str


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Colleagues the person sees: those here or those who left, of a department, by name or login."""
    person, at = person_of(request), instant_of(request)
    departments = list(queries.departments_visible_to(person, at))
    left, q = "left" in request.GET, inputs.searchable(request.GET.get("q", "")).strip()[:100]
    chosen = next((one for one in departments if str(one.pk) == request.GET.get("department")), None)
    found = queries.staff_visible_to(person, at).select_related("department")
    found = found.exclude(left_at=None) if left else found.filter(left_at=None)
    if q:
        found = found.filter(Q(name__icontains=q) | Q(login__icontains=q))
    if chosen:
        found = found.filter(department=chosen)
    after = request.GET.get("after", "")
    if after.isascii() and after.isdecimal() and len(after) < 19:
        found = found.filter(pk__gt=int(after))
    people = list(found.order_by("pk")[: PAGE + 1])
    return render(
        request,
        "staff/list.html",
        {
            "at": at,
            "rows": rows_of(people[:PAGE], at),
            "after": people[PAGE - 1].pk if len(people) > PAGE else "",
            "departments": departments,
            "chosen": chosen,
            "left": left,
            "q": q,
            "tabs": [
                {"url": "?", "title": _("At work here"), "current": not left, "count": ""},
                {"url": "?left", "title": _("Left"), "current": left, "count": ""},
            ],
            "heads": bool(queries.headed_by(person, at)),
        },
    )


def rows_of(people: Sequence[Person], at: datetime) -> list[Row]:
    """Posts, teams and presence of many at once, in four queries and one for each rulebook."""
    tree, titles, teams = Tree(), dict[int, list[Text | str]](), dict[int, list[str]]()
    rulebooks: dict[str, Rulebook] = {}
    for holding in PostHolding.objects.at(at).filter(person__in=people).order_by("id"):
        pack = tree.pack_of(holding.department_id)
        if pack and pack not in rulebooks:
            rulebooks[pack] = versions.in_force(pack, at)
        rule = rulebooks[pack].posts.get(holding.post) if pack else None
        titles.setdefault(holding.person_id, []).append(rule.title if rule else holding.post)
    for member in TeamMember.objects.at(at).filter(person__in=people).select_related("team").order_by("id"):
        teams.setdefault(member.person_id, []).append(member.team.name)
    signed_in = set(SignIn.objects.open_at(at).filter(person__in=people).values_list("person_id", flat=True))
    return [
        Row(one, titles.get(one.pk, []), teams.get(one.pk, []), state_of(one, one.pk in signed_in))
        for one in people
    ]


def state_of(person: Person, signed_in: bool) -> str:
    if not person.is_active:
        return "left"
    if person.away_since is not None:
        return "away"
    return "here" if signed_in else "off"


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Somebody new, without a post yet; the page of the person goes on from there."""
    person, at = person_of(request), instant_of(request)
    headed = _headed(person, at)
    first: dict[str, Any] = {"department": request.GET.get("department") or person.department_id}
    form = AddPersonForm(headed, request.POST or None, initial=first | {"language": person.language})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        department = next(one for one in headed if one.pk == given.pop("department"))
        with refusing(form):
            added = actions.add_person(department, **given, by=person, at=at)
            messages.success(request, _("Added. Give a post, then hand over an invitation to sign in."))
            return redirect("staff:show", pk=added.pk)
    return shown(request, "staff/add.html", form)


def _headed(person: Person, at: datetime) -> list[Department]:
    """Raises Refused staff.not_head for somebody who heads no department."""
    headed = queries.headed_by(person, at)
    if not headed:
        guard.require_head(person, at, person.department_id)
    return headed
