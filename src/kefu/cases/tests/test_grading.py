"""The grade of a complaint: proposed by its cause, a lower one with a reason on record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kefu.api.tests.calling import Program
from kefu.cases import actions
from kefu.cases.models import Case
from kefu.cases.tests.desk import SLIP, desk_of, page_of
from kefu.core.ledger.models import Event
from tests.cast import Cast

pytestmark = [pytest.mark.db, pytest.mark.django_db]
ACCEPTED = {"house_number": "1-201", "validity": "valid", "difficulty": "ordinary", "clarification": "致歉"}
LOWER = {"move": "graded", "graded.cause": "service_faulty", "graded.severity": "minor"}


@pytest.fixture
def case(cast: Cast) -> Case:
    at = timezone.now() - timedelta(hours=1)
    case = actions.register(
        "complaint", department=cast.service_centre, by=cast.agent, at=at, subject="电梯停运", values=SLIP
    )
    return actions.move(case, "accepted", by=cast.agent, at=at, values=ACCEPTED)


def test_the_page_preselects_what_the_cause_proposes_and_says_by_which_clause(cast: Cast, case: Case) -> None:
    answer = desk_of(cast.agent).get(
        f"/cases/{case.number}/grade/", {"move": "graded", "graded.cause": "service_faulty"}
    )

    page = page_of(answer)
    assert 'value="important" checked' in page
    assert "制度建议" in page
    assert case.rulebook.clauses["complaint.important"].statement.zh in page
    assert "<html" not in page


def test_another_cause_proposes_anew_unless_somebody_chose_otherwise(cast: Cast, case: Case) -> None:
    desk, url = desk_of(cast.agent), f"/cases/{case.number}/grade/"
    asked = {"move": "graded", "graded.proposed": "important", "graded.cause": "other"}

    followed = page_of(desk.get(url, asked | {"graded.severity": "important"}))
    chosen = page_of(desk.get(url, asked | {"graded.severity": "major"}))

    assert "checked" not in followed
    assert 'value="major" checked' in chosen


def test_a_lower_grade_wants_a_reason_which_stays_on_record(cast: Cast, case: Case) -> None:
    desk, url = desk_of(cast.agent), f"/cases/{case.number}/move/"

    refused = page_of(desk.post(url, LOWER))
    case.refresh_from_db()
    assert "grade.reason" in refused
    assert "重要投诉" in refused
    assert "severity" not in case.values

    answer = desk.post(url, LOWER | {"reason": "客户已表示谅解"})
    case.refresh_from_db()
    assert (answer.status_code, case.values["severity"]) == (302, "minor")
    moved = Event.objects.get(kind="case.moved", subject_id=str(case.pk), data__name="graded")
    assert (moved.data["lowered_from"], moved.data["reasoned"]) == ("important", True)
    page = page_of(desk.get(f"/cases/{case.number}/"))
    assert "客户已表示谅解" in page
    assert "低于制度建议" in page


@pytest.mark.parametrize(
    ("cause", "severity"), [("service_faulty", "important"), ("service_faulty", "major")]
)
def test_the_proposed_grade_and_a_heavier_one_want_none(
    cast: Cast, case: Case, cause: str, severity: str
) -> None:
    values = {"cause": cause, "severity": severity}
    case = actions.move(case, "graded", by=cast.agent, at=timezone.now(), values=values)

    assert case.values["severity"] == severity


def test_a_program_is_told_the_proposal_and_asked_for_the_reason(cast: Cast, case: Case) -> None:
    program, url = Program(cast.agent), f"/cases/{case.number}/moves"
    lower = {"move": "graded", "values": {"cause": "service_faulty", "severity": "minor"}}

    refused = program.post(url, lower)
    assert (refused.status, refused.code) == (422, "grade.reason")
    assert program.post(url, lower | {"reason": "客户谅解"}).json["grade"] == "minor"
    offered = {one["name"]: one["proposes"] for one in program.get(url).json}
    assert offered["graded"] == {"severity": "important"}


def test_a_grade_that_was_heavier_is_not_lowered_in_silence(cast: Cast, case: Case) -> None:
    desk, url = desk_of(cast.agent), f"/cases/{case.number}/move/"
    values = {"cause": "other", "severity": "major"}
    actions.move(case, "graded", by=cast.agent, at=timezone.now(), values=values)

    answer = desk.post(url, {"move": "graded", "graded.cause": "other", "graded.severity": "minor"})

    assert "grade.reason" in page_of(answer)
