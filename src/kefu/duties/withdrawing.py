"""Taking duties back that nobody owes any more, with the reason."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from kefu.cases.models import Case
from kefu.core.db import write
from kefu.core.ledger import By
from kefu.core.work import actions as work
from kefu.customers.models import Customer
from kefu.customers.openness import about_by
from kefu.duties.models import Duty, Series


def withdraw(duty: Duty, *, by: By, at: datetime, reason: str) -> Duty:
    """It stays readable with the reason; its clocks end, neither met nor missed."""
    return work.void(duty, by=by, at=at, reason=reason)


@about_by(Duty.noun)
def owed_to(customers: Collection[int]) -> Q:
    """Duties and plans that are owed to the customers themselves, or follow a case of theirs."""
    return Q(each_kind="customer", each_id__in=[str(pk) for pk in customers]) | Q(
        parent_kind=Case.noun, parent_id__in=Case.objects.filter(customer__in=customers).values("pk")
    )


def withdraw_of_customer(customer: Customer, *, by: By, at: datetime) -> int:
    """Take back what is still owed to a customer who was cancelled, and end the plans; how many duties."""
    about = owed_to([customer.pk])
    with write():
        Series.objects.filter(about, ended_at=None).update(next_at=None, ended_at=at)
        found = list(Duty.objects.filter(about, closed_at=None, voided_at=None).order_by("pk"))
        for duty in found:
            withdraw(duty, by=by, at=at, reason=_cancelled(customer))
    return len(found)


def withdraw_as_cancelled(duty: Duty, customer: Customer, *, by: By, at: datetime) -> Duty:
    """Take back what an event opened for a customer who is cancelled, and end the plan it begins."""
    with write():
        Series.objects.filter(duties=duty, ended_at=None).update(next_at=None, ended_at=at)
        return withdraw(duty, by=by, at=at, reason=_cancelled(customer))


def _cancelled(customer: Customer) -> str:
    return f"客户 {customer.number} 已注销 / customer {customer.number} was cancelled"
