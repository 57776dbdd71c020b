"""Customers whom nobody looks after, and to whom they might go, balanced by load and ability."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kefu.customers.allocating import Hand, propose
from kefu.customers.allotting import allot, departments_allotted_by, hands, specialists, without_specialist
from kefu.customers.models import Customer
from kefu.customers.ruled import allocation, in_force
from kefu.customers.views.listing import Row, rows_of
from kefu.staff.asking import person_of
from kefu.staff.models import Department, Person
from kefu.web.forms import Form, posted, refusing, shown
from kefu.web.instant import instant_of

PAGE = 50
MOST_ABILITY = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """A specialist: customers now, and with what is proposed; share: of the fullest, in percent."""

    person: Person
    hand: Hand
    then: int
    share: int


@dataclass(frozen=True, slots=True)
class Given:
    row: Row
    to: int | None  # whom it is proposed for, or as it was chosen
    score: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """GET: the proposal, by the abilities of the query; POST: give the customers as the rows say."""
    person, at = person_of(request), instant_of(request)
    typed = request.POST if request.method == "POST" else request.GET
    departments = departments_allotted_by(person, at)
    department = _chosen(departments, typed.get("department", ""))
    form = Form(posted(request))
    abilities = _abilities(typed)
    if request.method == "POST":
        chosen = _rows(typed)
        with refusing(form):
            made = allot(chosen, department=department, abilities=abilities, by=person, at=at)
            messages.success(request, _("%(n)s customers were given out.") % {"n": len(made)})
            return redirect(f"{request.path}?department={department.pk}")
    return _page(request, form, department, departments, typed, at)


def _page(
    request: HttpRequest,
    form: Form,
    department: Department,
    departments: list[Department],
    typed: QueryDict,
    at: datetime,
) -> HttpResponse:
    by = allocation(in_force(department, at))
    if by is None:
        raise Http404
    people = specialists(department, by, at)
    now = hands(department, people, by, _abilities(typed))
    waiting = without_specialist(department)
    customers: list[Customer] = list(waiting[:PAGE])
    proposed: dict[int, int] = propose([one.pk for one in customers], now)
    if request.method == "POST":
        proposed = _rows(typed)
    gets = list(proposed.values())
    then = {one.person: one.load + gets.count(one.person) for one in now}
    fullest = max(then.values(), default=0) or 1
    by_id = {one.pk: one for one in people}
    context = {
        "at": at,
        "kind": by.kind,
        "department": department,
        "departments": departments,
        "bars": [
            Bar(by_id[one.person], one, then[one.person], round(100 * then[one.person] / fullest))
            for one in now
        ],
        "rows": [Given(row, proposed.get(row.customer.pk)) for row in rows_of(customers, at)],
        "count": waiting.count(),
        "people": people,
    }
    return shown(request, "customers/allocate.html", form, context)


def _chosen(departments: list[Department], typed: str) -> Department:
    """The department that was asked for, else the first; none that the person may not give out for exists."""
    for one in departments:
        if not typed or str(one.pk) == typed:
            return one
    raise Http404


def _abilities(typed: QueryDict) -> dict[int, Decimal]:
    """`ability_17=1.5`; what is no number between 0 and ten is left out."""
    found = {}
    for name, value in typed.items():
        pk = name.removeprefix("ability_")
        if pk == name or not pk.isdecimal() or len(pk) > 18:
            continue
        try:
            ability = Decimal(str(value).strip())
        except InvalidOperation:
            continue
        if ability.is_finite() and 0 <= ability <= MOST_ABILITY:
            found[int(pk)] = ability
    return found


def _rows(typed: QueryDict) -> dict[int, int]:
    """`to_5=17`: customer 5 goes to person 17; an empty one waits."""
    found = {}
    for name, value in typed.items():
        pk, to = name.removeprefix("to_"), str(value)
        if pk != name and pk.isdecimal() and to.isdecimal() and max(len(pk), len(to)) < 19:
            found[int(pk)] = int(to)
    return dict(sorted(found.items())[:PAGE])
