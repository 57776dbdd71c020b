"""Everything that changes the archive of customers: one verb, one function, one transaction, an event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db.models import Q

from kefu.core import inputs
from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.ledger.actions import By, record
from kefu.core.search import actions as search
from kefu.customers import archive, revealing
from kefu.customers.keeping import kept, noted, require_kept
from kefu.customers.models import ContactPoint, Customer, Occupancy, Site
from kefu.staff.models import Department, Person

__all__ = [
    "add_contact",
    "add_customer",
    "add_site",
    "change_customer",
    "follow_merge",
    "merge",
    "move_in",
    "move_out",
    "remove_contact",
    "reveal",
]

Contact = tuple[str, str]  # kind of contact point, value as typed
LONGEST_NOTE = 2000

_followers: list[Callable[[Customer, Customer], None]] = []


def follow_merge(move: Callable[[Customer, Customer], None]) -> None:
    """Register what must move with a merge: called as (merged, goes on) in its transaction."""
    _followers.append(move)


def add_customer(
    department: Department,
    *,
    kind: str,
    name: str,
    contacts: Sequence[Contact] = (),
    id_number: str = "",
    grade: str = "",
    note: str = "",
    region: str = "",
    by: By,
    at: datetime,
) -> Customer:
    """Add a customer to the archive of a department.

    Raises Refused customer.kind, customer.exists (same name and a contact point in common; names its number),
    phone.*, mail.*, id_number.not_valid, line.*, department.unknown.
    """
    with write():
        require_kept(by, at, department.pk, "department.unknown")
        if kind not in (Customer.NATURAL, Customer.LEGAL):
            raise Refused(
                "customer.kind",
                zh="客户类别只能是个人（natural）或单位（legal）。",
                en="A customer is a natural or a legal person (natural, legal).",
            )
        details = _details(name, id_number, grade, note)
        details["region"] = archive.region(region)
        points = list(dict.fromkeys(_contact(*contact) for contact in contacts))
        _refuse_known(department, details["name"], points)
        customer = Customer.objects.create(
            department=department, kind=kind, added_at=at, changed_at=at, **details
        )
        ContactPoint.objects.bulk_create(
            ContactPoint(customer=customer, kind=kind, value=value) for kind, value in points
        )
        search.learn(customer)
        noted("customer.added", customer, by=by, at=at, what=kind)
        return customer


def change_customer(
    customer: Customer, *, name: str, id_number: str, grade: str, note: str, by: By, at: datetime
) -> Customer:
    """Change the details. Raises as `add_customer`, customer.merged, customer.by_approval of a grade that others have
    to agree to."""
    with write():
        customer = kept(customer, by, at)
        details = _details(name, id_number, grade, note)
        changed = [field for field, value in details.items() if getattr(customer, field) != value]
        archive.require_free(customer, changed, by=by, at=at)
        for field in changed:
            setattr(customer, field, details[field])
        customer.changed_at = at
        customer.save(update_fields=[*changed, "changed_at"])
        search.relearn(customer)
        noted("customer.changed", customer, by=by, at=at, fields=changed)
        return customer


def add_contact(
    customer: Customer, *, kind: str, value: str, note: str = "", by: By, at: datetime
) -> ContactPoint:
    """Add a phone number, mail address or WeChat id. Raises Refused contact.kind, contact.known, phone.*,
    mail.*."""
    with write():
        customer = kept(customer, by, at)
        kind, value = _contact(kind, value)
        if customer.contact_points.filter(kind=kind, value=value).exists():
            raise Refused(
                "contact.known",
                zh="该客户已有这个联系方式。",
                en="The customer has this contact point already.",
            )
        note = inputs.line(note, "备注 / note", longest=80, required=False)
        point = ContactPoint.objects.create(customer=customer, kind=kind, value=value, note=note)
        search.relearn(customer)
        noted("customer.contact_added", customer, by=by, at=at, contact=point.pk, what=kind)
        return point


def remove_contact(point: ContactPoint, *, by: By, at: datetime) -> None:
    with write():
        customer = kept(point.customer, by, at)
        noted("customer.contact_removed", customer, by=by, at=at, contact=point.pk, what=point.kind)
        point.delete()
        search.relearn(customer)


def add_site(
    department: Department,
    *,
    community: str,
    building: str = "",
    unit: str = "",
    room: str = "",
    by: By,
    at: datetime,
) -> Site:
    """Add a place. Raises Refused site.exists, line.*, department.unknown."""
    with write():
        require_kept(by, at, department.pk, "department.unknown")
        parts = {
            "community": inputs.line(community, "小区 / community", longest=80),
            "building": inputs.line(building, "楼栋 / building", longest=40, required=False),
            "unit": inputs.line(unit, "单元 / unit", longest=40, required=False),
            "room": inputs.line(room, "房号 / room", longest=40, required=False),
        }
        if Site.objects.filter(department=department, **parts).exists():
            raise Refused(
                "site.exists",
                zh=f"房产「{' '.join(parts.values())}」已登记。",
                en=f"The place “{' '.join(parts.values())}” is on record already.",
            )
        site = Site.objects.create(department=department, **parts)
        record("site.added", site.ref, by=by, at=at, department=department.pk)
        return site


def move_in(
    customer: Customer, *, site: Site, role: str, since: datetime | None = None, by: By, at: datetime
) -> Occupancy:
    """Put on record that the customer owns, rents or answers for a place, since `since` (default: `at`).

    Raises Refused occupancy.role, occupancy.exists, site.unknown.
    """
    with write():
        customer = kept(customer, by, at)
        require_kept(by, at, site.department_id, "site.unknown")
        if role not in (Occupancy.OWNER, Occupancy.TENANT, Occupancy.CONTACT):
            raise Refused(
                "occupancy.role",
                zh="关系只能是业主（owner）、租户（tenant）或联系人（contact）。",
                en="The role is owner, tenant or contact.",
            )
        if Occupancy.objects.filter(customer=customer, site=site, role=role, until=None).exists():
            raise Refused("occupancy.exists", zh="该住户关系已登记。", en="That is on record already.")
        occupancy = Occupancy.objects.create(customer=customer, site=site, role=role, since=since or at)
        search.relearn(customer)
        noted("customer.moved_in", customer, by=by, at=at, site=site.pk, role=role)
        return occupancy


def move_out(occupancy: Occupancy, *, by: By, at: datetime) -> Occupancy:
    """Raises Refused occupancy.ended."""
    with write():
        customer = kept(occupancy.customer, by, at)
        if not Occupancy.objects.at(at).filter(pk=occupancy.pk).update(until=at):
            raise Refused("occupancy.ended", zh="该住户关系已经结束。", en="That has ended already.")
        occupancy.refresh_from_db()
        search.relearn(customer)
        noted("customer.moved_out", customer, by=by, at=at, site=occupancy.site_id, role=occupancy.role)
        return occupancy


def merge(customer: Customer, *, into: Customer, by: By, at: datetime) -> Customer:
    """Make two records of one customer into one: contact points and places move, both numbers stay findable.

    Both must be visible to `by`. Raises Refused customer.unknown, customer.merged, merge.same,
    merge.departments (two archives stay apart).
    """
    with write():
        customer, into = kept(customer, by, at), kept(into, by, at)
        if customer.pk == into.pk:
            raise Refused("merge.same", zh="不能与自己合并。", en="A customer cannot be merged with itself.")
        if customer.department_id != into.department_id:
            raise Refused(
                "merge.departments",
                zh="两位客户由不同部门建档，不能合并。",
                en="The two are kept by different departments and stay apart.",
            )
        for point in customer.contact_points.all():
            if into.contact_points.filter(kind=point.kind, value=point.value).exists():
                point.delete()
            else:
                point.customer = into
                point.save(update_fields=["customer"])
        for occupancy in customer.occupancies.all():
            same = into.occupancies.filter(site=occupancy.site_id, role=occupancy.role, until=None)
            if occupancy.until is None and same.exists():
                occupancy.until = max(at, occupancy.since)
            occupancy.customer = into
            occupancy.save(update_fields=["customer", "until"])
        customer.assets.update(customer=into)
        into.id_number = into.id_number or customer.id_number
        into.note = "\n".join(dict.fromkeys(note for note in (into.note, customer.note) if note))[
            :LONGEST_NOTE
        ]
        into.changed_at = at
        filled = archive.taken_over(customer, into)
        into.save(update_fields=["id_number", "note", "changed_at", *filled])
        customer.merged_into, customer.changed_at = into, at
        customer.save(update_fields=["merged_into", "changed_at"])
        search.remove(customer.ref)
        search.relearn(into)
        for follow in _followers:
            follow(customer, into)
        noted("customer.merged", customer, by=by, at=at, into=into.pk)
        record(
            "customer.merged",
            into.ref,
            by=by,
            at=at,
            department=into.department_id,
            data={"from": customer.pk},
        )
        return into


def reveal(customer: Customer, field: str, *, reason: str, by: Person, at: datetime) -> str:
    """Show one masked value in full: `id_number`, or `contact:<id>` of a contact point. On record with the
    reason.

    Raises Refused reveal.right (a post with `unmask`), reveal.too_many (30 an hour; fact `retry_after`,
    seconds), reveal.field, customer.unknown, line.missing without a reason.
    """
    with write():
        require_kept(by, at, customer.department_id, "customer.unknown")
        revealing.put_on_record(
            customer.ref, field, allowed=revealing.may_reveal(by, at), reason=reason, by=by, at=at
        )
        kind, value = _masked_value(customer, field)
        noted("customer.revealed", customer, by=by, at=at, field=field, what=kind)
        return value


def _masked_value(customer: Customer, field: str) -> tuple[str, str]:
    if field == "id_number":
        return field, customer.id_number
    number = field.removeprefix("contact:")
    if number.isdecimal() and number != field:
        point = customer.contact_points.filter(pk=int(number)).first()
        if point is not None:
            return point.kind, point.value
    raise revealing.no_such_field()


def _refuse_known(department: Department, name: str, points: Sequence[Contact]) -> None:
    same = Q()
    for kind, value in points:
        same |= Q(kind=kind, value=value)
    if not same:
        return
    known = ContactPoint.objects.filter(
        same, customer__department=department, customer__name=name, customer__merged_into=None
    ).first()
    if known is not None:
        number = known.customer.number
        raise Refused(
            "customer.exists",
            zh=f"客户「{name}」（同名且联系方式相同）已有档案 {number}。",
            en=f"The customer “{name}” with the same contact is on record as {number}.",
            number=number,
        )


def _contact(kind: str, value: str) -> Contact:
    match kind:
        case ContactPoint.PHONE:
            return kind, inputs.phone(value)
        case ContactPoint.MAIL:
            return kind, inputs.mail(value)
        case ContactPoint.WECHAT:
            return kind, inputs.line(value, "微信号 / WeChat", longest=64)
    raise Refused(
        "contact.kind",
        zh="联系方式只能是电话（phone）、邮箱（mail）或微信（wechat）。",
        en="A contact point is a phone, mail or wechat.",
    )


def _details(name: str, id_number: str, grade: str, note: str) -> dict[str, str]:
    return {
        "name": inputs.line(name, "客户名称 / name", longest=120),
        "id_number": inputs.id_number(id_number) if id_number.strip() else "",
        "grade": inputs.line(grade, "等级 / grade", longest=40, required=False),
        "note": inputs.paragraph(note, "备注 / note", longest=LONGEST_NOTE),
    }
