"""The grade while on the phone: short questions, what they would give, and nothing asked twice."""

from __future__ import annotations

import pytest
from django.utils import timezone

from kefu.api.tests.calling import Program
from kefu.cases import actions
from kefu.cases.models import Case
from kefu.cases.tests.desk import desk_of, page_of
from kefu.core.ledger.models import Event
from kefu.core.rulebook.model import Text
from tests.cast import Cast

pytestmark = [pytest.mark.db, pytest.mark.django_db]
CALL = {
    "kind": "complaint",
    "caller": "13812345678",
    "subject": "电梯停运无人处理",
    "body": "等了两天",
    "channel": "telephone",
    "new.surname": "王",
}
ACCEPTED = {"house_number": "1-201", "validity": "valid", "difficulty": "ordinary", "clarification": "致歉"}
PART = {"HX-Request": "true", "HX-Target": "grade-proposed"}


def registered(cast: Cast, **more: str) -> Case:
    answer = desk_of(cast.agent).post("/cases/register/", CALL | more)
    assert answer.status_code == 302, page_of(answer)
    return Case.objects.get()


def graded_form(cast: Cast, case: Case) -> str:
    """The form of the move that sets the grade, as the supervisor sees it."""
    case = actions.move(case, "accepted", by=cast.agent, at=timezone.now(), values=ACCEPTED)
    page = page_of(desk_of(cast.supervisor).get(f"/cases/{case.number}/"))
    form = page[page.index('data-draft="graded"') :]
    return form[: form.index("</form>")]


def test_the_kinds_questions_are_asked_and_each_answer_tells_the_grade(cast: Cast) -> None:
    desk = desk_of(cast.agent)

    form = page_of(desk.get("/cases/register/?kind=complaint"))
    asked = {"kind": "complaint", "new.cause": "service_faulty"}
    told = page_of(desk.get("/cases/register/", asked, headers=PART))
    nothing = page_of(desk.get("/cases/register/", {"kind": "complaint", "new.cause": "other"}, headers=PART))

    for name in ("cause", "asked_again", "responsible_side", "harm", "easily_improved", "human_fault"):
        assert f'name="new.{name}"' in form, name
    assert form.index("new.cause") < form.index("new.harm"), "in the order of the rules"
    assert 'name="new.severity"' not in form, "the grade itself is for the move"
    rulebook = Case(version=_version(cast), kind="complaint").rulebook
    clause: Text = rulebook.clauses["complaint.important"].statement
    assert "重要投诉" in told
    assert clause.zh in told
    assert "「定等级」" in told
    assert "<html" not in told
    assert "未对以上回答规定等级" in nothing
    assert "grade-proposed" not in page_of(desk.get("/cases/register/?kind=repair"))


def test_what_was_told_waits_for_the_move_and_is_no_fact_before(cast: Cast) -> None:
    case = registered(cast, **{"new.cause": "service_faulty"})

    assert "cause" not in case.values
    assert "severity" not in case.values, "the grade is set where the flow sets it"
    event = Event.objects.get(kind="case.told")
    assert event.data == {"told": {"cause": "service_faulty"}}
    assert "原因：服务有过失" in page_of(desk_of(cast.agent).get(f"/cases/{case.number}/"))


def test_the_move_stands_filled_in_with_its_grade_and_is_made_by_one_press(cast: Cast) -> None:
    case = registered(cast, **{"new.cause": "service_faulty"})

    form = graded_form(cast, case)

    assert '<option value="service_faulty" selected>' in form
    assert 'value="important" checked' in form
    assert "制度建议" in form
    sent = {"move": "graded", "graded.cause": "service_faulty", "graded.severity": "important"}
    desk_of(cast.supervisor).post(f"/cases/{case.number}/move/", sent)
    case.refresh_from_db()
    assert (case.values["cause"], case.values["severity"]) == ("service_faulty", "important")


def test_a_program_tells_early_and_is_proposed_what_the_pages_form_shows(cast: Cast) -> None:
    agent, supervisor = Program(cast.agent), Program(cast.supervisor)
    new = {"kind": "complaint", "subject": "电梯停运", "values": {"surname": "王", "telephone": "8000003"}}
    new["values"] |= {"content": "等了两天"}  # type: ignore[operator]  # a mapping

    refused = agent.post("/cases", new | {"told": {"severity": "major"}})
    assert (refused.status, refused.code) == (422, "form.told")
    number = agent.post("/cases", new | {"told": {"cause": "service_faulty"}}).json["number"]
    agent.post(f"/cases/{number}/moves", {"move": "accepted", "values": ACCEPTED})

    def proposed() -> object:
        moves = supervisor.get(f"/cases/{number}/moves").json
        return next(one["proposes"] for one in moves if one["name"] == "graded")

    assert proposed() == {"cause": "service_faulty", "severity": "important"}
    graded = {"move": "graded", "values": {"cause": "other", "severity": "major"}}
    assert supervisor.post(f"/cases/{number}/moves", graded).status == 200
    assert "cause" not in str(proposed()), "what was told is taken in"


def test_facts_that_no_move_takes_in_are_stored_at_once_and_count(cast: Cast) -> None:
    case = registered(cast, **{"new.cause": "other", "new.harm": "injury", "new.responsible_side": "company"})

    assert (case.values["harm"], case.values["responsible_side"]) == ("injury", "company")
    form = graded_form(cast, case)
    assert '<option value="other" selected>' in form
    assert 'value="major" checked' in form


def test_without_answers_all_is_as_it_was(cast: Cast) -> None:
    case = registered(cast)

    assert not Event.objects.filter(kind="case.told").exists()
    form = graded_form(cast, case)
    assert "selected" not in form
    assert "checked" not in form


def test_an_answer_that_is_none_of_the_choices_is_refused_and_nothing_registered(cast: Cast) -> None:
    answer = desk_of(cast.agent).post("/cases/register/", CALL | {"new.cause": "weather"})

    assert answer.status_code == 422
    assert "form.invalid" in page_of(answer)
    assert not Case.objects.exists()
    part = desk_of(cast.agent).get("/cases/register/", {"kind": "salary"}, headers=PART)
    assert part.status_code == 404


def test_what_another_chose_at_the_move_is_not_overwritten(cast: Cast) -> None:
    case = registered(cast, **{"new.cause": "service_faulty"})
    graded_form(cast, case)
    case.refresh_from_db()
    values = {"cause": "severe_deviation", "severity": "major"}
    case = actions.move(case, "graded", by=cast.supervisor, at=timezone.now(), values=values)

    page = page_of(desk_of(cast.supervisor).get(f"/cases/{case.number}/"))

    form = page[page.index('data-draft="graded"') :]
    assert "service_faulty" in form
    assert '<option value="service_faulty" selected>' not in form[: form.index("</form>")]


def _version(cast: Cast) -> str:
    from kefu.staff.rights import rulebook_of

    return rulebook_of(cast.service_centre, timezone.now()).version
