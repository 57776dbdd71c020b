"""A promise starts with its event, is met at its due instant at the latest, and is missed at that instant."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from kefu.core.rulebook.expressions import Branch
from kefu.core.worktime import Period, Recurrence

from .desk import FLOW, MINUTE, clocks, local, only, rulebook

FOUR_HOURS = rulebook(
    "reply: {clause: one, starts: dispatched, stops: [solved, returned], due: 4 hours, silent: yes}"
)


def test_a_clock_runs_from_its_event_to_the_due_instant():
    state = only(FOUR_HOURS, ("09-24 09:00", "opened"), ("09-24 10:00", "dispatched"))

    assert (state.clock, state.run, state.state) == ("reply", 1, "running")
    assert (state.started_at, state.due_at) == (local("09-24 10:00"), local("09-24 14:00"))
    assert state.next_at == state.due_at
    assert state.version == FOUR_HOURS.version


@pytest.mark.parametrize(
    ("stopped", "state"), [("09-24 13:59", "met"), ("09-24 14:00", "met"), ("09-24 14:01", "missed")]
)
def test_a_stop_at_the_due_instant_is_in_time_and_a_minute_later_is_not(stopped, state):
    found = only(FOUR_HOURS, ("09-24 09:00", "opened"), ("09-24 10:00", "dispatched"), (stopped, "solved"))

    assert found.state == state
    assert found.ended_at == local(stopped)
    assert found.missed_at == (None if state == "met" else local("09-24 14:00"))
    assert found.next_at is None


def test_a_miss_is_dated_at_due_whenever_it_is_noticed():
    for noticed in ("09-24 14:01", "09-30 09:00"):
        found = only(FOUR_HOURS, ("09-24 09:00", "opened"), ("09-24 10:00", "dispatched"), at=noticed)

        assert (found.state, found.missed_at, found.ended_at) == ("missed", local("09-24 14:00"), None)


def test_at_the_due_instant_itself_the_promise_still_stands():
    found = only(FOUR_HOURS, ("09-24 09:00", "opened"), ("09-24 10:00", "dispatched"), at="09-24 14:00")

    assert (found.state, found.next_at) == ("running", local("09-24 14:00"))


def test_a_second_start_does_not_make_the_running_promise_later():
    found = only(
        FOUR_HOURS, ("09-24 09:00", "opened"), ("09-24 10:00", "dispatched"), ("09-24 11:00", "dispatched")
    )

    assert found.due_at == local("09-24 14:00")


def test_a_start_after_the_end_is_the_next_run():
    first, second = clocks(
        FOUR_HOURS,
        ("09-24 09:00", "opened"),
        ("09-24 10:00", "dispatched"),
        ("09-24 11:00", "returned"),
        ("09-24 12:00", "dispatched"),
    )

    assert (first.run, first.state, first.ended_at) == (1, "met", local("09-24 11:00"))
    assert (second.run, second.state, second.due_at) == (2, "running", local("09-24 16:00"))


def test_a_missed_clock_that_nobody_stopped_is_not_started_again():
    found = only(
        FOUR_HOURS, ("09-24 09:00", "opened"), ("09-24 10:00", "dispatched"), ("09-25 10:00", "dispatched")
    )

    assert (found.state, found.ended_at) == ("missed", None)


def test_all_clocks_of_one_event_run():
    rules = rulebook(
        """
one: {clause: one, starts: opened, stops: solved, due: 1 hours, silent: yes}
two: {clause: one, starts: opened, stops: solved, due: 2 hours, silent: yes}
"""
    )

    one, two = clocks(rules, ("09-24 09:00", "opened"))

    assert two.due_at - one.due_at == 60 * MINUTE


def test_working_time_skips_the_holiday_and_wall_clock_time_does_not():
    # Thursday afternoon before the Mid-Autumn holiday of 25 to 27 September 2026.
    rules = rulebook(
        """
working: {clause: one, starts: opened, stops: solved, due: 8 working hours, silent: yes}
wall: {clause: one, starts: opened, stops: solved, due: 8 hours, silent: yes}
half: {clause: one, starts: opened, stops: solved, due: 0.5 working days, silent: yes}
month: {clause: one, starts: opened, stops: solved, due: 1 months, silent: yes}
soon: {clause: one, starts: opened, stops: solved, due: at_once, silent: yes}
"""
    )

    dues = {state.clock: state.due_at for state in clocks(rules, ("09-24 16:00", "opened"))}

    assert dues == {
        "working": local("09-28 16:00"),
        "wall": local("09-25 00:00"),
        "half": local("09-28 10:30"),
        "month": local("10-24 16:00"),
        "soon": local("09-24 16:10"),
    }


def test_the_branch_is_chosen_by_when_the_clock_starts():
    rules = rulebook(
        """
contact: {clause: one, starts: dispatched, stops: solved,
  due: [{when: {dispatched: {inside: office_hours}}, is: 8 working hours}, {is: 24 hours}], silent: yes}
"""
    )

    def due(at: str) -> object:
        return only(rules, ("09-20 08:30", "opened"), (at, "dispatched")).due_at

    assert due("09-24 08:30") == local("09-24 18:00")  # opening belongs to the hours
    assert due("09-24 18:00") == local("09-25 18:00")  # closing does not
    assert due("09-24 12:30") == local("09-25 12:30")  # lunch neither
    assert due("09-20 10:00") == local("09-21 10:00")  # a make-up Sunday is worked


def test_to_be_set_starts_nothing():
    rules = rulebook("reply: {clause: one, starts: opened, stops: solved, due: to_be_set, silent: yes}")

    assert clocks(rules, ("09-24 09:00", "opened")) == ()


def test_events_after_the_moment_of_asking_are_left_out():
    events = (("09-24 09:00", "opened"), ("09-24 10:00", "dispatched"), ("09-24 13:00", "solved"))

    assert only(FOUR_HOURS, *events, at="09-24 12:00").state == "running"
    assert only(FOUR_HOURS, *events, at="09-24 13:00").state == "met"


def test_a_stop_that_cannot_come_any_more_ends_the_promise_without_a_miss():
    # The work is closed and no move leads from there to "solved": nobody is chased for it.
    found = only(
        FOUR_HOURS,
        ("09-24 09:00", "opened"),
        ("09-24 10:00", "dispatched"),
        ("09-24 11:00", "closed"),
        at="09-30 09:00",
    )

    assert (found.state, found.ended_at, found.next_at) == ("superseded", local("09-24 11:00"), None)


def test_a_promise_that_can_still_be_kept_after_the_end_lives_on():
    rated = FLOW.replace(
        "      reopened:",
        "      rated: {title: {zh: 评价, en: rate}, from: closed, to: closed, by: clerk}\n      reopened:",
    )
    rules = rulebook(
        "rating: {clause: one, starts: solved, stops: rated, due: 4 hours, silent: yes}", flow=rated
    )
    events = (("09-24 09:00", "opened"), ("09-24 10:00", "solved"), ("09-24 11:00", "closed"))

    assert only(rules, *events).state == "running"
    assert only(rules, *events, ("09-24 12:00", "rated")).state == "met"


def test_a_clock_of_an_unconfirmed_year_says_so():
    rules = rulebook("reply: {clause: one, starts: opened, stops: solved, due: 10 working days, silent: yes}")

    assert only(rules, ("2027-03-01 09:00", "opened")).unconfirmed == (2027,)
    assert only(rules, ("2026-03-02 09:00", "opened")).unconfirmed == ()


@pytest.mark.parametrize(
    ("opened", "due"),
    [("09-14 00:00", "09-18 18:00"), ("09-21 10:00", "09-24 18:00"), ("10-05 00:00", "10-09 18:00")],
)
def test_a_promise_of_a_period_ends_with_the_one_in_which_it_started(opened, due):
    weekly = rulebook("report: {clause: one, starts: opened, stops: solved, due: 1 days, silent: yes}")
    kind = weekly.kinds["complaint"]
    friday: Branch[Any] = Branch(None, Recurrence(Period.WEEK, weekday=4, at=time(18), holiday="back"))
    report = replace(kind.clocks["report"], due=(friday,))
    weekly = replace(weekly, kinds={"complaint": replace(kind, clocks={"report": report})})

    state = only(weekly, (opened, "opened"))

    assert (state.started_at, state.due_at) == (local(opened), local(due))
    assert state.amount is None
