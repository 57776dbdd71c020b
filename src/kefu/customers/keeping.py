"""What every action on the archive begins and ends with: may they, the row locked, the event."""

from __future__ import annotations

from datetime import datetime

from kefu.core.errors import Refused
from kefu.core.ledger.actions import SYSTEM, By, record
from kefu.customers import queries
from kefu.customers.models import Customer
from kefu.staff.models import Person


def require_kept(by: By, at: datetime, department_id: int, code: str) -> None:
    """Raises Refused `code`, in the words for something that does not exist, when `by` may not use the
    archive."""
    if by is SYSTEM or (isinstance(by, Person) and department_id in queries.departments_kept_by(by, at)):
        return
    raise Refused(code, zh="没有这条记录。", en="There is no such record.")


def kept(customer: Customer, by: By, at: datetime) -> Customer:
    """The row as it is now, locked. Raises Refused customer.unknown, customer.merged."""
    require_kept(by, at, customer.department_id, "customer.unknown")
    now = locked(customer)
    if now.merged_into_id is not None:
        other = queries.surviving(now).number
        raise Refused(
            "customer.merged",
            zh=f"该客户已并入 {other}，请在那里修改。",
            en=f"This customer was merged into {other}; make the change there.",
            into=other,
        )
    return now


def locked(customer: Customer) -> Customer:
    return Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)


def noted(kind: str, customer: Customer, *, by: By, at: datetime, **data: object) -> None:
    record(kind, customer.ref, by=by, at=at, department=customer.department_id, data=data)
