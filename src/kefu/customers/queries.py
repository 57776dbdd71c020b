"""Questions about customers. A customer whom a person may not see is unknown to that person in every way."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from kefu.core import inputs
from kefu.core.errors import Refused
from kefu.core.search.queries import newest
from kefu.customers.models import ContactPoint, Customer, Occupancy, Reveal, Site
from kefu.staff import queries as staff
from kefu.staff.models import Person
from kefu.staff.rights import Scope, scope

REVEALS_AN_HOUR = 30


def departments_kept_by(person: Person, at: datetime) -> frozenset[int]:
    """Ids of the departments whose archive the person may use: the own one and those in scope."""
    if not person.is_active:
        return frozenset()
    return staff.department_scope(person, at) | {person.department_id}


def customers_visible_to(person: Person, at: datetime) -> models.QuerySet[Customer]:
    return customers_within(scope(person, at), person)


def customers_within(found: Scope, person: Person) -> models.QuerySet[Customer]:
    """`customers_visible_to` for a scope that was asked for already."""
    if not person.is_active:
        return Customer.objects.none()
    if found.company:
        return Customer.objects.all()
    return Customer.objects.filter(department__in=found.departments | {person.department_id})


def visible_customer(person: Person, number: str, at: datetime) -> Customer | None:
    """The customer by number (KH000017), merged or not; None when it does not exist or may not be seen."""
    rows = customers_visible_to(person, at).select_related("department", "specialist")
    return rows.filter(_by_number(number)).first()


def sites_visible_to(person: Person, at: datetime) -> models.QuerySet[Site]:
    return Site.objects.filter(department__in=departments_kept_by(person, at))


def surviving(customer: Customer) -> Customer:
    """The customer that goes on after merges; itself when never merged."""
    while customer.merged_into is not None:
        customer = customer.merged_into
    return customer


def all_numbers(customer: Customer) -> list[int]:
    """Ids of the customer and of all merged into it: what to ask for when looking for its cases."""
    ids, last = [customer.pk], [customer.pk]
    while last := list(Customer.objects.filter(merged_into__in=last).values_list("pk", flat=True)):
        ids += last
    return ids


def find_customers(
    person: Person, text: str, *, at: datetime, limit: int = 25, seen: Scope | None = None
) -> list[Customer]:
    """Customers by number (KH000017), phone number in any spelling, mail or whole name first; then by any words of name
    (pinyin and initials too), place, and last four digits of a phone number, newest first. A merged one is found as
    the one that goes on. seen: the person's scope, where it was asked for already."""
    text = inputs.searchable(text).strip()
    if not text or len(text) > 100:
        return []
    visible = customers_within(seen or scope(person, at), person)
    exact = _exactly(text)
    found = list(visible.filter(pk__in=exact).order_by("-id")[:limit]) if exact else []
    found += visible.filter(name=text).order_by("-id")[:limit]
    for words in (
        (True, False) if text.isascii() else (False,)
    ):  # whole initials and pinyin before a part of some
        if len(found) < limit:
            hits = [hit.record for hit in newest(text, "customer", visible, limit=limit, words=words)]
            rows = visible.in_bulk(hits) if hits else {}
            found += [rows[pk] for pk in hits if pk in rows]
    return list(dict.fromkeys(surviving(customer) for customer in found))[:limit]


def _exactly(text: str) -> list[int]:
    """Ids of the customers with this number or this contact point."""
    found = [number] if (number := number_of(text)) is not None else []
    for kind, read in ((ContactPoint.PHONE, inputs.phone), (ContactPoint.MAIL, inputs.mail)):
        try:
            points = ContactPoint.objects.filter(kind=kind, value=read(text))
        except Refused:
            continue  # then it is not meant as one
        found += points.values_list("customer_id", flat=True)[:1000]
    return found


def customers_at(site: Site, at: datetime) -> models.QuerySet[Occupancy]:
    """Who owns, rents or answers for the place at `at`."""
    return Occupancy.objects.at(at).filter(site=site).select_related("customer")


def reveals_left(person: Person, at: datetime) -> int:
    """How many masked values the person may still look at within this hour."""
    used = Reveal.objects.filter(person=person, at__gt=at - timedelta(hours=1)).count()
    return max(0, REVEALS_AN_HOUR - used)


def _by_number(text: str) -> Q:
    return Q(pk=number_of(text))


def number_of(text: str) -> int | None:
    """The id behind a number as told (KH000017), None for anything else."""
    digits = text.upper().removeprefix("KH")
    return int(digits) if digits != text.upper() and digits.isdecimal() and len(digits) < 19 else None
