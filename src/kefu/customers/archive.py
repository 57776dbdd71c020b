"""What the archive keeps of a customer besides name and numbers, and how it changes: by hand where nobody has to agree,
by a rule of the rulebook where somebody has."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

from kefu.core import inputs
from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.ledger.actions import By
from kefu.core.rulebook.model import Ref
from kefu.core.work.models import Work
from kefu.customers import queries
from kefu.customers.keeping import kept, locked, noted
from kefu.customers.models import Customer
from kefu.customers.openness import open_items
from kefu.customers.ruled import in_force, ruled
from kefu.staff.models import Person
from kefu.staff.rights import Tree

KEPT = ("region", "credit", "credit_limit", "standing", "specialist")
CODES = ("grade", "credit")  # where a rule sets them; what people type is no code and stands here alone
MOST_CREDIT = Decimal("999999999999")
NAMED = 6  # open items named in a refusal; the others are counted


def change(customer: Customer, values: Mapping[str, object], *, by: By, at: datetime) -> Customer:
    """Change what is kept, by hand. values: raw, of `KEPT`.

    Raises Refused customer.unknown, customer.merged, customer.by_approval, and as `read`.
    """
    with write():
        customer = kept(customer, by, at)
        typed = read(values)
        require_free(customer, _differing(customer, typed), by=by, at=at)
        return _put(customer, typed, by=by, at=at)


def set_by_rule(
    customer: Customer, values: Mapping[str, object], *, because: Work, by: By, at: datetime
) -> Customer:
    """Change what is kept because the rulebook says so: whoever had to agree has agreed (`because`).

    values may hold `cancelled` ("yes", "no"). Raises Refused customer.unknown for one that is kept by another
    department than the work's or those below it, and as `cancel`.
    """
    with write():
        customer = locked(queries.surviving(customer))
        if customer.department_id not in Tree().with_descendants(because.department_id):
            raise Refused(
                "customer.unknown",
                zh="这位客户由其他部门建档，不在本部门范围内。",
                en="This customer is kept by another department, and not for this one to change.",
            )
        typed = read({name: value for name, value in values.items() if name != "cancelled"})
        customer = _put(customer, typed, by=by, at=at, because=because)
        if values.get("cancelled") == "yes":
            customer = _cancel(customer, by=by, at=at, because=because)
        elif values.get("cancelled") == "no":
            customer = _reinstate(customer, by=by, at=at, because=because)
    return customer


def cancel(customer: Customer, *, by: By, at: datetime) -> Customer:
    """End the service; the archive stays readable, and what follow-ups are planned end.

    Raises Refused customer.unknown, customer.merged, customer.by_approval, customer.open_items naming them.
    """
    with write():
        customer = kept(customer, by, at)
        require_free(customer, ["cancelled"], by=by, at=at)
        return _cancel(customer, by=by, at=at)


def reinstate(customer: Customer, *, by: By, at: datetime) -> Customer:
    """Take a cancelled customer back into service. Raises Refused customer.unknown, customer.merged."""
    with write():
        return _reinstate(kept(customer, by, at), by=by, at=at)


def require_served(customer: Customer | None) -> None:
    """Raises Refused customer.cancelled: nothing new is begun for one who was cancelled."""
    if customer is None or queries.surviving(customer).cancelled_at is None:
        return
    number = queries.surviving(customer).number
    raise Refused(
        "customer.cancelled",
        zh=f"客户 {number} 已注销，不再登记新的工单。如需继续服务，请先在客户页面恢复服务；"
        "如与该客户无关，请不选客户登记。",
        en=f"The customer {number} was cancelled and takes no new cases. To serve them again, take them back into "
        "service on their page first; if it is not about them, register it without a customer.",
        number=number,
    )


def require_free(customer: Customer, names: Collection[str], *, by: By, at: datetime) -> None:
    """Raises Refused customer.by_approval for a person who changes what the rulebook lets change by approval only."""
    if not names or not isinstance(by, Person):
        return
    found = ruled(in_force(customer.department, at))
    approvals = {one.name: one for name in names if name in found for one in found[name].approvals}
    if approvals:
        zh = "、".join(one.title.zh for one in approvals.values())
        en = ", ".join(one.title.en for one in approvals.values())
        raise Refused(
            "customer.by_approval",
            zh=f"按制度，这一项要经审批才能变更，请在“审批”中提出：{zh}。",
            en=f"By the rulebook this changes only when others agree. Ask for it under approvals: {en}.",
            kinds=list(approvals),
        )


def region(text: str) -> str:
    return inputs.line(text, "区域 / region", longest=80, required=False)


def read(values: Mapping[str, object]) -> dict[str, object]:
    """Raw values as they are stored. Raises Refused line.*, customer.credit_limit, customer.standing,
    customer.specialist."""
    return {name: _READ[name](value) for name, value in values.items()}


def taken_over(customer: Customer, into: Customer) -> list[str]:
    """The fields that a merge fills in `into` where it had nothing; the row is not stored."""
    filled = [
        name
        for name in ("grade", "region", "credit", "credit_limit", "specialist_id")
        if getattr(into, name) in ("", None) and getattr(customer, name) not in ("", None)
    ]
    for name in filled:
        setattr(into, name, getattr(customer, name))
    if "specialist_id" in filled:
        into.specialist_since = customer.specialist_since
        filled = [*(name for name in filled if name != "specialist_id"), "specialist", "specialist_since"]
    return filled


def _differing(customer: Customer, typed: Mapping[str, object]) -> list[str]:
    return [name for name, value in typed.items() if _now(customer, name) != value]


def _now(customer: Customer, name: str) -> object:
    return customer.specialist_id if name == "specialist" else getattr(customer, name)


def _put(
    customer: Customer, typed: Mapping[str, object], *, by: By, at: datetime, because: Work | None = None
) -> Customer:
    changed = _differing(customer, typed)
    if not changed:
        return customer
    for name in changed:
        setattr(customer, "specialist_id" if name == "specialist" else name, typed[name])
    columns = [*changed, "changed_at"]
    customer.changed_at = at
    if "specialist" in changed:
        customer.specialist_since = at if customer.specialist_id else None
        columns.append("specialist_since")
    customer.save(update_fields=columns)
    told = {
        name: typed[name]
        for name in changed
        if name in ("standing", "specialist") or (because and name in CODES)
    }
    noted("customer.changed", customer, by=by, at=at, fields=changed, to=told, **_because(because))
    return customer


def _cancel(customer: Customer, *, by: By, at: datetime, because: Work | None = None) -> Customer:
    if customer.cancelled_at is not None:
        return customer
    left = open_items(customer, but=because)
    if left:
        named, more = "、".join(left[:NAMED]), len(left) - NAMED
        raise Refused(
            "customer.open_items",
            zh=f"客户 {customer.number} 还有 {len(left)} 项未结：{named}{' 等' if more > 0 else ''}。"
            "请先办结或作废，再注销。",
            en=f"{len(left)} items of the customer {customer.number} are still open: {named.replace('、', ', ')}"
            f"{' and more' if more > 0 else ''}. Finish or void them, then cancel the customer.",
            number=customer.number,
            open=left,
        )
    customer.cancelled_at = customer.changed_at = at
    customer.save(update_fields=["cancelled_at", "changed_at"])
    noted("customer.cancelled", customer, by=by, at=at, **_because(because))
    return customer


def _reinstate(customer: Customer, *, by: By, at: datetime, because: Work | None = None) -> Customer:
    if customer.cancelled_at is not None:
        customer.cancelled_at, customer.changed_at = None, at
        customer.save(update_fields=["cancelled_at", "changed_at"])
        noted("customer.reinstated", customer, by=by, at=at, **_because(because))
    return customer


def _because(work: Work | None) -> dict[str, object]:
    return {"because": [work.noun, work.pk]} if work is not None else {}


def _credit_limit(value: object) -> Decimal | None:
    text = str(value if value is not None else "").replace(",", "").replace("，", "").strip()
    if not text:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal(-1)
    if not found.is_finite() or not 0 <= found <= MOST_CREDIT:
        raise Refused(
            "customer.credit_limit",
            zh=f"信用额度“{text[:40]}”不是金额，请写元数，如 80000。",
            en=f"“{text[:40]}” is no credit limit; write an amount in yuan, such as 80000.",
        )
    return found.quantize(Decimal("0.01"))


def _standing(value: object) -> str:
    if value not in Customer.STANDINGS:
        raise Refused(
            "customer.standing",
            zh="客户评价只能是普通（ordinary）、优秀（excellent）或危险（dangerous）。",
            en="A customer's standing is ordinary, excellent or dangerous.",
        )
    return str(value)


def _specialist(value: object) -> int | None:
    """A person, their id or their ref; nobody with an empty value."""
    pk = value.id if isinstance(value, Ref) else value.pk if isinstance(value, Person) else value
    if pk in (None, ""):
        return None
    person = Person.objects.filter(pk=int(str(pk)), left_at=None).first() if str(pk).isdecimal() else None
    if person is None:
        raise Refused(
            "customer.specialist",
            zh="没有这位员工，或已离职。请选在职的员工负责该客户。",
            en="There is no such member of staff, or they have left. Choose somebody who works here.",
        )
    return person.pk


_READ = {
    "grade": lambda value: inputs.line(str(value), "等级 / grade", longest=40, required=False),
    "region": lambda value: region(str(value)),
    "credit": lambda value: inputs.line(str(value), "信用等级 / credit", longest=40, required=False),
    "credit_limit": _credit_limit,
    "standing": _standing,
    "specialist": _specialist,
}
