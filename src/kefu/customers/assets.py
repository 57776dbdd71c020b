"""Assets 设备: what customers' cases are about besides rooms: a lift, a meter, an appliance, with its warranty.

One belongs to a customer, stands at a place, or both; a lift stands at the place of the whole building and
is everybody's who lives there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q, QuerySet

from kefu.core import inputs
from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.ledger.actions import By, record
from kefu.core.search import actions as search
from kefu.customers.keeping import kept, require_kept
from kefu.customers.models import Asset, Customer, Occupancy, Site
from kefu.customers.queries import departments_kept_by
from kefu.staff.models import Department, Person


def assets_visible_to(person: Person, at: datetime) -> QuerySet[Asset]:
    """In service or not, of the archives that the person may use."""
    return Asset.objects.filter(department__in=departments_kept_by(person, at)).select_related("site")


def assets_of(customers: Iterable[int], at: datetime) -> QuerySet[Asset]:
    """In service: the customers' own (ids), and those at the places they hold now and at the wholes that these places
    are parts of."""
    customers = list(customers)
    found = Q(customer__in=customers)
    for one in Occupancy.objects.at(at).filter(customer__in=customers).select_related("site"):
        found |= Q(customer=None, site__in=_around(one.site))
    return Asset.objects.filter(found, retired_at=None).select_related("site").order_by("name", "number")


def add_asset(
    department: Department,
    *,
    number: str,
    name: str,
    customer: Customer | None = None,
    site: Site | None = None,
    warranty_until: date | None = None,
    by: By,
    at: datetime,
) -> Asset:
    """Put a device on record. warranty_until: the last day of its warranty.

    Raises Refused asset.exists, asset.nowhere, line.*, department.unknown, customer.unknown,
    customer.merged, site.unknown.
    """
    with write():
        require_kept(by, at, department.pk, "department.unknown")
        number = inputs.line(number, "设备编号 / number", longest=60)
        name = inputs.line(name, "设备名称 / name", longest=80)
        if customer is None and site is None:
            raise Refused(
                "asset.nowhere",
                zh="请说明设备属于哪位客户，或安装在哪里。",
                en="Say whose the device is, or where it stands.",
            )
        if customer is not None:
            customer = kept(customer, by, at)
        if site is not None:
            require_kept(by, at, site.department_id, "site.unknown")
        if Asset.objects.filter(department=department, number=number).exists():
            raise Refused(
                "asset.exists",
                zh=f"编号为「{number}」的设备已登记。",
                en=f"A device with the number “{number}” is on record already.",
                number=number,
            )
        asset = Asset.objects.create(
            department=department,
            number=number,
            name=name,
            customer=customer,
            site=site,
            warranty_until=warranty_until,
        )
        _noted("asset.added", asset, by=by, at=at)
        return asset


def retire(asset: Asset, *, by: By, at: datetime) -> Asset:
    """Taken out of service: it is named on no new case. Raises Refused asset.unknown, asset.retired."""
    with write():
        require_kept(by, at, asset.department_id, "asset.unknown")
        if not Asset.objects.filter(pk=asset.pk, retired_at=None).update(retired_at=at):
            raise Refused("asset.retired", zh="该设备已停用。", en="That device is out of service already.")
        asset.refresh_from_db()
        _noted("asset.retired", asset, by=by, at=at)
        return asset


def chosen_asset(person: Person, pk: int, at: datetime) -> Asset:
    """One in service by its id. Raises Refused asset.unknown."""
    found = assets_visible_to(person, at).filter(pk=pk, retired_at=None).first()
    if found is None:
        raise Refused(
            "asset.unknown",
            zh="没有这台设备，请从列表中选择。",
            en="There is no such device; choose one from the list.",
        )
    return found


def _around(site: Site) -> QuerySet[Site]:
    """The place and the wholes that it is a part of: its unit, building and community."""
    return Site.objects.filter(
        department=site.department_id,
        community=site.community,
        building__in=("", site.building),
        unit__in=("", site.unit),
        room__in=("", site.room),
    )


def _noted(kind: str, asset: Asset, *, by: By, at: datetime) -> None:
    """With whom it is found by, too."""
    if asset.customer is not None:
        search.relearn(asset.customer)
    data = {"customer": asset.customer_id} if asset.customer_id else {}
    record(kind, asset.ref, by=by, at=at, department=asset.department_id, data=data)
