"""What happened in like cases: how often the same was approved, for a similar amount or the same customer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from kefu.approvals.models import Approval
from kefu.approvals.queries import approvals_visible_to
from kefu.core.rulebook.model import Field, Kind, Ref
from kefu.core.work.fields import fields_of
from kefu.staff.models import Person

LOOKED_AT = 300  # the last ones of its kind in the department
LISTED = 5
_HALF, _TWICE = Decimal("0.5"), Decimal(2)


@dataclass(frozen=True, slots=True)
class Like:
    """One that was decided. verdict: approved or refused. alike: its amount is similar, or its customer the same."""

    approval: Approval
    verdict: str
    amount: str
    same_customer: bool


@dataclass(frozen=True, slots=True)
class Likes:
    """weighed: the field whose amount was compared, with the bounds; None where the kind has no amount. approved,
    refused: how many of those alike. listed: the last few of them that the person may see, newest first."""

    weighed: Field | None
    low: Decimal | None
    high: Decimal | None
    approved: int
    refused: int
    listed: list[Like]


def likes(approval: Approval, person: Person, at: datetime) -> Likes:
    """Three queries, however many there are."""
    weighed = weighed_by(approval.rule)
    amount = approval.values.get(weighed.name) if weighed else None
    low = amount * _HALF if isinstance(amount, Decimal) else None
    high = amount * _TWICE if isinstance(amount, Decimal) else None
    customers = _customers(approval)
    alike = [
        one
        for one in _decided(approval, weighed, customers)
        if one.same_customer or _near(one, weighed, low, high)
    ]
    seen = set(
        approvals_visible_to(person, at)
        .filter(pk__in=[one.approval.pk for one in alike[: LISTED * 4]])
        .values_list("pk", flat=True)
    )
    listed = [one for one in alike if one.approval.pk in seen][:LISTED]
    approved = sum(one.verdict == "approved" for one in alike)
    return Likes(weighed if low is not None else None, low, high, approved, len(alike) - approved, listed)


def weighed_by(kind: Kind) -> Field | None:
    """The number on which the chain depends, else the first number that has to be filled in."""
    fields = fields_of(kind)
    asked = [
        test.path
        for branch in kind.chain
        if branch.when
        for tests in branch.when.any_of
        for test in tests
        if test.operator in ("at_least", "at_most")
    ]
    numbers = [name for name, field in fields.items() if field.type == "number"]
    chosen = [name for name in asked if name in numbers] or [
        name for name in numbers if fields[name].required
    ]
    return fields[chosen[0]] if chosen else None


def _decided(approval: Approval, weighed: Field | None, customers: set[Ref]) -> Iterable[Like]:
    rows = (
        Approval.objects.filter(kind=approval.kind, department=approval.department_id, voided_at=None)
        .exclude(pk=approval.pk)
        .select_related("applicant")
        .order_by("-pk")[:LOOKED_AT]
    )
    for row in rows:
        verdict = next((one for one in ("approved", "refused") if one in row.made), "")
        if verdict:
            amount = row.values.get(weighed.name) if weighed else None
            shown = f"{amount.normalize():f}" if isinstance(amount, Decimal) else ""
            yield Like(row, verdict, shown, bool(customers & _customers(row)))


def _near(one: Like, weighed: Field | None, low: Decimal | None, high: Decimal | None) -> bool:
    if weighed is None or low is None or high is None:
        return True
    amount = one.approval.values.get(weighed.name)
    return isinstance(amount, Decimal) and low <= amount <= high


def _customers(approval: Approval) -> set[Ref]:
    return {
        value for value in approval.values.values() if isinstance(value, Ref) and value.kind == "customer"
    }
