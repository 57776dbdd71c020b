"""Customers, rooms and devices from a sheet: each row goes through the same actions as the page."""

from __future__ import annotations

from datetime import date, datetime
from typing import BinaryIO

from kefu.core.errors import Refused
from kefu.core.ledger.actions import By
from kefu.core.sheets import Column, Outcome, Progress, read_table, to_the_end
from kefu.core.sheets.carrying import carry_in
from kefu.customers import actions
from kefu.customers.assets import add_asset
from kefu.customers.models import Asset, ContactPoint, Customer, Occupancy, Site
from kefu.customers.queries import number_of
from kefu.staff.models import Department

ROOM_COLUMNS = (
    Column("community", "小区", "Community", required=True),
    Column("building", "楼栋", "Building"),
    Column("unit", "单元", "Unit"),
    Column("room", "房号", "Room"),
)
CUSTOMER_COLUMNS = (
    Column("name", "客户名称", "Name", required=True),
    Column(
        "kind",
        "类别",
        "Kind",
        options={"个人": "natural", "natural": "natural", "单位": "legal", "legal": "legal"},
    ),
    Column("phone", "电话", "Phone"),
    Column("other_phone", "备用电话", "Other phone"),
    Column("mail", "邮箱", "Mail"),
    Column("wechat", "微信", "WeChat"),
    Column("id_number", "证件号码", "Id number"),
    Column("grade", "等级", "Grade"),
    Column("region", "区域", "Region"),
    Column("note", "备注", "Note"),
    Column("community", "小区", "Community"),
    Column("building", "楼栋", "Building"),
    Column("unit", "单元", "Unit"),
    Column("room", "房号", "Room"),
    Column(
        "role",
        "关系",
        "Role",
        options={
            "业主": "owner",
            "owner": "owner",
            "租户": "tenant",
            "tenant": "tenant",
            "联系人": "contact",
            "contact": "contact",
        },
    ),
)
ASSET_COLUMNS = (
    Column("number", "设备编号", "Number", required=True),
    Column("name", "设备名称", "Name", required=True),
    Column("customer", "客户编号", "Customer number"),
    Column("community", "小区", "Community"),
    Column("building", "楼栋", "Building"),
    Column("unit", "单元", "Unit"),
    Column("room", "房号", "Room"),
    Column("warranty_until", "保修至", "Under warranty until"),
)
_PLACE = ("community", "building", "unit", "room")


def import_rooms(
    file: BinaryIO,
    department: Department,
    *,
    dry: bool,
    by: By,
    at: datetime,
    progress: Progress = to_the_end,
) -> Outcome:
    """Put the rooms of a sheet on record; those put there otherwise come back as refused."""

    def add(row: dict[str, str]) -> Site:
        return actions.add_site(department, **row, by=by, at=at)

    rows = read_table(file, ROOM_COLUMNS)
    return carry_in(rows, ROOM_COLUMNS, add, into=f"rooms:{department.pk}", dry=dry, progress=progress)


def import_customers(
    file: BinaryIO,
    department: Department,
    *,
    dry: bool,
    by: By,
    at: datetime,
    progress: Progress = to_the_end,
) -> Outcome:
    """Add the customers of a sheet with contact points and, when a place is given, their room (made if
    new)."""

    def add(row: dict[str, str]) -> Customer:
        customer = actions.add_customer(
            department,
            kind=row["kind"] or Customer.NATURAL,
            name=row["name"],
            contacts=[
                (kind, row[column])
                for kind, column in (
                    (ContactPoint.PHONE, "phone"),
                    (ContactPoint.PHONE, "other_phone"),
                    (ContactPoint.MAIL, "mail"),
                    (ContactPoint.WECHAT, "wechat"),
                )
                if row[column]
            ],
            id_number=row["id_number"],
            grade=row["grade"],
            note=row["note"],
            region=row["region"],
            by=by,
            at=at,
        )
        if row["community"]:
            site = _place(row, department, by=by, at=at)
            actions.move_in(customer, site=site, role=row["role"] or Occupancy.OWNER, by=by, at=at)
        return customer

    rows = read_table(file, CUSTOMER_COLUMNS)
    return carry_in(
        rows, CUSTOMER_COLUMNS, add, into=f"customers:{department.pk}", dry=dry, progress=progress
    )


def import_assets(
    file: BinaryIO,
    department: Department,
    *,
    dry: bool,
    by: By,
    at: datetime,
    progress: Progress = to_the_end,
) -> Outcome:
    """Put the devices of a sheet on record, each with its customer (by number), its place (made if new), or both."""

    def add(row: dict[str, str]) -> Asset:
        owner = Customer.objects.filter(department=department, merged_into=None)
        customer = owner.filter(pk=number_of(row["customer"]) or 0).first() if row["customer"] else None
        if row["customer"] and customer is None:
            raise Refused(
                "customer.unknown",
                zh=f"没有编号为「{row['customer'][:20]}」的客户，编号如 KH000017。",
                en=f"There is no customer “{row['customer'][:20]}”; numbers are like KH000017.",
            )
        return add_asset(
            department,
            number=row["number"],
            name=row["name"],
            customer=customer,
            site=_place(row, department, by=by, at=at) if row["community"] else None,
            warranty_until=_day(row["warranty_until"]),
            by=by,
            at=at,
        )

    rows = read_table(file, ASSET_COLUMNS)
    return carry_in(rows, ASSET_COLUMNS, add, into=f"assets:{department.pk}", dry=dry, progress=progress)


def _day(written: str) -> date | None:
    """Raises Refused sheet.day."""
    try:
        return date.fromisoformat(written[:10].replace("/", "-")) if written else None
    except ValueError:
        raise Refused(
            "sheet.day",
            zh=f"「{written[:20]}」不是日期，请按 2027-05-31 的样子填写。",
            en=f"“{written[:20]}” is no date; write it like 2027-05-31.",
            given=written[:20],
        ) from None


def _place(row: dict[str, str], department: Department, *, by: By, at: datetime) -> Site:
    """The place of a row, made if it is new."""
    place = {part: row[part] for part in _PLACE}
    site = Site.objects.filter(department=department, **place).first()
    return site or actions.add_site(department, **place, by=by, at=at)
