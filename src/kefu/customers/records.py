"""Customers and places as forms of a rulebook name them: by number and name, with what may be written in already."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal

from kefu.core import inputs
from kefu.core.rulebook.model import Facts, Ref
from kefu.customers.models import ContactPoint, Customer, Site
from kefu.customers.openness import open_items
from kefu.customers.queries import customers_visible_to, find_customers, sites_visible_to, visible_customer
from kefu.documents.records import Records, known_as
from kefu.staff.models import Person


def _names(ids: Collection[int]) -> Mapping[int, str]:
    rows = Customer.objects.filter(pk__in=ids)
    return {one.pk: f"{one.name} {one.number}" for one in rows}


def _facts(pk: int) -> Facts:
    """The words of `RECORD_FIELDS["customer"]`."""
    customer = Customer.objects.filter(pk=pk).first()
    if customer is None:
        return {}
    points = customer.contact_points.filter(kind=ContactPoint.PHONE)
    phone = next((inputs.phone_written(point.value) for point in points), None)
    return {
        "name": customer.name,
        "number": customer.number,
        "kind": customer.kind,
        "grade": customer.grade or None,
        "region": customer.region or None,
        "credit": customer.credit or None,
        "credit_limit": customer.credit_limit,
        "standing": customer.standing,
        "specialist": Ref("person", str(customer.specialist_id)) if customer.specialist_id else None,
        "open_items": Decimal(len(open_items(customer))),
        "phone": phone,
        "department": Ref("unit", str(customer.department_id)),
    }


def _found(person: Person, typed: str, at: datetime) -> int | None:
    """By number, beside which the name may stand as it was shown; else the only one found by what was typed."""
    for part in typed.split():
        if customer := visible_customer(person, part, at):
            return customer.pk
    found = find_customers(person, typed, at=at, limit=2)
    return found[0].pk if len(found) == 1 else None


def _places(ids: Collection[int]) -> Mapping[int, str]:
    return {site.pk: str(site) for site in Site.objects.filter(pk__in=ids)}


def _place(pk: int) -> Facts:
    site = Site.objects.filter(pk=pk).first()
    return {"name": str(site), "department": Ref("unit", str(site.department_id))} if site else {}


def _found_place(person: Person, typed: str, at: datetime) -> int | None:
    near = sites_visible_to(person, at).filter(community=typed.split()[0])
    same = [site.pk for site in near if str(site) == typed.strip()]
    return same[0] if len(same) == 1 else None


def make_known() -> None:
    known_as("customer", Records(customers_visible_to, _names, _facts, _found))
    known_as("site", Records(sites_visible_to, _places, _place, _found_place))
