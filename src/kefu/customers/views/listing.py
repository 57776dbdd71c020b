"""The archive: search, list, and adding a customer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kefu.core import inputs
from kefu.core.rulebook.model import Text
from kefu.customers import actions, queries
from kefu.customers.allotting import departments_allotted_by
from kefu.customers.forms import STANDINGS, AddForm
from kefu.customers.masking import masked
from kefu.customers.models import ContactPoint, Customer, Occupancy
from kefu.customers.ruled import in_force, ruled, said
from kefu.documents.asking import language
from kefu.documents.once import new_token, once
from kefu.staff.asking import person_of
from kefu.staff.models import Department, Person
from kefu.web.forms import refusing, shown
from kefu.web.instant import instant_of

PAGE = 50
FOUND = 100
CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Row:
    customer: Customer
    contacts: list[str]  # masked
    places: list[str]
    grade: Text | str  # as the rulebook calls it


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Newest first; what is searched for is a number, a phone number, a mail address, or words of name and place."""
    person, at = person_of(request), instant_of(request)
    q = inputs.searchable(request.GET.get("q", "")).strip()[:100]
    asked = _asked(request, person)
    after = request.GET.get("after", "")
    if q:
        ids = [one.pk for one in queries.find_customers(person, q, at=at, limit=FOUND)]
        rows = Customer.objects.filter(asked.test).select_related("specialist", "department").in_bulk(ids)
        found = [rows[pk] for pk in ids if pk in rows]
        rest = ""
    else:
        listed = queries.customers_visible_to(person, at).filter(asked.test, merged_into=None).order_by("-id")
        if after.isascii() and after.isdecimal() and len(after) < 19:
            listed = listed.filter(pk__lt=int(after))
        found = list(listed.select_related("specialist", "department")[: PAGE + 1])
        rest = str(found[PAGE - 1].pk) if len(found) > PAGE else ""
        found = found[:PAGE]
    known = ruled(in_force(person.department, at))
    context = {
        "at": at,
        "rows": rows_of(found, at),
        "q": q,
        **asked.chosen,
        "filtered": any(asked.chosen.values()),
        "standings": (*STANDINGS[1:], (CANCELLED, _("cancelled"))),
        "grades": known["grade"].titles if "grade" in known else {},
        "may_allocate": bool(departments_allotted_by(person, at)),
        "after": rest,
        "begun": after,
        "most": len(found) >= FOUND,
    }
    return render(request, "customers/list.html", context)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed to: the values of its filters, and the rows that they leave."""

    chosen: dict[str, str]
    test: Q


def _asked(request: HttpRequest, person: Person) -> Asked:
    """A value that a filter does not have asks for nothing."""
    kind, standing, who = (request.GET.get(name, "") for name in ("kind", "standing", "who"))
    tests = {
        "kind": Q(kind=kind) if kind in (Customer.NATURAL, Customer.LEGAL) else None,
        "standing": Q(cancelled_at__isnull=False)
        if standing == CANCELLED
        else Q(standing=standing, cancelled_at=None)
        if standing in Customer.STANDINGS
        else None,
        "who": {"me": Q(specialist=person), "nobody": Q(specialist=None)}.get(who),
        "grade": Q(grade=grade) if (grade := inputs.searchable(request.GET.get("grade", ""))[:40]) else None,
    }
    test = Q()
    for one in tests.values():
        test &= one if one is not None else Q()
    return Asked({name: request.GET[name] if one is not None else "" for name, one in tests.items()}, test)


def rows_of(customers: Sequence[Customer], at: datetime) -> list[Row]:
    """Contact points and places of many at once."""
    contacts: dict[int, list[str]] = {}
    places: dict[int, list[str]] = {}
    for point in ContactPoint.objects.filter(customer__in=customers):
        contacts.setdefault(point.customer_id, []).append(masked(point))
    for one in Occupancy.objects.at(at).filter(customer__in=customers).select_related("site"):
        places.setdefault(one.customer_id, []).append(str(one.site))
    books = {one.department_id: in_force(one.department, at) for one in _first_of_each(customers)}
    return [
        Row(
            one,
            contacts.get(one.pk, []),
            places.get(one.pk, []),
            said(one, books[one.department_id])["grade"],
        )
        for one in customers
    ]


def _first_of_each(customers: Sequence[Customer]) -> Iterable[Customer]:
    """One customer of each department."""
    return {one.department_id: one for one in customers}.values()


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    person, at = person_of(request), instant_of(request)
    found = ruled(in_force(person.department, at))
    initial = {"department": person.department_id}
    form = AddForm(kept_by(person, at), found, language(), request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusing(form):
            address = once(request, by=person, at=at, do=lambda: _add(form, person, at))
            messages.success(request, _("Added."))
            return redirect(address)
    return shown(request, "customers/add.html", form, {"token": request.POST.get("token") or new_token()})


def kept_by(person: Person, at: datetime) -> list[tuple[int, str]]:
    """Departments whose archive the person may use, the own one first."""
    kept = Department.objects.filter(pk__in=queries.departments_kept_by(person, at))
    return sorted(kept.values_list("pk", "name"), key=lambda one: (one[0] != person.department_id, one[0]))


def _add(form: AddForm, person: Person, at: datetime) -> str:
    given = form.cleaned_data
    customer = actions.add_customer(
        Department.objects.get(pk=given["department"]),
        kind=given["kind"],
        name=given["name"],
        contacts=form.contacts(),
        id_number=given["id_number"],
        grade=given["grade"],
        note=given["note"],
        region=given["region"],
        by=person,
        at=at,
    )
    return reverse("customers:show", args=[customer.number])
