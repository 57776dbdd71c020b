"""Nudges and supervision: on the ledger, told to who has the case, answered in time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kefu.cases import actions, following, urging
from kefu.cases.models import Case
from kefu.core.jobs.running import Run
from kefu.core.ledger import Actor
from kefu.core.work.queries import events
from kefu.staff.models import Notice, Person
from tests.cast import Cast, local, refuses

pytestmark = [pytest.mark.db, pytest.mark.django_db]
TEN = local("2026-09-24 10:00")
NOON = local("2026-09-24 12:00")
SLIP = {"surname": "王", "telephone": "13812345678", "content": "厨房水管滴水"}


def report(cast: Cast, owner: Person | None = None, **more: Any) -> Case:
    given: dict[str, Any] = {"by": cast.agent, "subject": "水管滴水", "values": SLIP} | more
    case = actions.register("repair", department=cast.service_centre, at=TEN, **given)
    return actions.take(case, by=owner, at=TEN) if owner else case


def told(person: Person, kind: str) -> int:
    return Notice.objects.filter(person=person, kind=kind).count()


def test_a_nudge_is_on_record_and_told_to_the_owner_and_their_leader(cast):
    case = report(cast, cast.agent)

    urging.nudge(case, by=cast.other_agent, at=TEN, reason="客户又来电")

    assert [event.data["times"] for event in events(case) if event.kind == "case.nudged"] == [1]
    assert (told(cast.agent, "case.nudged"), told(cast.supervisor, "case.nudged")) == (1, 1)
    assert told(cast.other_agent, "case.nudged") == 0
    assert "客户又来电" not in str([event.data for event in events(case)])


def test_a_case_nobody_has_is_told_to_who_leads_the_department(cast):
    urging.nudge(report(cast), by=cast.agent, at=TEN, reason="没人接")

    assert told(cast.manager, "case.nudged") == 1


def test_one_person_does_not_nudge_again_at_once(cast):
    case = report(cast, cast.agent)
    urging.nudge(case, by=cast.other_agent, at=TEN, reason="急")

    with refuses("nudge.too_many"):
        urging.nudge(case, by=cast.other_agent, at=TEN + timedelta(minutes=29), reason="急")
    urging.nudge(case, by=cast.manager, at=TEN + timedelta(minutes=1), reason="急")
    urging.nudge(case, by=cast.other_agent, at=TEN + timedelta(minutes=30), reason="急")

    assert urging.urged([case]) == {case.pk: (3, 0)}


def test_a_customer_may_nudge(cast):
    urge = urging.nudge(report(cast, cast.agent), by=Actor("customer:5"), at=TEN, reason="还没人来")

    assert urge.person is None


def test_a_reason_is_asked_for_and_the_case_must_be_open(cast):
    case = report(cast, cast.agent)

    with refuses("nudge.reason"):
        urging.nudge(case, by=cast.other_agent, at=TEN, reason=" ")
    Case.objects.filter(pk=case.pk).update(closed_at=TEN)
    with refuses("case.over"):
        urging.nudge(case, by=cast.other_agent, at=TEN, reason="急")


def test_a_leader_up_the_line_supervises_and_is_answered(cast):
    case = report(cast, cast.agent)
    urge = urging.supervise(case, by=cast.manager, at=TEN, reason="今日反馈进展", feedback_by=NOON)
    assert (told(cast.agent, "case.supervised"), told(cast.supervisor, "case.supervised")) == (1, 1)
    assert urging.urged([case]) == {case.pk: (0, 1)}

    urging.answer(urge, by=cast.agent, at=TEN + timedelta(hours=1), words="师傅已在路上")

    assert urging.urges_of(case)[0].answer == "师傅已在路上"
    assert urging.urged([case]) == {}
    assert told(cast.manager, "case.answered") == 1
    with refuses("supervision.answered"):
        urging.answer(urge, by=cast.agent, at=NOON, words="再说一次")


@pytest.mark.parametrize("who", ["agent", "other_agent", "stranger", "worker", "engineering_supervisor"])
def test_nobody_else_supervises(cast, who):
    case = report(cast, cast.agent)

    with refuses("case.may_not"):
        urging.supervise(case, by=getattr(cast, who), at=TEN, reason="快", feedback_by=NOON)


def test_the_answer_is_the_owners_or_a_leaders(cast):
    urge = urging.supervise(report(cast, cast.agent), by=cast.manager, at=TEN, reason="快", feedback_by=NOON)

    with refuses("case.may_not"):
        urging.answer(urge, by=cast.other_agent, at=TEN, words="好")
    with refuses("supervision.past"):
        urging.supervise(urge.case, by=cast.manager, at=NOON, reason="快", feedback_by=NOON)


def test_without_an_answer_leader_and_owner_are_told_when_the_time_is_up(cast):
    case = report(cast, cast.agent)
    urging.supervise(case, by=cast.manager, at=TEN, reason="快", feedback_by=NOON)
    actions.assign(case, cast.other_agent, by=cast.manager, at=TEN)

    following.remind_due(Run(1, "", 0, {}, ""), NOON)

    assert told(cast.manager, "case.feedback_due") == 1
    assert (told(cast.other_agent, "case.feedback_due"), told(cast.agent, "case.feedback_due")) == (1, 0)
