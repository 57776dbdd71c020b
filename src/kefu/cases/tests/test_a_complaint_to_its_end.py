"""A complaint of the property service centre, from the telephone to both signatures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from kefu.cases import actions
from kefu.cases.models import Case
from kefu.cases.queries import cases_visible_to
from kefu.core.clocks.models import ClockRow
from kefu.core.clocks.sweep import sweep
from kefu.core.ledger.models import Event
from kefu.core.ledger.readers import advance
from kefu.core.work.models import Escalation
from kefu.duties.models import Duty
from kefu.staff.models import Notice
from tests.cast import Cast, local, present, refuses

pytestmark = [pytest.mark.db, pytest.mark.django_db]
THURSDAY = local("2026-09-24 15:00")


def register(cast: Cast, at: datetime = THURSDAY, **values: Any) -> Case:
    given = {"surname": "王", "telephone": "8000001", "content": "电梯三天没修好", **values}
    return actions.register(
        "complaint",
        department=cast.service_centre,
        by=cast.agent,
        at=at,
        subject="电梯停运",
        body="三单元电梯停运三天",
        values=given,
    )


def accept(case: Case, cast: Cast, at: datetime, **values: Any) -> Case:
    given = {
        "house_number": "3-1201",
        "validity": "valid",
        "difficulty": "ordinary",
        "clarification": "已致歉",
        **values,
    }
    return actions.move(case, "accepted", by=cast.agent, at=at, values=given)


def dispatch(case: Case, cast: Cast, at: datetime) -> Case:
    case = actions.move(
        case, "graded", by=cast.agent, at=at, values={"cause": "service_faulty", "severity": "important"}
    )
    return actions.move(
        case,
        "dispatched",
        by=cast.agent,
        at=at,
        values={"handling_department": str(cast.engineering.pk), "arrangement": "今日查看"},
    )


def clock(case: Case, name: str) -> ClockRow:
    return ClockRow.objects.filter(work_kind="case", work_id=case.pk, clock=name).order_by("-run")[0]


def test_a_registered_complaint_has_number_author_event_and_is_found(cast: Cast):
    case = register(cast)

    assert case.number.startswith("TS20260924-")
    assert case.state == "registered"
    assert case.author_id == cast.agent.pk
    opened = Event.objects.get(kind="case.opened")
    assert opened.subject_id == str(case.pk)
    assert "电梯" not in str(opened.data), "free text never stands in the ledger"


def test_the_answer_is_due_in_eight_working_hours_from_the_dispatch(cast: Cast):
    case = accept(register(cast), cast, THURSDAY)
    case = dispatch(case, cast, local("2026-09-24 16:00"))

    assert clock(case, "first_contact").due_at == local("2026-09-28 16:00")


def test_engineering_sees_it_once_it_is_dispatched_and_sales_never(cast: Cast):
    case = accept(register(cast), cast, THURSDAY)
    assert not cases_visible_to(cast.worker, THURSDAY).exists()

    case = dispatch(case, cast, THURSDAY)

    assert list(cases_visible_to(cast.worker, THURSDAY)) == [case]
    assert case.owner_id == cast.engineering_supervisor.pk
    assert not cases_visible_to(cast.stranger, THURSDAY).exists()
    assert not cases_visible_to(cast.auditor, THURSDAY).exists()


def test_a_worker_does_not_accept_complaints(cast: Cast):
    case = register(cast)

    with refuses("flow.post"):
        actions.move(case, "accepted", by=cast.worker, at=THURSDAY, values={"validity": "valid"})


def test_a_missing_house_number_is_named_and_nothing_changes(cast: Cast):
    case = register(cast)

    with refuses("flow.fill"):
        accept(case, cast, THURSDAY, house_number="")
    case.refresh_from_db()
    assert case.state == "registered"
    assert "validity" not in case.values


def test_silence_is_escalated_at_the_due_instant_and_only_once(cast: Cast):
    case = dispatch(accept(register(cast), cast, THURSDAY), cast, local("2026-09-24 16:00"))
    late = local("2026-09-28 16:30")
    present(cast.manager, late)

    sweep(at=late)
    sweep(at=late)

    escalation = Escalation.objects.get(work_id=case.pk)
    assert escalation.person_id == cast.manager.pk
    assert escalation.at == local("2026-09-28 10:30"), (
        "handing back was due first; the same person is asked once"
    )
    assert clock(case, "first_contact").missed_at == local("2026-09-28 16:00")
    assert Notice.objects.filter(person=cast.manager, kind="work.escalated").count() == 1


def test_a_month_without_solution_makes_it_major(cast: Cast):
    case = dispatch(accept(register(cast), cast, THURSDAY), cast, THURSDAY)

    sweep(at=local("2026-10-24 15:00"))

    case.refresh_from_db()
    assert case.values["severity"] == "major"


def test_both_sides_sign_and_every_step_stands_in_the_ledger(cast: Cast):
    case = dispatch(accept(register(cast), cast, THURSDAY), cast, THURSDAY)
    by, at = cast.engineering_supervisor, local("2026-09-24 16:30")
    case = actions.move(case, "taken_on", by=by, at=at)
    case = actions.move(case, "customer_contacted", by=by, at=at, values={"contact_note": "已电话说明"})
    assert clock(case, "first_contact").state == "met"

    kinds = list(
        Event.objects.filter(subject_kind="case").order_by("seq").values_list("data__name", flat=True)
    )
    assert [kind for kind in kinds if kind] == [
        "opened", "accepted", "set", "graded", "dispatched", "set", "taken_on", "customer_contacted",
    ]  # fmt: skip


def test_a_major_complaint_is_reported_to_the_company_by_a_duty(cast: Cast):
    case = accept(register(cast), cast, THURSDAY, difficulty="complex")

    while advance("reactions"):
        pass

    duty = Duty.objects.get(kind="report_to_company")
    assert (duty.parent_kind, duty.parent_id) == ("case", case.pk)
    assert duty.owner_id == cast.quality_manager.pk
    assert duty.due_at == local("2026-09-28 15:00"), "one working day, past the holiday"


def test_a_voided_complaint_owes_nothing_and_can_do_nothing(cast: Cast):
    case = dispatch(accept(register(cast), cast, THURSDAY), cast, THURSDAY)

    case = actions.void(case, by=cast.supervisor, at=THURSDAY, reason="重复登记")

    assert set(ClockRow.objects.filter(work_id=case.pk).values_list("state", flat=True)) <= {
        "superseded",
        "met",
    }
    assert case.due_at is None
    with refuses("work.voided"):
        actions.add_message(case, by=cast.agent, at=THURSDAY, body="再说", public=False)


def test_two_people_take_one_case_and_one_is_told_who_was_first(cast: Cast):
    case = register(cast)
    actions.take(case, by=cast.agent, at=THURSDAY)

    with refuses("case.taken"):
        actions.take(case, by=cast.other_agent, at=THURSDAY)


def test_whoever_saw_an_old_version_is_told(cast: Cast):
    case = register(cast)
    seen = case.revision
    accept(case, cast, THURSDAY)

    with refuses("work.changed"):
        actions.move(case, "explained", by=cast.agent, at=THURSDAY, revision=seen)
