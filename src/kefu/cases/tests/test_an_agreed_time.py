"""A promise that starts again at an agreed time starts in the future, and a repair goes only to those who repair."""

from __future__ import annotations

import pytest

from kefu.cases import actions
from kefu.cases.tests.test_a_repair_and_its_rework import accept, at, report, send
from kefu.core.clocks.models import ClockRow
from tests.cast import Cast, local, refuses

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def test_an_appointment_in_the_past_is_refused_and_no_promise_is_missed(cast: Cast):
    case = send(accept(report(cast), cast), cast)
    values = {"agreed_at": "2026-09-23 10:00", "remark": "下雨", "delay_cause": "outside"}

    with refuses("work.agreed_past"):
        actions.move(case, "rescheduled", by=cast.agent, at=at("10:14"), values=values)

    assert not ClockRow.objects.filter(work_id=case.pk, state="missed").exists()
    values["agreed_at"] = "2026-09-24 10:14"
    actions.move(case, "rescheduled", by=cast.agent, at=at("10:14"), values=values)


def test_an_emergency_put_off_by_the_customer_is_promised_from_the_agreed_time(cast: Cast):
    case = send(accept(report(cast), cast, fault="burst_pipe"), cast)
    values = {"agreed_at": "2026-09-25 09:00", "remark": "业主要求明早", "delay_cause": "customer_side"}

    actions.move(case, "rescheduled", by=cast.agent, at=at("10:06"), values=values)

    arrival = ClockRow.objects.filter(work_id=case.pk, clock="arrival").order_by("-run")[0]
    assert (arrival.state, arrival.due_at) == ("running", local("2026-09-25 09:10"))


def test_a_repair_is_given_to_a_worker_only_and_may_be_given_to_another(cast: Cast):
    case = accept(report(cast), cast)
    with refuses("flow.need"):
        actions.move(
            case,
            "dispatched",
            by=cast.agent,
            at=at("10:04"),
            values={"worker": str(cast.owner.pk), "medium": "radio"},
        )

    case = send(send(case, cast), cast)

    assert case.owner_id == cast.worker.pk


def test_who_accepts_keeps_the_case_until_it_is_passed_on(cast: Cast):
    case = accept(report(cast), cast)
    assert case.owner_id == cast.agent.pk

    assert send(case, cast).owner_id == cast.worker.pk
