"""An explanation names clause, version, arithmetic, pauses, changes and outcome, in both languages."""

from __future__ import annotations

import pytest

from kefu.core.clocks.explanation import ClockExplanation, explain_clock, time_used

from .desk import clocks, local, only, rulebook

PAUSING = rulebook(
    "reply: {clause: one, starts: opened, stops: solved, due: 8 working hours, pauses: waiting, silent: yes}"
)
GRADED = rulebook(
    """
reply: {clause: one, starts: dispatched, stops: solved, silent: yes,
  due: [{when: {severity: major}, is: 4 hours}, {is: 24 hours}]}
"""
)


def explained(rules, *events, at=None) -> ClockExplanation:
    return explain_clock(only(rules, *events, at=at), {rules.version: rules})


def whole(found: ClockExplanation, lang: str) -> str:
    return "\n".join(found.text(lang))


def test_it_names_the_clause_and_the_version():
    found = explained(PAUSING, ("09-24 16:00", "opened"))

    assert [clause.id for clause in found.clauses] == ["one"]
    for lang, words in (
        ("zh", "第一章第 1 条：按时答复"),
        ("en", "chapter 1 no. 1: answer in time"),
    ):
        assert words in whole(found, lang)
        assert PAUSING.version[:12] in whole(found, lang)


def test_it_counts_the_segments_and_names_the_holiday():
    text = whole(explained(PAUSING, ("09-24 16:00", "opened")), "zh")

    assert "8 个工作小时" in text
    assert "中秋节" in text
    assert "到期 2026-09-28" in text


def test_a_pause_is_taken_off_and_an_open_one_is_said():
    events = (("09-21 08:30", "opened"), ("09-21 09:00", "dispatched"), ("09-21 10:00", "asked"))

    assert "暂停，扣除" in whole(explained(PAUSING, *events, ("09-21 11:00", "answered")), "zh")
    assert "paused since 2026-09-21 10:00" in whole(explained(PAUSING, *events), "en")


def test_an_unconfirmed_year_is_said():
    assert "2027 年放假安排尚未公布" in whole(explained(PAUSING, ("2027-03-01 09:00", "opened")), "zh")
    assert "calendar for 2027 not confirmed" in whole(
        explained(PAUSING, ("2027-03-01 09:00", "opened")), "en"
    )


def test_both_dates_of_a_regrade_stay():
    found = explained(
        GRADED,
        ("09-24 09:00", "opened"),
        ("09-24 10:00", "dispatched"),
        ("09-24 11:00", "set", {"severity": "major"}),
    )

    assert "原到期 2026-09-25 10:00" in whole(found, "zh")
    assert "到期 2026-09-24（周四）14:00" in whole(found, "zh")


def test_a_promise_made_late_says_why_it_is_not_due_before():
    found = explained(
        GRADED,
        ("09-24 09:00", "opened"),
        ("09-24 10:00", "dispatched"),
        ("09-24 20:00", "set", {"severity": "major"}),
    )

    assert "cannot fall due before" in whole(found, "en")


def test_a_due_date_moved_off_a_holiday_says_so():
    rules = rulebook(
        "reply: {clause: one, starts: opened, stops: solved, due: 5 days, holiday: forward, silent: yes}"
    )

    assert "遇休息日，后移至 2026-09-28 09:00" in whole(explained(rules, ("09-21 09:00", "opened")), "zh")


def test_a_fixed_instant_is_named_by_its_field():
    rules = rulebook("reply: {clause: one, starts: opened, stops: solved, due: promised_at, silent: yes}")

    text = whole(explained(rules, ("09-21 09:00", "opened", {"promised_at": "09-22 10:00"})), "zh")

    assert "承诺时间" in text
    assert "到期 2026-09-22 10:00" in text


@pytest.mark.parametrize(
    ("events", "at", "words"),
    [
        ([("09-21 17:00", "solved")], None, "按时"),
        ([("09-22 17:00", "solved")], None, "超时，2026-09-22 17:00 结束"),
        ([], "09-22 17:00", "超时，尚未完成"),
        ([("09-21 10:00", "closed")], None, "不再适用"),
    ],
)
def test_the_outcome_is_said(events, at, words):
    assert words in whole(explained(PAUSING, ("09-21 08:30", "opened"), *events, at=at), "zh")


def test_a_restart_says_that_another_promise_took_over_and_which_run_this_is():
    rules = rulebook(
        "reply: {clause: one, starts: dispatched, stops: solved, due: 8 hours,\n"
        "  restarts: {rescheduled: agreed_at}, silent: yes}"
    )
    first, second = clocks(
        rules,
        ("09-21 08:30", "opened"),
        ("09-21 09:00", "dispatched"),
        ("09-21 10:00", "rescheduled", {"agreed_at": "09-22 09:00"}),
    )

    assert "由新的时限代替" in whole(explain_clock(first, {rules.version: rules}), "zh")
    assert "（第 2 次）" in whole(explain_clock(second, {rules.version: rules}), "zh")


def test_time_used_stops_in_pauses_and_at_the_end():
    start, pause = ("09-21 08:30", "opened"), ("09-21 10:00", "asked")
    events = (start, ("09-21 09:00", "dispatched"), pause)

    waiting = only(PAUSING, *events, at="09-21 17:00")
    ended = only(PAUSING, start, ("09-21 11:30", "solved"), at="09-21 17:00")

    for state, minutes in ((waiting, 90), (ended, 180)):
        assert time_used(state, PAUSING.calendar, local("09-21 17:00")).total_seconds() == minutes * 60
