"""Steps at a share, before, at and after due: each once, in order of its instant, "
"also when nobody was looking."""

from __future__ import annotations

import pytest

from kefu.core.clocks.replay import due_steps, step_name
from kefu.core.errors import Refused

from .desk import clocks, local, only, rulebook

STEPS = """[{at: 75%, do: [{notify: owner}]}, {at: 30 minutes before due, do: [{notify: clerk}]},
  {at: due, do: [{escalate: leader of owner}]}, {at: 1 days after due, do: [{escalate: head}]}]"""
CLOCK = rulebook(
    "reply: {clause: one, starts: dispatched, stops: solved, due: 8 hours, pauses: waiting, "
    f"steps: {STEPS}}}"
)
OPENED, DISPATCHED = ("09-24 09:00", "opened"), ("09-24 10:00", "dispatched")
INSTANTS = [local("09-24 16:00"), local("09-24 17:30"), local("09-24 18:00"), local("09-25 18:00")]


def done(index: int, at: str, run: int = 1) -> tuple[str, str]:
    return (at, step_name("reply", run, index))


def due(*events: tuple[object, ...], at: str) -> list[tuple[int, object]]:
    return [(step.index, step.at) for step in due_steps(clocks(CLOCK, *events, at=at), local(at))]


def test_the_instants_of_the_steps_follow_from_the_amount_and_the_due_time():
    found = only(CLOCK, OPENED, DISPATCHED)

    assert [step.at for step in found.steps] == INSTANTS
    assert found.next_at == INSTANTS[0]


def test_nothing_is_due_before_its_instant_and_the_step_is_due_at_it():
    assert due(OPENED, DISPATCHED, at="09-24 15:59") == []
    assert due(OPENED, DISPATCHED, at="09-24 16:00") == [(0, INSTANTS[0])]


def test_after_a_long_absence_all_steps_come_in_order_of_their_instant():
    assert due(OPENED, DISPATCHED, at="09-30 09:00") == list(enumerate(INSTANTS))


def test_a_step_carried_out_is_not_due_again():
    found = only(CLOCK, OPENED, DISPATCHED, done(0, "09-24 16:00"), at="09-24 17:00")

    assert [step.done for step in found.steps] == [True, False, False, False]
    assert found.next_at == INSTANTS[1]
    assert due(OPENED, DISPATCHED, done(0, "09-24 16:00"), at="09-24 17:00") == []


def test_a_missed_clock_keeps_its_later_steps_in_view():
    events = (OPENED, DISPATCHED, done(0, "09-24 16:00"), done(1, "09-24 17:30"), done(2, "09-24 18:00"))

    found = only(CLOCK, *events, at="09-24 19:00")

    assert (found.state, found.next_at) == ("missed", INSTANTS[3])
    assert due(*events, at="09-25 18:00") == [(3, INSTANTS[3])]


def test_a_step_after_a_late_stop_is_dropped_and_one_before_it_is_not():
    events = (OPENED, DISPATCHED, ("09-25 09:00", "solved"))

    assert [index for index, _ in due(*events, at="09-30 09:00")] == [0, 1, 2]
    found = only(CLOCK, *events, at="09-30 09:00")
    assert [step.dropped for step in found.steps] == [False, False, False, True]
    assert found.next_at == INSTANTS[0]  # somebody has to look at what the stop left undone


def test_a_stop_at_the_instant_of_a_step_comes_first():
    assert [index for index, _ in due(OPENED, DISPATCHED, ("09-24 18:00", "solved"), at="09-24 18:00")] == [
        0,
        1,
    ]


def test_a_pause_puts_the_steps_off_and_hides_them_while_it_lasts():
    waiting = only(CLOCK, OPENED, DISPATCHED, ("09-24 12:00", "asked"), at="09-26 12:00")
    resumed = only(CLOCK, OPENED, DISPATCHED, ("09-24 12:00", "asked"), ("09-24 13:00", "answered"))

    assert [step.at for step in waiting.steps] == [None] * 4
    assert waiting.next_at is None
    assert resumed.steps[0].at == local("09-24 17:00")


def test_a_step_before_the_pause_is_due_all_the_same():
    assert [i for i, _ in due(OPENED, DISPATCHED, ("09-24 16:30", "asked"), at="09-26 12:00")] == [0]


def test_the_share_is_of_the_clocks_own_unit():
    rules = rulebook(
        "reply: {clause: one, starts: opened, stops: solved, due: 8 working hours, "
        "steps: [{at: 75%, do: [{notify: owner}]}]}"
    )

    found = only(rules, ("09-24 16:00", "opened"))

    assert found.due_at == local("09-28 16:00")
    assert found.steps[0].at == local("09-28 14:00")  # six of eight working hours, two of them on Thursday


def test_the_share_of_a_fixed_instant_is_of_the_time_until_it():
    rules = rulebook(
        "reply: {clause: one, starts: opened, stops: solved, due: promised_at, "
        "steps: [{at: 75%, do: [{notify: owner}]}]}"
    )

    found = only(rules, ("09-24 08:00", "opened", {"promised_at": "09-24 16:00"}))

    assert found.steps[0].at == local("09-24 14:00")


def test_steps_of_a_promise_made_late_are_not_dated_before_it_was_made():
    rules = rulebook(
        "reply: {clause: one, when: {severity: major}, starts: opened, stops: solved, due: 8 hours, "
        "steps: [{at: 75%, do: [{notify: owner}]}, {at: due, do: [{escalate: leader of owner}]}]}"
    )

    found = only(rules, ("09-24 08:00", "opened"), ("09-24 15:00", "set", {"severity": "major"}))

    assert [step.at for step in found.steps] == [local("09-24 15:00"), local("09-24 16:00")]


def test_steps_of_a_redated_promise_are_not_dated_before_the_change():
    rules = rulebook(
        "reply: {clause: one, starts: opened, stops: solved, "
        "due: [{when: {severity: major}, is: 8 hours}, {is: 24 hours}], "
        "steps: [{at: 75%, do: [{notify: owner}]}, {at: due, do: [{escalate: leader of owner}]}]}"
    )

    found = only(rules, ("09-24 08:00", "opened"), ("09-24 15:00", "set", {"severity": "major"}))

    assert [step.at for step in found.steps] == [local("09-24 15:00"), local("09-24 16:00")]


def test_each_run_has_its_own_steps():
    rules = rulebook(
        "reply: {clause: one, starts: dispatched, stops: solved, due: 8 hours, "
        "restarts: {rescheduled: agreed_at}}"
    )
    events = (
        OPENED,
        DISPATCHED,
        done(0, "09-24 16:00"),
        ("09-24 17:00", "rescheduled", {"agreed_at": "09-25 09:00"}),
    )

    first, second = clocks(rules, *events)
    steps = due_steps((first, second), local("09-25 16:00"))

    assert [step.done for step in first.steps] == [True, False]
    assert [step.done for step in second.steps] == [False, False]
    assert [(step.clock.run, step.index) for step in steps] == [(2, 0)]
    assert first.next_at is None


def test_steps_of_several_clocks_come_in_order_of_their_instants():
    rules = rulebook(
        """
slow: {clause: one, starts: opened, stops: solved, due: 4 hours}
fast: {clause: one, starts: opened, stops: solved, due: 3 hours}
"""
    )

    found = due_steps(clocks(rules, OPENED, at="09-24 13:00"), local("09-24 13:00"))

    assert [(s.clock.clock, s.index) for s in found] == [("fast", 0), ("fast", 1), ("slow", 0), ("slow", 1)]
    assert [s.name for s in found][:2] == ["step:fast:1:0", "step:fast:1:1"]


def test_a_clock_that_counts_other_records_is_refused():
    rules = rulebook(
        "reply: {clause: one, when: {count: {of: complaint, at_least: 1}}, starts: opened, "
        "stops: solved, due: 4 hours}"
    )

    with pytest.raises(Refused) as refused:
        clocks(rules, OPENED)

    assert refused.value.code == "clocks.counts_other_records"
