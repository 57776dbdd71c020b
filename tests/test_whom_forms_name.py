"""A form names only whom its writer may see: ids of others are as unknown as those of nobody."""

from __future__ import annotations

import pytest
from django.test import Client

from kefu.api.tests.calling import REPAIR, Program
from kefu.approvals import actions as approvals
from kefu.approvals.models import Approval
from kefu.cases import actions as cases
from kefu.cases.models import Case
from kefu.core.ledger import SYSTEM, Actor
from kefu.core.work import actions as work
from kefu.customers.actions import add_customer
from kefu.customers.models import Customer
from kefu.documents import actions as documents
from kefu.documents.models import Document
from kefu.duties.models import Duty
from kefu.staff.models import Person
from kefu.staff.rights import rulebook_of
from tests.cast import Cast, browse, local, refuses

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


@pytest.mark.parametrize("field", ["worker", "rework_of"])
def test_a_case_names_nobody_and_nothing_of_another_department(cast: Cast, field: str) -> None:
    theirs = cases.register("enquiry", department=cast.sales, by=cast.stranger, at=AT, subject="价格")
    named = {"worker": cast.stranger.pk, "rework_of": theirs.pk}[field]
    agent = Program(cast.agent)
    ours = agent.post("/cases", REPAIR).json["number"]

    for one in (str(named), "999999", "9" * 40):
        new = {**REPAIR, "values": {**REPAIR["values"], field: one}}
        assert agent.post("/cases", new).code == "form.unknown_record"
        accepted = {"move": "accepted", "values": {"fault": "lift", "size": "small", field: one}}
        assert agent.post(f"/cases/{ours}/moves", accepted).code == "form.unknown_record"
    with refuses("form.unknown_record"):
        work.set_values(Case.objects.get(number=ours), {field: str(named)}, by=cast.agent, at=AT)
    assert Case.objects.get(kind="repair").state == "reported"


def test_a_duty_names_only_customers_of_ones_own_department(cast: Cast) -> None:
    ours, theirs, agent = customer_of(cast.agent), customer_of(cast.stranger), Program(cast.agent)
    number = duty_of(cast.agent).number

    for customer in (theirs.pk, 999_999):
        done = {"move": "done", "values": {"customer": str(customer), "needs_found": "车位", "updated": "是"}}
        assert agent.post(f"/duties/{number}/moves", done).code == "form.unknown_record"
    assert Duty.objects.get().is_open
    done["values"]["customer"] = str(ours.pk)
    assert agent.post(f"/duties/{number}/moves", done).json["state"] == "done"


def test_papers_and_approvals_are_held_to_it_through_the_api(cast: Cast) -> None:
    theirs, agent = str(customer_of(cast.stranger).pk), Program(cast.agent)
    asked = {"order_no": "DD-1", "refund_kind": "refund", "reason": "重复扣款", "amount": "400"}

    new = {"kind": "refund", "values": {**asked, "customer": theirs}}
    assert agent.post("/approvals", new).code == "form.unknown_record"
    paper = {"kind": "communication_record", "values": {"customer": theirs}}
    assert agent.post("/documents", paper).code == "form.unknown_record"


def test_no_page_takes_somebody_of_another_department(cast: Cast, client: Client) -> None:
    case = cases.register(
        "repair",
        department=cast.service_centre,
        by=cast.agent,
        at=AT,
        subject="龙头",
        values=REPAIR["values"],
    )
    cases.move(case, "accepted", by=cast.agent, at=AT, values={"fault": "lift", "size": "small"})
    pages = browse(client, cast.agent)

    sent = {"move": "dispatched", "dispatched.worker": str(cast.stranger.pk), "dispatched.medium": "radio"}
    assert pages.post(f"/cases/{case.number}/move/", sent).status_code == 422
    duty, theirs = duty_of(cast.agent), customer_of(cast.stranger)
    sent = {"move": "done", "done.customer": theirs.number, "done.needs_found": "车位", "done.updated": "是"}
    assert pages.post(f"/duties/{duty.number}/move/", sent).status_code == 422
    assert "customer" not in Duty.objects.get().values


def test_what_a_rule_passes_on_and_what_stands_there_already_is_not_asked_about(cast: Cast) -> None:
    theirs, duty = customer_of(cast.stranger), duty_of(cast.agent)

    by_rule = Actor(cast.agent.actor_id, "agent")  # as an effect of the agent's move acts
    duty = work.set_values(duty, {"customer": theirs.ref}, by=by_rule, at=AT)
    duty = work.set_values(duty, {"customer": str(theirs.pk), "updated": "是"}, by=cast.agent, at=AT)
    assert duty.values == {"customer": theirs.ref, "updated": "是"}


def duty_of(person: Person) -> Duty:
    return work.open_work(
        Duty,
        "profile_update",
        department=person.department,
        rulebook=rulebook_of(person.department, AT),
        by=SYSTEM,
        at=AT,
        values={},
        owner_id=person.pk,
        draft=True,
    )
