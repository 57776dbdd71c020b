"""The archive: search, list, and adding a customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kefu.core import inputs
from kefu.customers import actions, queries
from kefu.customers.forms import AddForm
from kefu.customers.masking import masked
from kefu.customers.models import ContactPoint, Customer, Occupancy
from kefu.documents.once import new_token, once
from kefu.staff.asking import person_of
from kefu.staff.models import Department, Person
from kefu.web.forms import refusing, shown
from kefu.web.instant import instant_of

PAGE = 50
FOUND = 100


@dataclass(frozen=True, slots=True)
class Row:
    customer: Customer
    contacts: list[str]  # masked
    places: list[str]


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Newest first; what is searched for is a number, a phone number, a mail address, or words of name and place."""
    person, at = person_of(request), instant_of(request)
    q = inputs.searchable(request.GET.get("q", "")).strip()[:100]
    kind = request.GET.get("kind", "")
    kind = kind if kind in (Customer.NATURAL, Customer.LEGAL) else ""
    after = request.GET.get("after", "")
    if q:
        found = [
            one
            for one in queries.find_customers(person, q, at=at, limit=FOUND)
            if not kind or one.kind == kind
        ]
        rest = ""
    else:
        listed = queries.customers_visible_to(person, at).filter(merged_into=None).order_by("-id")
        if kind:
            listed = listed.filter(kind=kind)
        if after.isascii() and after.isdecimal() and len(after) < 19:
            listed = listed.filter(pk__lt=int(after))
        found = list(listed[: PAGE + 1])
        rest = str(found[PAGE - 1].pk) if len(found) > PAGE else ""
        found = found[:PAGE]
    context = {
        "at": at,
        "rows": rows_of(found, at),
        "q": q,
        "kind": kind,
        "after": rest,
        "begun": after,
        "most": len(found) >= FOUND,
    }
    return render(request, "customers/list.html", context)


def rows_of(customers: Sequence[Customer], at: datetime) -> list[Row]:
    """Contact points and places of many at once."""
    contacts: dict[int, list[str]] = {}
    places: dict[int, list[str]] = {}
    for point in ContactPoint.objects.filter(customer__in=customers):
        contacts.setdefault(point.customer_id, []).append(masked(point))
    for one in Occupancy.objects.at(at).filter(customer__in=customers).select_related("site"):
        places.setdefault(one.customer_id, []).append(str(one.site))
    return [Row(one, contacts.get(one.pk, []), places.get(one.pk, [])) for one in customers]


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    person, at = person_of(request), instant_of(request)
    form = AddForm(kept_by(person, at), request.POST or None, initial={"department": person.department_id})
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
        by=person,
        at=at,
    )
    return reverse("customers:show", args=[customer.number])
