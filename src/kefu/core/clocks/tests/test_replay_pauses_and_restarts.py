"""A pause takes its span out of the promise; an agreed time begins a fresh one; neither undoes a miss."""

from __future__ import annotations

import pytest

from .desk import FLOW, clocks, local, only, rulebook

PAUSING = rulebook(
    """
reply: {clause: one, starts: dispatched, stops: solved, due: 8 working hours, pauses: waiting, silent: yes}
"""
)
RESTARTING = rulebook(
    """
done_by: {clause: one, starts: dispatched, stops: solved,
  due: [{when: {dispatched: {inside: office_hours}}, is: 8 working hours}, {is: 24 hours}],
  restarts: {rescheduled: agreed_at}, silent: yes}
"""
)
START = (("09-21 08:30", "opened"), ("09-21 08:30", "dispatched"))


def test_a_pause_moves_the_due_time_by_the_working_time_paused():
    found = only(PAUSING, *START, ("09-21 10:00", "asked"), ("09-21 15:00", "answered"))

    # Paused 10:00-12:00 and 13:30-15:00: three and a half working hours, into Tuesday.
    assert found.due_at == local("09-22 12:00")
    assert found.pauses == ((local("09-21 10:00"), local("09-21 15:00")),)


def test_a_pause_outside_working_time_changes_nothing():
    found = only(PAUSING, *START, ("09-21 12:00", "asked"), ("09-21 13:30", "answered"))

    assert found.due_at == local("09-21 18:00")


def test_several_pauses_add_up():
    found = only(
        PAUSING,
        *START,
        ("09-21 09:00", "asked"),
        ("09-21 10:00", "answered"),
        ("09-21 14:00", "asked"),
        ("09-21 15:00", "answered"),
    )

    assert found.due_at == local("09-22 10:30")
    assert len(found.pauses) == 2


def test_while_paused_the_clock_waits_and_cannot_be_missed():
    found = only(PAUSING, *START, ("09-21 10:00", "asked"), at="10-30 10:00")

    assert (found.state, found.next_at, found.missed_at) == ("paused", None, None)
    assert found.due_at == local("09-21 18:00")  # as it stood when the pause began
    assert found.pauses == ((local("09-21 10:00"), None),)


def test_a_clock_that_starts_in_a_pausing_state_starts_paused():
    rules = rulebook(
        "reply: {clause: one, starts: asked, stops: solved, due: 8 working hours, pauses: waiting, "
        "silent: yes}"
    )

    waiting = only(rules, *START, ("09-21 09:30", "asked"), at="09-22 09:00")
    resumed = only(rules, *START, ("09-21 09:30", "asked"), ("09-21 10:30", "answered"))

    assert waiting.state == "paused"
    assert (resumed.state, resumed.due_at) == ("running", local("09-22 10:30"))


def test_a_stop_during_a_pause_meets_the_promise():
    rules = rulebook(
        "reply: {clause: one, starts: dispatched, stops: closed, due: 8 working hours, "
        "pauses: waiting, silent: yes}"
    )

    found = only(rules, *START, ("09-21 10:00", "asked"), ("09-30 10:00", "closed"))

    assert (found.state, found.ended_at) == ("met", local("09-30 10:00"))


def test_a_pause_at_the_due_instant_comes_too_late():
    found = only(PAUSING, *START, ("09-21 18:00", "asked"), at="09-21 18:01")

    assert (found.state, found.missed_at) == ("missed", local("09-21 18:00"))


def test_a_pause_after_the_miss_does_not_undo_it():
    found = only(
        PAUSING, *START, ("09-22 09:00", "asked"), ("09-23 09:00", "answered"), ("09-23 10:00", "solved")
    )

    assert (found.state, found.missed_at, found.ended_at) == (
        "missed",
        local("09-21 18:00"),
        local("09-23 10:00"),
    )
    assert (found.due_at, found.pauses) == (local("09-21 18:00"), ())


def test_a_state_that_the_rule_does_not_name_pauses_nothing():
    rules = rulebook(
        "reply: {clause: one, starts: dispatched, stops: solved, due: 8 working hours, silent: yes}"
    )

    assert only(rules, *START, ("09-21 10:00", "asked"), ("09-21 15:00", "answered")).due_at == local(
        "09-21 18:00"
    )


def test_a_promise_fixed_to_an_instant_is_not_put_off_by_waiting():
    rules = rulebook(
        "reply: {clause: one, starts: dispatched, stops: solved, due: promised_at, pauses: waiting, "
        "silent: yes}"
    )

    found = only(
        rules,
        ("09-21 08:30", "opened", {"promised_at": "09-22 10:00"}),
        ("09-21 08:30", "dispatched"),
        ("09-21 10:00", "asked"),
        at="09-22 10:01",
    )

    assert (found.state, found.due_at) == ("missed", local("09-22 10:00"))


def test_a_restart_is_a_fresh_promise_from_the_agreed_time():
    first, second = clocks(
        RESTARTING, *START, ("09-21 10:00", "rescheduled", {"agreed_at": "09-23 09:30", "remark": "rain"})
    )

    assert (first.run, first.state, first.ended_at) == (1, "rescheduled", local("09-21 10:00"))
    assert first.due_at == local("09-21 18:00")
    assert (second.run, second.state, second.started_at) == (2, "running", local("09-23 09:30"))
    assert second.due_at == local("09-24 09:30")


def test_the_agreed_time_is_judged_as_the_new_start():
    # Agreed for Saturday evening, outside the hours: the 24 hours branch.
    *_, second = clocks(RESTARTING, *START, ("09-21 10:00", "rescheduled", {"agreed_at": "09-19 20:00"}))

    assert second.due_at == local("09-20 20:00")


def test_a_second_restart_is_a_third_promise():
    states = clocks(
        RESTARTING,
        *START,
        ("09-21 10:00", "rescheduled", {"agreed_at": "09-22 08:30"}),
        ("09-21 11:00", "rescheduled", {"agreed_at": "09-23 08:30"}),
    )

    assert [(s.run, s.state) for s in states] == [(1, "rescheduled"), (2, "rescheduled"), (3, "running")]
    assert states[2].due_at == local("09-23 18:00")


def test_a_restart_after_the_miss_does_not_undo_it():
    first, second = clocks(RESTARTING, *START, ("09-22 10:00", "rescheduled", {"agreed_at": "09-23 08:30"}))

    assert (first.state, first.missed_at, first.ended_at) == (
        "missed",
        local("09-21 18:00"),
        local("09-22 10:00"),
    )
    assert second.state == "running"


def test_a_restart_without_an_agreed_time_changes_nothing():
    found = only(RESTARTING, *START, ("09-21 10:00", "rescheduled", {"remark": "rain"}))

    assert (found.state, found.due_at) == ("running", local("09-21 18:00"))


def test_pauses_before_the_agreed_time_do_not_touch_the_fresh_promise():
    rules = rulebook(
        """
done_by: {clause: one, starts: dispatched, stops: solved, due: 8 working hours, pauses: waiting,
  restarts: {rescheduled: agreed_at}, silent: yes}
"""
    )

    *_, second = clocks(
        rules, *START, ("09-21 09:00", "asked"), ("09-21 10:00", "rescheduled", {"agreed_at": "09-22 08:30"})
    )

    assert (second.due_at, second.pauses) == (local("09-22 18:00"), ())


def test_a_pause_that_spans_the_agreed_time_counts_from_it():
    rules = rulebook(
        """
done_by: {clause: one, starts: dispatched, stops: solved, due: 8 working hours, pauses: waiting,
  restarts: {rescheduled: agreed_at}, silent: yes}
"""
    )
    events = (
        *START,
        ("09-21 10:00", "rescheduled", {"agreed_at": "09-22 08:30"}),
        ("09-21 17:00", "asked"),
    )

    *_, waiting = clocks(rules, *events)
    *_, resumed = clocks(rules, *events, ("09-22 10:30", "answered"))

    assert (waiting.state, waiting.pauses) == ("paused", ((local("09-22 08:30"), None),))
    assert resumed.pauses == ((local("09-22 08:30"), local("09-22 10:30")),)
    assert resumed.due_at == local("09-23 10:30")


@pytest.mark.parametrize(
    ("stop", "after"), [("closed", ()), ("told", ()), ("told", (("09-26 10:00", "answered"),))]
)
def test_a_promise_kept_during_a_pause_asks_for_none_of_the_steps_the_pause_put_off(stop, after):
    flow = FLOW.replace(
        "      closed: {title: {zh: 关闭",
        "      told: {title: {zh: 告知, en: tell}, from: waiting, to: waiting, by: clerk}\n"
        "      closed: {title: {zh: 关闭",
    )
    assert flow != FLOW  # premise: a move that leaves the work waiting
    rules = rulebook(
        """
reply: {clause: one, starts: dispatched, stops: [closed, told], due: 8 working hours, pauses: waiting,
  steps: [{at: 75%, do: [{notify: owner}]}, {at: due, do: [{escalate: leader of owner}]}]}
""",
        flow=flow,
    )

    found = only(rules, *START, ("09-21 10:00", "asked"), ("09-25 10:00", stop), *after, at="09-30 10:00")

    assert found.pauses == ((local("09-21 10:00"), local("09-25 10:00")),)
    assert (found.state, found.next_at) == ("met", None)
    assert found.due_at > local("09-25 10:00")
    assert not [step for step in found.steps if step.waits]
