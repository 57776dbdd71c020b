"""A form names only whom its writer may see: ids of others are as unknown as those of nobody."""

from __future__ import annotations

import pytest

from kefu.approvals import actions as approvals
from kefu.approvals.models import Approval
from kefu.customers.actions import add_customer
from kefu.customers.models import Customer
from kefu.documents import actions as documents
from kefu.documents.models import Document
from kefu.staff.models import Person
from tests.cast import Cast, local, refuses

pytestmark = [pytest.mark.db, pytest.mark.django_db]
AT = local("2026-09-15 10:00")


def customer_of(person: Person) -> Customer:
    return add_customer(person.department, kind="natural", name="何敏", by=person, at=AT)


def refund_for(cast: Cast, customer: object) -> Approval:
    asked = {"order_no": "DD-1", "refund_kind": "refund", "reason": "重复扣款", "amount": "400"}
    return approvals.ask(
        "refund",
        department=cast.service_centre,
        by=cast.agent,
        at=AT,
        values=asked | {"customer": str(customer)},
    )


def visit_to(cast: Cast, customer: object) -> Document:
    return documents.begin(
        "communication_record",
        department=cast.service_centre,
        by=cast.agent,
        at=AT,
        values={"customer": str(customer)},
    )


def test_a_customer_of_ones_own_department_is_named(cast: Cast) -> None:
    ours = customer_of(cast.agent)

    assert refund_for(cast, ours.pk).values["customer"] == ours.ref
    assert visit_to(cast, ours.pk).values["customer"] == ours.ref


def test_a_customer_of_another_department_is_as_unknown_as_nobody(cast: Cast) -> None:
    theirs = customer_of(cast.stranger)

    for customer in (theirs.pk, 999_999):
        with refuses("form.unknown_record"):
            refund_for(cast, customer)
        with refuses("form.unknown_record"):
            visit_to(cast, customer)
    assert not Approval.objects.exists()
    assert not Document.objects.exists()


def test_a_draft_is_not_turned_to_a_customer_of_another_department(cast: Cast) -> None:
    theirs = customer_of(cast.stranger)
    draft = visit_to(cast, customer_of(cast.agent).pk)

    with refuses("form.unknown_record"):
        documents.fill(draft, {"customer": str(theirs.pk)}, by=cast.agent, at=AT)

    again = documents.fill(draft, {"content": "门禁已修好"}, by=cast.agent, at=AT)
    assert again.values["customer"] != theirs.ref
