"""Plans that an event begins: the calls of a year, the visits while there is building, and where they end."""

from __future__ import annotations

import pytest

from kefu.cases import actions as cases
from kefu.core.ledger import SYSTEM
from kefu.core.work import actions as work
from kefu.customers.models import Customer
from kefu.duties import actions as duties
from kefu.duties.models import Duty, Series
from kefu.duties.withdrawing import withdraw_of_customer
from kefu.staff.models import Notice
from tests.cast import local

from .office import clocks_are_right, live_until, office, opened

pytestmark = pytest.mark.db

CALLS = """calls: {title: {zh: 回访, en: calls}, starts: project.completed, by: clerk,
  plan: [{every: month, times: 2}, {every: quarter, times: 1}]}"""
VISITS = """visits: {title: {zh: 每周回访, en: weekly visit}, starts: project.commenced, by: clerk, holiday: forward,
  each: {of: project, where: {state: building}}, plan: [{every: week}]}"""
BEGUN = local("2026-09-17 10:00")


def test_the_items_open_one_after_another_and_are_due_at_the_next(db: None) -> None:
    desk = office(CALLS)
    project = desk.project(BEGUN)
    project = cases.move(project, "commenced", by=desk.clerk, at=BEGUN)
    cases.move(project, "completed", by=desk.clerk, at=BEGUN)

    live_until(BEGUN)
    assert opened() == [("1", "10-19 10:00")]
    live_until(local("2027-09-01 00:00"))

    # 17 October is a Saturday, 17 November a Tuesday; the last is due a quarter later
    assert opened() == [("1", "10-19 10:00"), ("2", "11-17 10:00"), ("3", "02-17 10:00")]
    assert [f"{one.opened_at.astimezone(BEGUN.tzinfo):%m-%d}" for one in Duty.objects.order_by("pk")] == [
        "09-17",
        "10-17",
        "11-17",
    ]
    assert Series.objects.get().next_at is None
    assert clocks_are_right(local("2027-09-01 00:00"))


def test_the_same_item_is_never_opened_twice(db: None) -> None:
    desk = office(VISITS)
    cases.move(desk.project(BEGUN), "commenced", by=desk.clerk, at=BEGUN)
    live_until(BEGUN)

    live_until(BEGUN)

    assert Duty.objects.count() == 1


def test_a_plan_without_an_end_goes_on_while_its_record_matches(db: None) -> None:
    desk = office(VISITS)
    project = cases.move(desk.project(BEGUN), "commenced", by=desk.clerk, at=BEGUN)
    live_until(BEGUN)
    live_until(local("2026-10-08 10:00"))
    assert opened() == [
        ("1", "09-24 10:00"),
        ("2", "10-08 10:00"),  # 1 October is National Day until the 7th
        ("3", "10-08 10:00"),
        ("4", "10-15 10:00"),
    ]
    done = duties.move(Duty.objects.get(item=1), "done", by=desk.clerk, at=local("2026-10-08 11:00"))

    cases.move(project, "completed", by=desk.clerk, at=local("2026-10-09 09:00"))
    live_until(local("2026-12-01 09:00"))

    rows = Duty.objects.order_by("item")
    assert [row.voided_at is not None for row in rows] == [False, True, True, True]
    assert "不再成立" in rows[1].void_reason
    assert Duty.objects.get(pk=done.pk).closed_at is not None
    assert clocks_are_right(local("2026-12-01 09:00"))


def test_a_source_opened_by_mistake_has_no_plan(db: None) -> None:
    desk = office(CALLS)
    project = desk.project(BEGUN)
    project = cases.move(project, "commenced", by=desk.clerk, at=BEGUN)
    project = cases.move(project, "completed", by=desk.clerk, at=BEGUN)
    live_until(BEGUN)

    work.void(project, by=desk.manager, at=local("2026-09-18 09:00"), reason="登记错误")
    live_until(local("2026-09-18 09:01"))

    assert Duty.objects.get().voided_at is not None
    assert Series.objects.get().next_at is None


def test_what_is_owed_to_a_cancelled_customer_is_withdrawn_with_the_reason(db: None) -> None:
    desk = office(VISITS)
    customer = desk.customer("王芳")
    cases.move(desk.project(BEGUN, customer=customer), "commenced", by=desk.clerk, at=BEGUN)
    live_until(BEGUN)

    assert withdraw_of_customer(customer, by=SYSTEM, at=local("2026-09-18 09:00")) == 1
    live_until(local("2026-12-01 09:00"))

    duty = Duty.objects.get()
    assert customer.number in duty.void_reason
    assert duty.due_at is None
    assert clocks_are_right(local("2026-12-01 09:00"))


CALL = "call: {title: {zh: 竣工回访, en: call}, starts: project.completed, by: leader}"


@pytest.mark.parametrize("duties", [CALL, CALLS], ids=["one", "a plan"])
def test_what_an_event_asks_for_a_cancelled_customer_is_taken_back_at_once(db: None, duties: str) -> None:
    desk = office(duties)
    customer = desk.customer("王芳")
    project = cases.move(desk.project(BEGUN, customer=customer), "commenced", by=desk.clerk, at=BEGUN)
    Customer.objects.filter(pk=customer.pk).update(cancelled_at=local("2026-01-01 00:00"))

    cases.move(project, "completed", by=desk.clerk, at=BEGUN)
    live_until(local("2027-09-01 00:00"))

    duty = Duty.objects.get()
    assert (duty.voided_at, customer.number in duty.void_reason) == (BEGUN, True)
    assert "注销" in duty.void_reason
    assert not Series.objects.filter(ended_at=None).exists()
    assert not Notice.objects.filter(kind="work.assigned").exists()
    assert clocks_are_right(local("2027-09-01 00:00"))
