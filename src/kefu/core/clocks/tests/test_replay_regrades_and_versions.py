"""What a changed fact does to a running promise, and which version of the rulebook each promise keeps."""

from __future__ import annotations

from .desk import FLOW, clocks, local, only, rulebook

BY_GRADE = rulebook(
    """
major: {clause: one, when: {severity: major}, starts: dispatched, stops: solved, due: 4 hours, silent: yes}
minor: {clause: one, when: {severity: {not: major}}, starts: dispatched, stops: solved, due: 24 hours,
  silent: yes}
"""
)
BY_BRANCH = rulebook(
    """
reply: {clause: one, starts: dispatched, stops: solved, pauses: waiting,
  due: [{when: {severity: major}, is: 4 hours}, {when: {severity: open}, is: to_be_set},
  {is: 24 hours}], silent: yes}
"""
)
FOUR = rulebook("reply: {clause: one, starts: dispatched, stops: solved, due: 4 hours, silent: yes}")
SIX = rulebook("reply: {clause: one, starts: dispatched, stops: solved, due: 6 hours, silent: yes}")
OTHER = rulebook("other: {clause: one, starts: dispatched, stops: solved, due: 1 hours, silent: yes}")

# The desk's flow with an end later on: in the second version a closed case is still to be put away.
FILING = rulebook(
    "reply: {clause: one, starts: dispatched, stops: solved, due: 4 hours, silent: yes}",
    flow=FLOW.replace(
        "closed: {title: {zh: 已关闭, en: closed}}",
        "closed: {title: {zh: 已关闭, en: closed}}\n      filed: {title: {zh: 已归档, en: filed}}",
    ).replace(
        "closed: {title: {zh: 关闭, en: close}",
        "filed: {title: {zh: 归档, en: file}, from: closed, to: filed, by: clerk}\n"
        "      closed: {title: {zh: 关闭, en: close}",
    ),
)

OPENED = ("09-24 09:00", "opened", {"severity": "minor"})
DISPATCHED = ("09-24 10:00", "dispatched")


def test_a_regrade_supersedes_the_clock_that_no_longer_applies_and_starts_the_other_from_the_original_start():
    minor, major = clocks(BY_GRADE, OPENED, DISPATCHED, ("09-24 11:00", "set", {"severity": "major"}))

    assert (minor.clock, minor.state, minor.ended_at) == ("minor", "superseded", local("09-24 11:00"))
    assert (major.clock, major.state, major.started_at) == ("major", "running", local("09-24 10:00"))
    assert major.due_at == local("09-24 14:00")
    assert major.since == local("09-24 11:00")


def test_a_due_instant_already_past_at_the_regrade_falls_due_at_the_regrade_not_before():
    *_, major = clocks(
        BY_GRADE, OPENED, DISPATCHED, ("09-24 16:00", "set", {"severity": "major"}), at="09-24 16:00"
    )

    assert (major.state, major.due_at) == ("running", local("09-24 16:00"))
    *_, later = clocks(
        BY_GRADE, OPENED, DISPATCHED, ("09-24 16:00", "set", {"severity": "major"}), at="09-24 16:01"
    )
    assert (later.state, later.missed_at) == ("missed", local("09-24 16:00"))


def test_becoming_true_again_is_the_next_run_from_the_original_start():
    states = clocks(
        BY_GRADE,
        OPENED,
        DISPATCHED,
        ("09-24 11:00", "set", {"severity": "major"}),
        ("09-24 12:00", "set", {"severity": "minor"}),
    )

    assert [(s.clock, s.run, s.state) for s in states] == [
        ("minor", 1, "superseded"),
        ("major", 1, "superseded"),
        ("minor", 2, "running"),
    ]
    assert states[2].started_at == local("09-24 10:00")


def test_a_regrade_never_erases_a_miss():
    major, minor = clocks(
        BY_GRADE,
        ("09-24 09:00", "opened", {"severity": "major"}),
        DISPATCHED,
        ("09-24 15:00", "set", {"severity": "minor"}),
    )

    assert (major.clock, major.state, major.missed_at) == ("major", "missed", local("09-24 14:00"))
    assert major.ended_at is None
    assert (minor.clock, minor.due_at) == ("minor", local("09-25 10:00"))


def test_a_regrade_after_the_stop_starts_nothing():
    (minor,) = clocks(
        BY_GRADE, OPENED, DISPATCHED, ("09-24 11:00", "solved"), ("09-24 12:00", "set", {"severity": "major"})
    )

    assert (minor.clock, minor.state) == ("minor", "met")


def test_the_stop_counts_before_what_else_the_same_move_changes():
    (minor,) = clocks(BY_GRADE, OPENED, DISPATCHED, ("09-24 11:00", "solved", {"severity": "major"}))

    assert minor.state == "met"


def test_a_condition_that_becomes_true_later_starts_with_the_original_start_instant():
    month = rulebook(
        "month: {clause: one, when: {valid: valid}, starts: accepted, stops: solved, due: 1 months, "
        "silent: yes}"
    )

    found = only(
        month,
        ("09-01 09:00", "opened"),
        ("09-01 10:00", "accepted"),
        ("09-04 09:00", "set", {"valid": "valid"}),
    )

    assert (found.started_at, found.due_at) == (local("09-01 10:00"), local("10-01 10:00"))


def test_a_start_that_comes_again_while_the_condition_is_open_does_not_move_the_original_start():
    month = rulebook(
        "month: {clause: one, when: {valid: valid}, starts: accepted, stops: solved, due: 1 months, silent: yes}"
    )

    found = only(
        month,
        ("09-01 09:00", "opened"),
        ("09-01 10:00", "accepted"),
        ("09-02 10:00", "accepted"),
        ("09-04 09:00", "set", {"valid": "valid"}),
    )

    assert found.started_at == local("09-01 10:00")


def test_a_missed_clock_is_not_redated():
    found = only(
        BY_BRANCH,
        ("09-24 09:00", "opened", {"severity": "major"}),
        DISPATCHED,
        ("09-24 15:00", "set", {"severity": "minor"}),
    )

    assert (found.state, found.due_at, found.earlier_dues) == ("missed", local("09-24 14:00"), ())


def test_a_fact_that_the_condition_does_not_name_is_no_reason_to_ask_again():
    found = only(BY_BRANCH, OPENED, DISPATCHED, ("09-24 11:00", "set", {"remark": "x"}))

    assert found.earlier_dues == ()


def test_a_regrade_redates_a_clock_that_applies_with_another_due_and_keeps_both_dates():
    found = only(BY_BRANCH, OPENED, DISPATCHED, ("09-24 11:00", "set", {"severity": "major"}))

    assert (found.run, found.state, found.due_at) == (1, "running", local("09-24 14:00"))
    assert [(r.due_at, r.at) for r in found.earlier_dues] == [(local("09-25 10:00"), local("09-24 11:00"))]


def test_a_redated_promise_cannot_fall_due_before_the_regrade():
    found = only(
        BY_BRANCH, OPENED, DISPATCHED, ("09-24 20:00", "set", {"severity": "major"}), at="09-24 20:00"
    )

    assert (found.state, found.due_at) == ("running", local("09-24 20:00"))


def test_a_regrade_back_gives_the_first_date_again():
    found = only(
        BY_BRANCH,
        OPENED,
        DISPATCHED,
        ("09-24 11:00", "set", {"severity": "major"}),
        ("09-24 12:00", "set", {"severity": "minor"}),
    )

    assert found.due_at == local("09-25 10:00")
    assert len(found.earlier_dues) == 2


def test_a_regrade_to_an_amount_that_is_not_set_ends_the_promise():
    found = only(BY_BRANCH, OPENED, DISPATCHED, ("09-24 11:00", "set", {"severity": "open"}))

    assert found.state == "superseded"


def test_the_pause_is_taken_out_of_the_new_promise_too():
    found = only(
        BY_BRANCH,
        OPENED,
        DISPATCHED,
        ("09-24 10:30", "asked"),
        ("09-24 11:30", "answered"),
        ("09-24 12:00", "set", {"severity": "major"}),
    )

    assert found.due_at == local("09-24 15:00")


GRADED = rulebook(
    """
reply: {clause: one, starts: dispatched, stops: closed, pauses: waiting,
  due: [{when: {severity: major}, is: 4 hours}, {is: 24 hours}],
  steps: [{at: 75%, do: [{notify: owner}]}, {at: due, do: [{escalate: leader of owner}]}]}
"""
)


def test_a_regrade_during_a_pause_to_less_than_was_used_falls_due_at_once_and_waits_no_longer():
    events = (
        OPENED,
        DISPATCHED,
        ("09-24 15:00", "asked"),
        ("09-24 16:00", "set", {"severity": "major"}),
        ("09-28 10:00", "closed"),
    )

    found = only(GRADED, *events, at="09-30 10:00")

    assert (found.due_at, found.missed_at) == (local("09-24 16:00"), local("09-24 16:00"))
    assert (found.state, found.ended_at) == ("missed", local("09-28 10:00"))


def test_a_step_whose_share_was_used_before_the_pause_comes_with_the_regrade_and_no_other():
    events = (OPENED, DISPATCHED, ("09-24 13:30", "asked"), ("09-24 16:00", "set", {"severity": "major"}))

    waiting = only(GRADED, *events, at="09-24 17:00")
    kept = only(GRADED, *events, ("09-28 10:00", "closed"), at="09-30 10:00")

    assert waiting.next_at == local("09-24 16:00")
    assert (waiting.steps[0].at, waiting.steps[1].at) == (local("09-24 16:00"), None)
    assert (kept.state, kept.due_at) == ("met", local("09-28 10:30"))
    assert [step.index for step in kept.steps if step.waits] == [0]


def test_a_promised_instant_that_is_filled_in_later_starts_the_clock_then_from_its_own_start():
    rules = rulebook("reply: {clause: one, starts: dispatched, stops: solved, due: promised_at, silent: yes}")

    assert clocks(rules, OPENED, DISPATCHED) == ()
    found = only(rules, OPENED, DISPATCHED, ("09-24 11:00", "set", {"promised_at": "09-26 10:00"}))
    assert (found.started_at, found.due_at) == (local("09-24 10:00"), local("09-26 10:00"))
    moved = only(
        rules,
        OPENED,
        DISPATCHED,
        ("09-24 11:00", "set", {"promised_at": "09-26 10:00"}),
        ("09-24 12:00", "set", {"promised_at": "09-27 10:00"}),
    )
    assert moved.due_at == local("09-27 10:00")
    assert moved.earlier_dues[0].due_at == local("09-26 10:00")


def test_a_lead_time_already_gone_is_shown_as_it_is_and_missed_at_the_start():
    rules = rulebook(
        "lead: {clause: one, starts: opened, stops: solved, due: 15 days before begins_at, silent: yes}"
    )

    early = only(rules, ("10-20 09:00", "opened", {"begins_at": "11-20 00:00"}))
    late = only(rules, ("11-10 09:00", "opened", {"begins_at": "11-20 00:00"}))

    assert (early.state, early.due_at) == ("running", local("11-05 00:00"))
    assert (late.state, late.due_at, late.missed_at) == ("missed", local("11-05 00:00"), local("11-10 09:00"))


def test_a_clock_may_start_at_an_instant_field_and_follows_it():
    rules = rulebook(
        "told: {clause: one, starts: decided_at, stops: solved, due: 3 working days, silent: yes}"
    )

    assert clocks(rules, OPENED) == ()
    found = only(rules, OPENED, ("09-24 10:00", "set", {"decided_at": "09-24 08:30"}))
    assert (found.started_at, found.due_at) == (local("09-24 08:30"), local("09-29 18:00"))
    moved = only(
        rules,
        OPENED,
        ("09-24 10:00", "set", {"decided_at": "09-24 08:30"}),
        ("09-24 11:00", "set", {"decided_at": "09-28 08:30"}),
    )
    assert (moved.started_at, moved.due_at) == (local("09-28 08:30"), local("09-30 18:00"))
    ended = clocks(
        rules,
        OPENED,
        ("09-24 10:00", "set", {"decided_at": "09-24 08:30"}),
        ("09-24 11:00", "solved"),
        ("09-24 12:00", "set", {"decided_at": "09-28 08:30"}),
    )
    assert [state.state for state in ended] == ["met"]


def test_the_end_of_a_day_and_of_a_period_are_due_instants():
    rules = rulebook(
        """
day: {clause: one, starts: opened, stops: solved, due: 3 working days after opened at 24:00, silent: yes}
noon: {clause: one, starts: opened, stops: solved, due: begins_at at 12:00, silent: yes}
month: {clause: one, starts: opened, stops: solved, due: end of month, silent: yes}
friday: {clause: one, starts: opened, stops: solved, due: 5 days, holiday: forward, silent: yes}
"""
    )

    dues = {s.clock: s.due_at for s in clocks(rules, ("09-21 09:00", "opened", {"begins_at": "09-30 08:00"}))}

    assert dues == {
        "day": local("09-25 00:00"),
        "noon": local("09-30 12:00"),
        "month": local("10-01 00:00"),
        "friday": local("09-28 09:00"),  # the 26th lies in the holiday
    }


def test_a_running_clock_keeps_the_version_it_started_under():
    found = only(FOUR, OPENED, DISPATCHED, ("09-24 11:00", "accepted", {}, SIX))

    assert (found.version, found.due_at) == (FOUR.version, local("09-24 14:00"))


def test_a_clock_started_later_uses_the_version_in_force_then():
    found = only(FOUR, OPENED, ("09-24 10:00", "dispatched", {}, SIX))

    assert (found.version, found.due_at) == (SIX.version, local("09-24 16:00"))


def test_a_new_version_without_the_clock_ends_no_running_promise():
    reply, other = clocks(
        FOUR,
        OPENED,
        DISPATCHED,
        ("09-24 10:30", "returned", {}, OTHER),
        ("09-24 11:00", "dispatched", {}, OTHER),
    )

    assert (reply.clock, reply.state, reply.version) == ("reply", "running", FOUR.version)
    assert (other.clock, other.version) == ("other", OTHER.version)


def test_the_regrade_by_its_own_step_at_due_does_not_erase_the_miss():
    # The month is over: the step at due makes the complaint major, and the rule asks for one that is not major.
    rules = rulebook(
        """
month: {clause: one, when: {severity: {not: major}}, starts: accepted, stops: solved, due: 1 months,
  steps: [{at: due, do: [{set: {severity: major}}]}]}
"""
    )
    due = "10-01 10:00"
    events = (
        ("09-01 09:00", "opened", {"severity": "minor"}),
        ("09-01 10:00", "accepted"),
        (due, "step:month:1:0"),
        (due, "set", {"severity": "major"}),
    )

    assert only(rules, *events, at="10-01 10:01").state == "missed"
    assert only(rules, *events, ("10-05 10:00", "solved")).missed_at == local(due)
    assert only(rules, *events, (due, "solved")).state == "met"


def test_two_changes_at_one_instant_count_as_one():
    found = only(
        BY_BRANCH,
        OPENED,
        DISPATCHED,
        ("09-24 20:00", "set", {"severity": "major"}),
        ("09-24 20:00", "set", {"severity": "minor"}),
    )

    assert (found.state, found.due_at) == ("running", local("09-25 10:00"))


def test_the_flow_keeps_the_version_under_which_the_work_was_opened():
    # Closing ends the work of the first version, whatever the later one would still allow.
    nothing: dict[str, str] = {}
    closed = ("09-24 11:00", "closed", nothing, FILING)

    assert only(FOUR, OPENED, DISPATCHED, closed).state == "superseded"
    assert only(FILING, OPENED, DISPATCHED, closed).state == "running"
