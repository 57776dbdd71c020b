"""A repair of the property service centre: five promises, a call after it, and a rework of what remains."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from kefu.cases import actions
from kefu.cases.models import Case
from kefu.cases.queries import cases_visible_to
from kefu.core.clocks.models import ClockRow
from kefu.core.clocks.sweep import sweep
from kefu.core.ledger.readers import advance
from kefu.core.rulebook.model import Ref
from kefu.core.work.models import Escalation
from kefu.duties import actions as duties
from kefu.duties.models import Duty
from kefu.staff.models import Notice
from tests.cast import Cast, local, present, refuses

pytestmark = [pytest.mark.db, pytest.mark.django_db]
TEN = local("2026-09-24 10:00")
SLIP = {"surname": "王", "telephone": "8000001", "content": "厨房水管滴水"}


def at(time: str) -> datetime:
    return local(f"2026-09-24 {time}")


def report(cast: Cast) -> Case:
    return actions.register(
        "repair", department=cast.service_centre, by=cast.agent, at=TEN, subject="水管滴水", values=SLIP
    )


def accept(case: Case, cast: Cast, **values: Any) -> Case:
    given = {"fault": "dripping_tap", "size": "small", **values}
    return actions.move(case, "accepted", by=cast.agent, at=at("10:02"), values=given)


def send(case: Case, cast: Cast) -> Case:
    values = {"worker": str(cast.worker.pk), "medium": "radio"}
    return actions.move(case, "dispatched", by=cast.agent, at=at("10:04"), values=values)


def finish(case: Case, cast: Cast) -> Case:
    case = actions.move(case, "arrived", by=cast.worker, at=at("10:20"))
    values = {"work_done": "更换垫圈", "customer_signature": "王"}
    return actions.move(case, "finished", by=cast.worker, at=at("11:00"), values=values)


def follow() -> None:
    while advance("reactions"):
        pass


def clocks(case: Case) -> dict[str, ClockRow]:
    rows = ClockRow.objects.filter(work_kind="case", work_id=case.pk).order_by("run")
    return {row.clock: row for row in rows}


def test_a_repair_is_notified_in_five_minutes_and_a_small_one_done_in_a_day(cast: Cast):
    case = send(accept(report(cast), cast), cast)

    standing = clocks(case)
    assert (standing["dispatch"].due_at, standing["dispatch"].state) == (at("10:05"), "met")
    assert standing["completion"].due_at == local("2026-09-25 10:00") or standing[
        "completion"
    ].due_at == local("2026-09-25 10:02")
    assert "arrival" not in standing, "only emergencies promise ten minutes"
    assert case.owner_id == cast.worker.pk


def test_an_emergency_is_promised_in_ten_minutes_and_silence_goes_up(cast: Cast):
    case = send(accept(report(cast), cast, fault="burst_pipe"), cast)
    assert clocks(case)["arrival"].due_at == at("10:10")
    present(cast.engineering_supervisor, at("10:09"))

    sweep(at=at("10:11"))

    assert clocks(case)["arrival"].state == "missed"
    assert Escalation.objects.get(work_id=case.pk).person_id == cast.engineering_supervisor.pk
    assert Notice.objects.filter(person=cast.manager).count() == 1


def test_a_large_repair_needs_its_date_set_by_hand(cast: Cast):
    case = report(cast)

    with refuses("flow.need"):
        accept(case, cast, size="large")

    case = accept(case, cast, size="large", promised_at="2026-09-30 18:00")
    assert clocks(case)["completion"].due_at == local("2026-09-30 18:00")


def test_half_an_hour_of_silence_makes_the_centre_call_the_customer(cast: Cast):
    case = send(accept(report(cast), cast), cast)

    sweep(at=at("10:35"))

    duty = Duty.objects.get(kind="explain_delay")
    assert (duty.parent_id, duty.opened_at) == (case.pk, at("10:34"))


def test_the_companys_delay_moves_nothing_and_the_customers_restarts_the_clock(cast: Cast):
    case = send(accept(report(cast), cast), cast)
    promised = clocks(case)["completion"].due_at
    case = actions.move(case, "delay_told", by=cast.worker, at=at("10:10"), values={"delay_cause": "company"})
    case = actions.move(case, "company_delay", by=cast.agent, at=at("10:12"), values={"remark": "缺配件"})
    assert clocks(case)["completion"].due_at == promised
    appointment = {"agreed_at": "2026-09-26 14:00", "remark": "业主外出"}
    with refuses("flow.need"):
        actions.move(case, "rescheduled", by=cast.agent, at=at("10:13"), values=appointment)

    case = actions.move(
        case,
        "rescheduled",
        by=cast.agent,
        at=at("10:14"),
        values={**appointment, "delay_cause": "customer_side"},
    )

    completion = clocks(case)["completion"]
    assert (completion.run, completion.due_at) == (2, local("2026-09-27 14:00"))
    first = ClockRow.objects.get(work_id=case.pk, clock="completion", run=1)
    assert first.state == "rescheduled"


def test_an_appointment_without_a_remark_is_refused(cast: Cast):
    case = send(accept(report(cast), cast), cast)

    with refuses("flow.fill"):
        actions.move(
            case,
            "rescheduled",
            by=cast.agent,
            at=at("10:14"),
            values={"agreed_at": "2026-09-26 14:00", "delay_cause": "customer_side"},
        )


def test_a_repair_is_not_closed_before_the_customer_was_called(cast: Cast):
    case = finish(send(accept(report(cast), cast), cast), cast)
    follow()

    with refuses("flow.need"):
        actions.move(case, "closed", by=cast.agent, at=at("11:10"))

    call = Duty.objects.get(kind="repair_call")
    assert call.values["surname"] == "王"
    ratings = dict.fromkeys(("timeliness", "attitude", "quality", "charge", "dress"), "5")
    call = duties.move(call, "done", by=cast.agent, at=at("11:20"), values={**ratings, "defect": "none_left"})
    assert call.closed_at == at("11:20")
    case = actions.move(case, "closed", by=cast.agent, at=at("11:21"))
    assert case.closed_at == at("11:21")
    follow()
    assert Case.objects.count() == 1, "nothing remained, nothing follows"


def test_a_rating_out_of_range_is_refused_and_the_call_stays_open(cast: Cast):
    finish(send(accept(report(cast), cast), cast), cast)
    follow()
    call = Duty.objects.get(kind="repair_call")

    with refuses("form.invalid"):
        duties.move(call, "done", by=cast.agent, at=at("11:20"), values={"timeliness": "6"})
    call.refresh_from_db()
    assert call.is_open


def test_a_defect_that_remains_brings_a_rework_a_special_follow_up_and_tells_engineering(cast: Cast):
    case = finish(send(accept(report(cast), cast), cast), cast)
    follow()
    call = Duty.objects.get(kind="repair_call")
    ratings = dict.fromkeys(("timeliness", "attitude", "quality", "charge", "dress"), "3")

    duties.move(call, "done", by=cast.agent, at=at("15:00"), values={**ratings, "defect": "remains"})
    follow()

    rework = Case.objects.exclude(pk=case.pk).get()
    assert rework.values["rework_of"] == Ref("repair", str(case.pk))
    assert (rework.parent_kind, rework.parent_id) == ("case", case.pk)
    assert clocks(rework)["rework"].due_at == local("2026-09-25 15:00")
    assert Duty.objects.get(kind="special_follow_up").due_at == local("2026-09-25 15:00")
    assert Notice.objects.filter(person=cast.engineering_supervisor, kind="work.told").exists()


def test_following_twice_does_nothing_twice(cast: Cast):
    finish(send(accept(report(cast), cast), cast), cast)
    follow()
    follow()

    assert Duty.objects.filter(kind="repair_call").count() == 1


def test_the_head_of_engineering_sees_what_is_in_the_hands_of_the_workers(cast: Cast):
    case = send(accept(report(cast), cast), cast)

    assert list(cases_visible_to(cast.engineering_supervisor, TEN)) == [case]
    assert not cases_visible_to(cast.stranger, TEN).exists()
