"""Trying to reach a customer: how often, how far apart, at which hours; and what it takes to give up."""

from __future__ import annotations

from datetime import datetime

import pytest

from kefu.cases import actions as cases
from kefu.core.work import actions as work
from kefu.duties import actions as duties
from kefu.duties.calls import call_list, hand_out, proposed
from kefu.duties.models import Attempt, Duty
from kefu.duties.trying import attempt, may_end_unreached
from kefu.staff.actions import mark_away
from tests.cast import local, refuses

from .office import Office, catch_up, clocks_are_right, office

pytestmark = pytest.mark.db

CALL = """call: {title: {zh: 回访电话, en: follow-up call}, starts: project.completed, by: clerk, due: 72 hours,
  form: note,
  needs: [{that: {said: any}, say: {zh: 请写明, en: write it down}}],
  attempts: {at_most: 3, spacing: 4 hours, inside: office_hours}}"""
TEN = local("2026-09-17 10:00")


def called(desk: Office, at: datetime = TEN) -> Duty:
    """The call that a completed project brings about."""
    project = cases.move(
        desk.project(at, customer=desk.customer("王芳", at)), "commenced", by=desk.clerk, at=at
    )
    cases.move(project, "completed", by=desk.clerk, at=at)
    catch_up()
    return Duty.objects.latest("pk")


def tried(duty: Duty, desk: Office, at: str, result: str = "no_answer") -> Attempt:
    return attempt(duty, channel="telephone", result=result, by=desk.clerk, at=local(f"2026-09-{at}"))


def test_the_first_try_takes_the_duty(db: None) -> None:
    desk = office(CALL)
    duty = called(desk)

    tried(duty, desk, "17 10:05")

    duty.refresh_from_db()
    assert duty.owner_id == desk.clerk.pk
    assert duty.facts()["tries"] == 1
    with refuses("duty.not_yours"):
        attempt(duty, channel="telephone", result="busy", by=desk.clerks[1], at=local("2026-09-17 15:00"))


def test_tries_lie_apart_as_the_rule_says(db: None) -> None:
    desk = office(CALL)
    duty = called(desk)
    tried(duty, desk, "17 10:05")

    with refuses("attempt.too_soon"):
        tried(duty, desk, "17 14:04")
    tried(duty, desk, "17 14:05")

    assert Attempt.objects.count() == 2


@pytest.mark.parametrize("at", ["17 12:00", "17 20:00", "18 08:29", "19 10:00"])
def test_customers_are_left_in_peace_outside_the_hours(db: None, at: str) -> None:
    desk = office(CALL)

    with refuses("attempt.quiet"):
        tried(called(desk), desk, at)


def test_after_the_last_try_it_may_end_as_not_reached_and_not_before(db: None) -> None:
    desk = office(CALL)
    duty = called(desk)
    for at in ("17 10:05", "17 14:05"):
        tried(duty, desk, at)
    with refuses("flow.need"):
        duties.move(duty, "not_reached", by=desk.clerk, at=local("2026-09-17 15:00"))

    tried(duty, desk, "18 08:30", "wrong_number")
    duty.refresh_from_db()
    assert may_end_unreached(duty)
    with refuses("attempt.enough"):
        tried(duty, desk, "18 14:00")
    duty = duties.move(duty, "not_reached", by=desk.clerk, at=local("2026-09-18 15:00"))

    assert duty.closed_at is not None
    assert [one.result for one in duty.attempts.all()] == ["no_answer", "no_answer", "wrong_number"]
    assert clocks_are_right(local("2026-09-18 15:00"))


def test_a_try_that_reached_somebody_is_none_in_vain(db: None) -> None:
    desk = office(CALL)
    duty = called(desk)

    tried(duty, desk, "17 10:05", "reached")

    duty.refresh_from_db()
    assert "tries" not in duty.facts()


def test_nobody_calls_a_customer_whose_duty_was_withdrawn(db: None) -> None:
    desk = office(CALL)
    duty = called(desk)
    work.void(duty, by=desk.manager, at=TEN, reason="客户已注销")

    with refuses("work.voided"):
        tried(duty, desk, "17 10:05")


@pytest.mark.parametrize(
    ("channel", "result", "code"), [("pigeon", "busy", "channel"), ("telephone", "x", "result")]
)
def test_other_words_are_refused(db: None, channel: str, result: str, code: str) -> None:
    desk = office(CALL)

    with refuses(f"attempt.{code}"):
        attempt(called(desk), channel=channel, result=result, by=desk.clerk, at=TEN)


def test_a_call_list_has_first_what_can_be_tried_now(db: None) -> None:
    desk = office(CALL)
    first, second = called(desk), called(desk, local("2026-09-17 10:30"))
    tried(first, desk, "17 10:35")

    found = call_list(desk.clerk, local("2026-09-17 11:00"))

    assert [one.duty for one in found] == [second, first]
    assert [(one.in_vain, one.customer and one.customer.name) for one in found] == [(0, "王芳"), (1, "王芳")]
    assert found[1].again == local("2026-09-17 14:35")


def test_calls_are_handed_out_so_that_everybody_has_as_many(db: None) -> None:
    desk = office(CALL)
    made = [called(desk) for _ in range(6)]
    duties.take(made[0], by=desk.clerk, at=TEN)
    mark_away(desk.clerks[2], by=desk.clerks[2], at=TEN)

    assert hand_out(desk.department, by=desk.leader, at=TEN) == 5

    rows = Duty.objects.values_list("owner_id", flat=True)
    assert sorted(rows).count(desk.clerk.pk) == 3
    assert sorted(rows).count(desk.clerks[1].pk) == 3
    assert proposed(desk.department, TEN) == []


def test_only_who_may_reassign_there_hands_calls_out(db: None) -> None:
    desk = office(CALL)
    called(desk)

    for person in (desk.clerk, desk.stranger):
        with refuses("duty.may_not_hand_out"):
            hand_out(desk.department, by=person, at=TEN)
