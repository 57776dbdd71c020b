"""Customers: numbers of telephones and papers are masked; one at a time is revealed, with a reason, on record."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status

from kefu.api.cases import customer_of, department_of, site_of
from kefu.api.once import OPENAPI, once
from kefu.api.paging import Cursor, Limit, Page, page
from kefu.api.shown import Given
from kefu.api.tokens import caller
from kefu.api.works import Reveal, Revealed
from kefu.core.masks import mask_id_number
from kefu.customers import actions, assets
from kefu.customers.masking import masked
from kefu.customers.models import Asset, Customer
from kefu.customers.queries import all_numbers, customers_visible_to, find_customers

router = Router(tags=["customers"])
devices = Router(tags=["assets"])


class ContactOut(Schema):
    """`value` is masked; `field` is what `reveal` is asked for."""

    field: str
    kind: str
    value: str


class SiteOut(Schema):
    id: int
    name: str
    role: str


class CustomerOut(Schema):
    number: str
    kind: str
    name: str
    id_number: str
    grade: str
    region: str
    credit: str
    credit_limit: Decimal | None
    standing: str
    specialist: int | None
    cancelled_at: datetime | None
    department: int
    merged_into: str | None
    contacts: list[ContactOut]
    sites: list[SiteOut]


class AssetOut(Schema):
    """A device; `site`: where it stands, `warranty_until`: the last day of its warranty."""

    id: int
    number: str
    name: str
    customer: str | None
    site: int | None
    warranty_until: date | None
    retired_at: datetime | None


class NewAsset(Given):
    """`customer`: its number (KH000017); that, a `site`, or both."""

    number: str
    name: str
    customer: str | None = None
    site: int | None = None
    warranty_until: date | None = None
    department: int | None = None


class NewContact(Given):
    kind: Literal["phone", "mail", "wechat"]
    value: str


class NewCustomer(Given):
    kind: Literal["natural", "legal"]
    name: str
    contacts: list[NewContact] = []
    id_number: str = ""
    grade: str = ""
    region: str = ""
    note: str = ""
    department: int | None = None


@router.get("", response=Page[CustomerOut], url_name="customers_list")
def list_customers(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50, q: str = "") -> Any:
    """Newest first; with `q` (number, telephone, mail, words of name and place) the 25 that fit best."""
    who = caller(request)
    if q:
        found = find_customers(who.person, q, at=who.at)
        return {"items": [_shown(customer) for customer in found], "next": None}
    rows = customers_visible_to(who.person, who.at).prefetch_related("contact_points", "occupancies__site")
    return page(rows, _shown, cursor=cursor, limit=limit)


@router.post("", response={201: CustomerOut}, url_name="customers_add", openapi_extra=OPENAPI)
def add_customer(request: HttpRequest, new: NewCustomer) -> Status[Any]:
    who = caller(request)

    def do() -> CustomerOut:
        customer = actions.add_customer(
            department_of(new.department, who),
            kind=new.kind,
            name=new.name,
            contacts=[(contact.kind, contact.value) for contact in new.contacts],
            id_number=new.id_number,
            grade=new.grade,
            region=new.region,
            note=new.note,
            by=who.person,
            at=who.at,
        )
        return _shown(customer)

    return once(request, 201, do)


@router.get("/{number}", response=CustomerOut, url_name="customers_customer")
def get_customer(request: HttpRequest, number: str) -> CustomerOut:
    return _shown(customer_of(number, caller(request)))


@router.post("/{number}/reveal", response=Revealed, url_name="customers_reveal")
def reveal(request: HttpRequest, number: str, asked: Reveal) -> Revealed:
    """One value in full, at most 30 an hour; who looked at what and why stays on record."""
    who = caller(request)
    customer = customer_of(number, who)
    value = actions.reveal(customer, asked.field, reason=asked.reason, by=who.person, at=who.at)
    return Revealed(value=value)


@router.get("/{number}/assets", response=list[AssetOut], url_name="customers_assets")
def list_assets(request: HttpRequest, number: str) -> list[AssetOut]:
    """In service: the customer's own, and those at the places held now and at their buildings."""
    who = caller(request)
    customer = customer_of(number, who)
    return [_asset_shown(one) for one in assets.assets_of(all_numbers(customer), who.at)]


@devices.post("", response={201: AssetOut}, url_name="assets_add", openapi_extra=OPENAPI)
def add_asset(request: HttpRequest, new: NewAsset) -> Status[Any]:
    who = caller(request)

    def do() -> AssetOut:
        asset = assets.add_asset(
            department_of(new.department, who),
            number=new.number,
            name=new.name,
            customer=customer_of(new.customer, who) if new.customer else None,
            site=site_of(new.site, who) if new.site is not None else None,
            warranty_until=new.warranty_until,
            by=who.person,
            at=who.at,
        )
        return _asset_shown(asset)

    return once(request, 201, do)


@devices.post("/{asset}/retire", response=AssetOut, url_name="assets_retire")
def retire_asset(request: HttpRequest, asset: int) -> AssetOut:
    """Take it out of service: it is named on no new case."""
    who = caller(request)
    found = assets.chosen_asset(who.person, asset, who.at)
    return _asset_shown(assets.retire(found, by=who.person, at=who.at))


def _asset_shown(asset: Asset) -> AssetOut:
    return AssetOut(
        id=asset.pk,
        number=asset.number,
        name=asset.name,
        customer=f"KH{asset.customer_id:06d}" if asset.customer_id else None,
        site=asset.site_id,
        warranty_until=asset.warranty_until,
        retired_at=asset.retired_at,
    )


def _shown(customer: Customer) -> CustomerOut:
    return CustomerOut(
        number=customer.number,
        kind=customer.kind,
        name=customer.name,
        id_number=mask_id_number(customer.id_number) if customer.id_number else "",
        grade=customer.grade,
        region=customer.region,
        credit=customer.credit,
        credit_limit=customer.credit_limit,
        standing=customer.standing,
        specialist=customer.specialist_id,
        cancelled_at=customer.cancelled_at,
        department=customer.department_id,
        merged_into=f"KH{customer.merged_into_id:06d}" if customer.merged_into_id else None,
        contacts=[
            ContactOut(field=f"contact:{point.pk}", kind=point.kind, value=masked(point))
            for point in customer.contact_points.all()
        ],
        sites=[
            SiteOut(id=one.site_id, name=str(one.site), role=one.role)
            for one in customer.occupancies.all()
            if one.until is None
        ],
    )
