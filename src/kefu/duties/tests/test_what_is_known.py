"""A duty starts with what is on record: nobody types again what the case, the customer or the calendar knows."""

from __future__ import annotations

import pytest

from kefu.cases import actions as cases
from kefu.core.rulebook.model import Ref
from kefu.documents.work_page import form_of
from kefu.duties import actions as duties
from kefu.duties.giving import give
from kefu.duties.models import Duty
from tests.cast import local, refuses

from .office import FOUNDED, live_until, office

pytestmark = pytest.mark.db

FORM = """  sheet:
    title: {zh: 回访单, en: sheet}
    fields:
      customer: {title: {zh: 客户, en: customer}, type: record, of: customer, prefill: origin.customer}
      phone: {title: {zh: 电话, en: phone}, type: text, privacy: phone, prefill: customer.phone}
      number_of: {title: {zh: 工单编号, en: case}, type: text, prefill: origin.number}
      site: {title: {zh: 工地, en: site}, type: record, of: project, prefill: origin}
      week: {title: {zh: 周, en: week}, type: span, prefill: period}
      whose: {title: {zh: 回访人, en: caller}, type: record, of: person, prefill: owner}
"""
CALL = "call: {title: {zh: 回访, en: call}, starts: project.completed, by: manager, form: sheet}"
ROUND = "round: {title: {zh: 周检, en: round}, every: week, each: {of: project}, by: manager, form: sheet}"


def test_a_duty_that_an_event_opens_knows_the_customer_the_number_and_the_case(db: None) -> None:
    desk = office(CALL, forms=FORM)
    customer = desk.customer("赵小明")
    project = desk.project(FOUNDED, customer=customer)
    for move in ("commenced", "completed"):
        cases.move(project, move, by=desk.clerk, at=FOUNDED)
    live_until(FOUNDED)

    values = Duty.objects.get(kind="call").values

    assert values["customer"] == customer.ref
    assert values["phone"] == "138 0013 8000"
    assert values["number_of"] == project.number
    assert values["site"] == Ref("project", str(project.pk))
    assert values["whose"] == desk.manager.ref


def test_a_duty_that_comes_round_knows_its_period_and_whose_it_is(db: None) -> None:
    desk = office(ROUND, forms=FORM)
    customer = desk.customer("赵小明")
    project = desk.project(FOUNDED, customer=customer)
    live_until(FOUNDED)

    values = Duty.objects.get(kind="round").values

    assert values["week"] == (local("2026-09-14 00:00"), local("2026-09-21 00:00"))
    assert values["site"] == Ref("project", str(project.pk))
    assert values["customer"] == customer.ref


REQUIRED = """
  sheet:
    title: {zh: 检查表, en: sheet}
    fields:
      findings: {title: {zh: 检查情况, en: findings}, type: text, required: true}
"""


@pytest.mark.parametrize("rule", [ROUND.replace(", each: {of: project}", ""), CALL], ids=["round", "call"])
def test_a_duty_opens_empty_and_is_done_when_what_its_form_requires_is_filled_in(db: None, rule: str) -> None:
    desk = office(rule, forms=REQUIRED)
    project = desk.project(FOUNDED)
    for move in ("commenced", "completed"):
        cases.move(project, move, by=desk.clerk, at=FOUNDED)
    live_until(FOUNDED)
    duty = Duty.objects.get(department=desk.department)

    with refuses("form.missing"):
        duties.move(duty, "done", by=desk.manager, at=FOUNDED)

    assert form_of(duty, duty.flow.moves["done"]) == ("findings",)
    assert duties.move(duty, "done", by=desk.manager, at=FOUNDED, values={"findings": "正常"}).closed_at


def test_a_task_that_somebody_gives_is_said_at_once(db: None) -> None:
    task = "task: {title: {zh: 任务, en: task}, by: clerk, form: order, due: wanted_by}"
    desk = office(task)

    with refuses("form.missing"):
        give("task", to=desk.clerk, values={"task": "盘点"}, by=desk.leader, at=FOUNDED)
