"""What a rule counts: what was opened for the work that asks, or what its department did in a period."""

from __future__ import annotations

from datetime import datetime

import pytest

from kefu.core.errors import Refused
from kefu.core.ledger import SYSTEM
from kefu.core.ledger.readers import advance
from kefu.core.rulebook import load_files, to_source
from kefu.core.versions import queries as versions
from kefu.core.versions.actions import publish
from kefu.core.work import actions
from kefu.duties.models import Duty
from kefu.staff.models import Department
from tests.cast import Cast, local, refuses

pytestmark = [pytest.mark.db, pytest.mark.django_db]
FROM = local("2026-09-01 00:00")
NEED = "{clause: one, that: {count: {of: visit, during: month, %s}}, say: {zh: 还不够, en: not enough}}"
RULES = """
posts:
  agent: {title: {zh: 专员, en: agent}}
calendar:
  office: {zone: Asia/Shanghai, hours: {office_hours: mon-fri 08:30-18:00}, holidays: china, working_day: 8 hours}
clauses:
  one: {chapter: {zh: 一, en: one}, statement: {zh: 按时完成, en: do it in time}}
forms:
  visit: {title: {zh: 走访, en: visit}, fields: {satisfied: {title: {zh: 满意, en: satisfied}, type: choice,
    options: {yes: {zh: 是, en: yes}, no: {zh: 否, en: no}}}, house: {title: {zh: 房号, en: house}, type: text}}}
duties:
  visit: {title: {zh: 走访, en: visit}, clause: one, by: agent}
  quota: {title: {zh: 走访任务, en: quota}, clause: one, by: agent, every: month, needs: [NEED]}
  praise: {title: {zh: 表扬, en: praise}, clause: one, by: agent}
reactions:
  second_of_the_month: {title: {zh: 当月第二次, en: the second of a month}, clause: one, after: visit.done,
    when: {count: {of: visit, during: month, at_least: 2}}, do: [{open: praise}]}
"""


@pytest.fixture
def desk(cast: Cast) -> Cast:
    Department.objects.update(pack="desk")
    Department.objects.filter(parent__isnull=False).update(pack="")
    return cast


def rules(need: str) -> None:
    files = {
        "desk/pack.yaml": b"name: desk\ntitle: {zh: x, en: desk}\n",
        "desk/a.yaml": RULES.replace("NEED", NEED % need).encode(),
    }
    publish(to_source(load_files("desk", files)), by=SYSTEM, at=FROM, in_force_from=FROM)


def duty(kind: str, department: Department, at: datetime, **values: object) -> Duty:
    rulebook = versions.in_force("desk", at)
    return actions.open_work(
        Duty, kind, department=department, rulebook=rulebook, by=SYSTEM, at=at, values=values
    )


def visited(department: Department, day: str, **values: object) -> Duty:
    made = duty("visit", department, local(f"{day} 09:00"), **values)
    return actions.move(made, "done", by=SYSTEM, at=local(f"{day} 17:00"))


def finish(quota: Duty, day: str) -> Duty:
    return actions.move(quota, "done", by=SYSTEM, at=local(f"{day} 12:00"))


def test_a_quota_counts_what_was_done_in_its_own_month_and_not_what_is_open_or_of_another_month(desk: Cast):
    rules("at_least: 2")
    quota = duty("quota", desk.service_centre, local("2026-09-01 00:00"))
    visited(desk.service_centre, "2026-09-30")
    visited(desk.service_centre, "2026-10-01")
    duty("visit", desk.service_centre, local("2026-09-20 09:00"))
    with refuses("flow.need"):
        finish(quota, "2026-09-30")

    visited(desk.service_centre, "2026-09-02")

    assert finish(quota, "2026-10-02").state == "done", "done late, it still asks of its own month"


def test_another_department_does_not_count_and_one_below_does(desk: Cast):
    rules("at_least: 1")
    below = Department.objects.create(code="below", name="分部", parent=desk.service_centre)
    quota = duty("quota", desk.service_centre, local("2026-09-01 00:00"))
    visited(desk.sales, "2026-09-02")
    with refuses("flow.need"):
        finish(quota, "2026-09-30")

    visited(below, "2026-09-02")

    assert finish(quota, "2026-09-30").state == "done"


def test_different_ones_are_counted_once(desk: Cast):
    rules("same: [house], at_least: 2")
    quota = duty("quota", desk.service_centre, local("2026-09-01 00:00"))
    visited(desk.service_centre, "2026-09-02", house="1-101")
    visited(desk.service_centre, "2026-09-03", house="1-101")
    with refuses("flow.need"):
        finish(quota, "2026-09-30")

    visited(desk.service_centre, "2026-09-04", house="1-102")

    assert finish(quota, "2026-09-30").state == "done"


def test_a_share_is_of_those_among_which_it_is_asked_and_of_none_it_holds(desk: Cast):
    rules("among: {house: any}, where: {satisfied: yes}, at_least: 80%")
    assert finish(duty("quota", desk.service_centre, local("2026-09-01 00:00")), "2026-09-30").state == "done"
    quota = duty("quota", desk.service_centre, local("2026-09-01 00:00"))
    for day, satisfied in enumerate(["yes"] * 3 + ["no"], start=1):
        visited(desk.service_centre, f"2026-09-0{day}", house="1", satisfied=satisfied)
    visited(desk.service_centre, "2026-09-09", satisfied="no")  # not among them
    with pytest.raises(Refused):
        finish(quota, "2026-09-30")

    visited(desk.service_centre, "2026-09-10", house="1", satisfied="yes")

    assert finish(quota, "2026-09-30").state == "done", "four of five"


def test_a_reaction_counts_in_the_month_in_which_it_happened_not_in_that_of_the_opening(desk: Cast):
    rules("at_least: 1")
    first, second = (duty("visit", desk.service_centre, local("2026-09-30 17:00")) for _ in range(2))
    visited(desk.service_centre, "2026-09-29")
    actions.move(first, "done", by=SYSTEM, at=local("2026-10-01 09:00"))
    follow()
    assert not Duty.objects.filter(kind="praise").exists(), "the first of October"

    actions.move(second, "done", by=SYSTEM, at=local("2026-10-02 09:00"))
    follow()

    assert Duty.objects.filter(kind="praise").count() == 1


def follow() -> None:
    while advance("reactions"):
        pass
