"""Registering while on the phone: who calls, where, what was before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kefu.cases.models import Case
from kefu.cases.queries import cases_visible_to
from kefu.core import inputs
from kefu.core.db import select
from kefu.core.errors import Refused
from kefu.core.rulebook.model import Field
from kefu.customers import actions as customers
from kefu.customers.assets import assets_of, chosen_asset
from kefu.customers.masking import masked
from kefu.customers.models import Asset, ContactPoint, Customer, Occupancy, Site
from kefu.customers.queries import all_numbers, customers_visible_to, find_customers, sites_visible_to
from kefu.documents.asking import whole_number
from kefu.staff.models import Person
from kefu.web.remaining import read_promises

EARLIER = 5  # cases shown at once
# how staff hear of a case
CHANNELS = {
    "telephone": _("telephone"),
    "counter": _("counter"),
    "wechat": _("WeChat"),
    "mail": _("mail"),
    "letter": _("letter"),
    "patrol": _("on patrol"),
}
ALL_CHANNELS = CHANNELS | {"web": _("web")}  # and how customers bring it by themselves
NEW = "new"


@dataclass(frozen=True, slots=True)
class Caller:
    """A customer who may be the one on the phone. `contacts` are masked; assets: theirs, and of their places; asset: id
    of the one that was asked for by its number, or ""."""

    customer: Customer
    contacts: list[str]
    sites: list[Site]
    assets: list[Asset]
    asset: str
    earlier: list[Case]


def callers(person: Person, asked: str, at: datetime) -> list[Caller]:
    """Customers found by number, phone or name, with their places and latest cases. At most five."""
    found = find_customers(person, asked, at=at, limit=5)
    callers = []
    for customer in found:
        cases = cases_visible_to(person, at).filter(customer__in=all_numbers(customer)).order_by("-id")
        places = Occupancy.objects.at(at).filter(customer=customer).select_related("site")
        devices = list(assets_of([customer.pk], at))
        callers.append(
            Caller(
                customer,
                [masked(point) for point in customer.contact_points.all()],
                [one.site for one in places],
                devices,
                next((str(one.pk) for one in devices if one.number.lower() == asked.strip().lower()), ""),
                list(cases[:EARLIER]),
            )
        )
    read_promises(case for one in callers for case in one.earlier)
    return callers


def customer_of(
    person: Person, posted: Mapping[str, str], *, at: datetime
) -> tuple[Customer | None, Site | None, Asset | None]:
    """The customer, place and device chosen in the form; `new` makes a customer out of phone and name.

    Raises Refused customer.unknown, site.unknown, asset.unknown and what `add_customer` raises. Runs in the caller's
    `write`.
    """
    chosen, room = posted.get("customer", ""), posted.get("site", "")
    customer: Customer | None = None
    if chosen == NEW:
        caller = posted.get("caller", "")
        by_name = (new_customer(caller) or ("", ""))[1]
        phone = posted.get("new_phone", "").strip() if by_name else caller
        customer = customers.add_customer(
            person.department,
            kind=Customer.NATURAL,
            name=posted.get("name", ""),
            contacts=[(ContactPoint.PHONE, phone)] if phone or not by_name else [],
            by=person,
            at=at,
        )
    elif chosen:
        pk = whole_number(chosen, "customer.unknown")
        customer = customers_visible_to(person, at).filter(pk=pk).first()
        if customer is None:
            raise _unknown("customer.unknown", "客户", "customer")
    site: Site | None = None
    if room:
        site = sites_visible_to(person, at).filter(pk=whole_number(room, "site.unknown")).first()
        if site is None:
            raise _unknown("site.unknown", "房产", "place")
    device = posted.get("asset", "")
    asset = chosen_asset(person, whole_number(device, "asset.unknown"), at) if device else None
    return customer, site, asset


def completed(
    fields: Mapping[str, Field],
    values: dict[str, object],
    posted: Mapping[str, str],
    customer: Customer | None,
    site: Site | None,
) -> dict[str, object]:
    """`values` with what the archive and the head of the page know already: nothing is typed twice.

    By the names that the manuals' registers use: surname, telephone, house_number, content.
    """
    phones = "customer_id = %s AND kind = %s ORDER BY id LIMIT 1"
    points = select(ContactPoint, phones, [customer.pk, ContactPoint.PHONE]) if customer else []
    known = {
        "surname": customer.name if customer else "",
        "telephone": _number(posted.get("caller", ""))
        or (inputs.phone_written(points[0].value) if points else ""),
        "house_number": " ".join(part for part in (site.building, site.unit, site.room) if part)
        if site
        else "",
        "content": posted.get("body", "").strip() or posted.get("subject", "").strip(),
    }
    return values | {
        name: text for name, text in known.items() if name in fields and text and not values.get(name)
    }


def new_customer(typed: str) -> tuple[str, str] | None:
    """What is known of a customer who is not in the archive yet, as (phone, name): one of them, by what was
    typed to find the caller. None when it is neither: a part of a number, a customer's number, a room."""
    typed = typed.strip()
    if phone := _number(typed):
        return phone, ""
    named = 1 < len(typed) <= 40 and all(char.isalpha() or char in " ·.-'" for char in typed)
    return ("", typed) if named else None


def _number(typed: str) -> str:
    """What was typed to find the caller, if it is a phone number and not a name."""
    try:
        inputs.phone(typed)
    except Refused:
        return ""
    return typed.strip()


def _unknown(code: str, zh: str, en: str) -> Refused:
    return Refused(
        code, zh=f"没有这个{zh}，请重新查找后选择。", en=f"There is no such {en}; search again and choose."
    )
