"""A repair of the property service centre: told late, mended, followed up by telephone, mended again."""

import pytest

from kefu.cases import actions
from kefu.cases.models import Case
from kefu.core.clocks.models import ClockRow
from kefu.core.clocks.sweep import sweep
from kefu.core.ledger.readers import advance
from kefu.duties import actions as duties
from kefu.duties.models import Duty
from kefu.staff.models import Notice
from tests.cast import Cast, local, refuses

pytestmark = [pytest.mark.db, pytest.mark.django_db]

REPORTED = local("2026-09-24 15:00")
RATINGS = {"timeliness": 4, "attitude": 5, "quality": 2, "charge": 5, "dress": 5}


def react() -> None:
    while advance("reactions"):
        pass


def reported(cast: Cast) -> Case:
    return actions.register(
        "repair",
        department=cast.service_centre,
        by=cast.agent,
        at=REPORTED,
        subject="水龙头滴水",
        values={"surname": "孙", "telephone": "8000003", "content": "厨房龙头滴水"},
    )


def with_worker(cast: Cast) -> Case:
    case = reported(cast)
    at = local("2026-09-24 15:03")
    case = actions.move(
        case, "accepted", by=cast.agent, at=at, values={"fault": "dripping_tap", "size": "small"}
    )
    values = {"worker": str(cast.worker.pk), "medium": "radio"}
    return actions.move(case, "dispatched", by=cast.agent, at=at, values=values)


def finished(cast: Cast) -> Case:
    case = actions.move(with_worker(cast), "arrived", by=cast.worker, at=local("2026-09-24 15:20"))
    values = {"work_done": "换了垫圈", "customer_signature": "sign-1"}
    case = actions.move(case, "finished", by=cast.worker, at=local("2026-09-24 15:50"), values=values)
    react()
    return case


def clock(case: Case, name: str) -> ClockRow:
    return ClockRow.objects.filter(work_kind="case", work_id=case.pk, clock=name).latest("run")


def test_notice_within_five_minutes_and_a_day_to_mend_a_small_thing(cast: Cast) -> None:
    case = with_worker(cast)

    assert clock(case, "dispatch").state == "met"
    assert clock(case, "completion").due_at == local("2026-09-25 15:03")
    assert case.owner_id == cast.worker.pk


def test_silence_for_half_an_hour_makes_the_centre_explain(cast: Cast) -> None:
    case = with_worker(cast)

    sweep(at=local("2026-09-24 15:40"))

    duty = Duty.objects.get(kind="explain_delay")
    assert duty.parent_id == case.pk
    values = {"explained": "楼上水管", "agreed_at": "2026-09-25 09:00"}
    duties.move(duty, "done", by=cast.agent, at=local("2026-09-24 15:45"), values=values)
    react()
    assert Notice.objects.filter(person=cast.worker).exists(), "the worker is told the agreed time"


def test_the_customer_s_delay_starts_the_clock_again_at_the_agreed_time(cast: Cast) -> None:
    case = with_worker(cast)
    at = local("2026-09-24 15:25")
    case = actions.move(case, "delay_told", by=cast.worker, at=at, values={"delay_cause": "customer_side"})

    with refuses("flow.fill"):
        actions.move(case, "rescheduled", by=cast.agent, at=at, values={"agreed_at": "2026-09-26 14:00"})
    values = {"agreed_at": "2026-09-26 14:00", "remark": "家中无人"}
    case = actions.move(case, "rescheduled", by=cast.agent, at=at, values=values)

    assert clock(case, "completion").due_at == local("2026-09-27 14:00")


def test_a_repair_closes_only_after_the_call_with_five_ratings(cast: Cast) -> None:
    case = finished(cast)
    at = local("2026-09-24 16:30")
    with refuses("flow.need"):
        actions.move(case, "closed", by=cast.agent, at=at)

    call = Duty.objects.get(kind="repair_call")
    assert call.values["telephone"] == "8000003", "whoever calls has the number at hand"
    with refuses("flow.need"):
        duties.move(call, "done", by=cast.agent, at=at, values={"timeliness": 5, "defect": "none_left"})
    duties.move(call, "done", by=cast.agent, at=at, values={**RATINGS, "defect": "none_left"})

    assert actions.move(case, "closed", by=cast.agent, at=at).state == "closed"


def test_a_defect_that_remains_is_mended_within_a_day_and_engineering_is_told(cast: Cast) -> None:
    case = finished(cast)
    call = Duty.objects.get(kind="repair_call")
    at = local("2026-09-24 16:30")

    duties.move(call, "done", by=cast.agent, at=at, values={**RATINGS, "defect": "remains"})
    react()

    rework = Case.objects.filter(kind="repair").exclude(pk=case.pk).get()
    assert rework.values["content"] == "厨房龙头滴水"
    assert clock(rework, "rework").due_at == local("2026-09-25 16:30")
    assert Duty.objects.get(kind="special_follow_up").due_at == local("2026-09-25 16:30")
    assert Notice.objects.filter(person=cast.engineering_supervisor).exists()
