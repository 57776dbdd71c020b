"""Departments as a tree, with their teams and heads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.core.errors import Refused
from kefu.core.rulebook.model import Text
from kefu.core.versions import queries as versions
from kefu.staff import actions, queries
from kefu.staff.actions import guard
from kefu.staff.asking import person_of
from kefu.staff.forms import AddDepartmentForm, DepartmentForm
from kefu.staff.models import Department, Person, Team, TeamMember
from kefu.staff.organisation import LiveOrganisation
from kefu.web.forms import refusing, shown
from kefu.web.instant import instant_of
from kefu.web.statuses import status_shown

form_page = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class Branch:
    """A department in the tree. depth: 0 at the top; rulebook: its title, None when it only receives."""

    department: Department
    depth: int
    rulebook: Text | None
    heads: list[Person]
    people: int
    teams: list[tuple[Team, int]]
    headed: bool  # by the person who looks


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    return _page(request, instant_of(request))


@form_page
def add(request: HttpRequest) -> HttpResponse:
    by, at = person_of(request), instant_of(request)
    guard.require_owner(by)
    departments = list(Department.objects.all())
    form = AddDepartmentForm(departments, at, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with refusing(form):
            actions.add_department(
                given["code"],
                name=given["name"],
                pack=given["pack"],
                parent=_named(departments, given["parent"]),
                by=by,
                at=at,
            )
            messages.success(request, _("Saved."))
            return redirect("staff:departments")
    return shown(request, "staff/department.html", form)


@form_page
def change(request: HttpRequest, pk: int) -> HttpResponse:
    by, at = person_of(request), instant_of(request)
    department = get_object_or_404(queries.departments_visible_to(by, at), pk=pk)
    guard.require_owner(by)
    others = list(Department.objects.exclude(pk=pk))
    initial = {"name": department.name, "parent": department.parent_id, "pack": department.pack}
    form = DepartmentForm(others, at, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with refusing(form):
            actions.change_department(
                department,
                name=given["name"],
                pack=given["pack"],
                parent=_named(others, given["parent"]),
                by=by,
                at=at,
            )
            messages.success(request, _("Saved."))
            return redirect("staff:departments")
    return shown(request, "staff/department.html", form, {"department": department})


@require_POST
def make_team(request: HttpRequest, pk: int) -> HttpResponse:
    by, at = person_of(request), instant_of(request)
    department = get_object_or_404(queries.departments_visible_to(by, at), pk=pk)
    try:
        leader = _leader(request, by, at)
        actions.make_team(department, name=request.POST.get("name", ""), leader=leader, by=by, at=at)
    except Refused as refused:
        return _page(request, at, refused, at_department=pk)
    return redirect("staff:departments")


@require_POST
def lead_team(request: HttpRequest, pk: int) -> HttpResponse:
    by, at = person_of(request), instant_of(request)
    team = get_object_or_404(Team, pk=pk, department__in=queries.departments_visible_to(by, at))
    try:
        leader = _leader(request, by, at)
        if leader is None:
            guard.require_head(by, at, team.department_id)
            raise Refused("team.no_leader", zh="请选择班组长。", en="Choose who leads the team.")
        actions.lead_team(team, leader=leader, by=by, at=at)
    except Refused as refused:
        return _page(request, at, refused, at_department=team.department_id)
    return redirect("staff:departments")


def _page(
    request: HttpRequest, at: datetime, refused: Refused | None = None, at_department: int = 0
) -> HttpResponse:
    person = person_of(request)
    visible = {one.pk: one for one in queries.departments_visible_to(person, at)}
    headed = {one.pk for one in queries.headed_by(person, at)}
    live = LiveOrganisation(at)
    teams: dict[int, list[tuple[Team, int]]] = {}
    members = list(TeamMember.objects.at(at).values_list("team_id", flat=True))
    for team in Team.objects.filter(department__in=visible).select_related("leader"):
        teams.setdefault(team.department_id, []).append((team, members.count(team.pk)))
    leaders = {pk: [int(one) for one in live.leader_of_unit(str(pk))] for pk in visible}
    known = Person.objects.in_bulk({one for some in leaders.values() for one in some})
    branches = [
        Branch(
            department,
            depth,
            versions.in_force(department.pack, at).title if department.pack else None,
            [known[one] for one in leaders[department.pk]],
            len(live.members(str(department.pk))),
            teams.get(department.pk, []),
            department.pk in headed,
        )
        for department, depth in _in_order(visible)
    ]
    context = {
        "at": at,
        "branches": branches,
        "owns": queries.owns_organisation(person),
        "colleagues": queries.staff_visible_to(person, at).filter(left_at=None),
        "refused": refused,
        "refused_at": at_department,
        "typed": request.POST if refused else {},
    }
    return render(request, "staff/departments.html", context, status=status_shown(refused))


def _in_order(visible: dict[int, Department]) -> list[tuple[Department, int]]:
    """Each department below the one it is part of; one whose parent is not seen stands at the top."""
    found: list[tuple[Department, int]] = []

    def put(parent: int | None, depth: int) -> None:
        for pk, department in visible.items():
            if (department.parent_id if department.parent_id in visible else None) == parent:
                found.append((department, depth))
                put(pk, depth + 1)

    put(None, 0)
    return found


def _leader(request: HttpRequest, by: Person, at: datetime) -> Person | None:
    given = request.POST.get("leader", "")
    if not (given.isascii() and given.isdecimal() and len(given) < 19):
        return None
    return queries.staff_visible_to(by, at).filter(pk=int(given)).first()


def _named(departments: list[Department], pk: int | None) -> Department | None:
    return next((one for one in departments if one.pk == pk), None)
