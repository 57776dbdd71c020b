"""Badges of the time left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import translation

from kefu.core.worktime import Calendar, parse_amount, parse_hours
from kefu.web import remaining
from tests.cast import local

HOURS = {"office": parse_hours("mon-fri 09:00-12:00 13:00-18:00")}
CALENDAR = Calendar("office", "Asia/Shanghai", HOURS)
CHINA = Calendar("office", "Asia/Shanghai", HOURS, at_once=parse_amount("10 minutes"))
BEGUN = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # Friday 09:00 in Shanghai


def rule(starts, amount):
    """A clock of the rulebook, as far as a badge asks."""
    branch = SimpleNamespace(when=None, value=parse_amount(amount))
    return SimpleNamespace(starts=SimpleNamespace(anchor=starts), due=(branch,), holiday="keep")


def work(due_at, *, is_open=True, **made):
    return SimpleNamespace(
        kind="complaint",
        opened_at=BEGUN,
        due_at=due_at,
        is_open=is_open,
        facts=lambda: {"opened": BEGUN, **made},
        rule=SimpleNamespace(
            clocks={
                "arrive": rule("opened", "8 hours"),
                "answer": rule("dispatched", "8 working hours"),
                "visit": rule("complaint.dispatched", "3 days"),
            }
        ),
        rulebook=SimpleNamespace(calendar=CALENDAR),
    )


def left_of(work, at):
    left = remaining.of_work(work, at)
    assert left is not None
    return left


def clock(due_at, state="running", unit="8 working hours", ended_at=None, unconfirmed=(), **more):
    return SimpleNamespace(
        **{"started_at": BEGUN, "rule": SimpleNamespace(holiday="keep"), "pauses": ()} | more,
        due_at=due_at,
        state=state,
        amount=parse_amount(unit),
        ended_at=ended_at,
        unconfirmed=unconfirmed,
    )


@pytest.mark.parametrize(
    ("share", "tone", "zh", "en"),
    [
        (0.0, "calm", "还剩 8 小时", "8 h left"),
        (0.74, "calm", "还剩 2 小时 4 分", "2 h 4 min left"),
        (0.75, "warn", "还剩 2 小时", "2 h left"),
        (1.0, "warn", "还剩 0 分", "0 min left"),
        (1.25, "late", "已超 2 小时", "2 h over"),
    ],
)
def test_a_badge_warns_by_the_share_used_and_says_what_is_over(share, tone, zh, en):
    at = BEGUN + share * timedelta(hours=8)

    for lang, text in (("zh-hans", zh), ("en", en)):
        with translation.override(lang):
            left = left_of(work(BEGUN + timedelta(hours=8)), at)
            assert (left.tone, left.text) == (tone, text)


def test_the_due_instant_itself_is_in_time():
    due = BEGUN + timedelta(hours=8)

    assert left_of(work(due), due).tone == "warn"
    assert left_of(work(due), due + timedelta(seconds=1)).tone == "late"


def test_work_counts_in_the_unit_of_the_clock_that_its_due_instant_belongs_to():
    dispatched = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)  # Friday 16:00
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # 16:00
    friday = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # 17:00

    with translation.override("en"):
        left = left_of(work(monday, dispatched=dispatched), friday)
        assert (left.text, left.share) == ("7 h of working time left", 12)
        put_off = left_of(work(monday + timedelta(minutes=7), dispatched=dispatched), friday)
        assert put_off.text == "2 d 23 h left", (
            "after a pause the row alone does not tell which promise it is"
        )


@pytest.mark.parametrize(
    ("promised", "started", "due_at", "at", "share", "tone"),
    [
        # over a night: two hours on Thursday, six on Friday
        ("8 working hours", "2026-11-19 16:00", "2026-11-20 16:00", "2026-11-19 17:00", 12, "calm"),
        ("8 working hours", "2026-11-19 16:00", "2026-11-20 16:00", "2026-11-19 23:00", 25, "calm"),
        ("8 working hours", "2026-11-19 16:00", "2026-11-20 16:00", "2026-11-20 09:00", 25, "calm"),
        ("8 working hours", "2026-11-19 16:00", "2026-11-20 16:00", "2026-11-20 14:00", 75, "warn"),
        # over a weekend
        ("8 working hours", "2026-11-20 16:00", "2026-11-23 16:00", "2026-11-22 12:00", 25, "calm"),
        ("0.5 working days", "2026-11-20 16:00", "2026-11-23 11:00", "2026-11-23 10:00", 75, "warn"),
        # over National Day: eight days on the wall
        ("8 working hours", "2026-09-30 16:00", "2026-10-08 16:00", "2026-10-07 23:59", 25, "calm"),
        ("24 hours", "2026-09-30 16:00", "2026-10-01 16:00", "2026-10-01 10:00", 75, "warn"),
        # the Saturday that makes up for it is worked
        ("8 working hours", "2026-10-09 16:00", "2026-10-10 16:00", "2026-10-10 11:00", 50, "calm"),
        # three hours of a pause put it off: they are not used
        ("8 working hours", "2026-11-16 09:00", "2026-11-17 12:00", "2026-11-16 14:00", 12, "calm"),
        ("8 working hours", "2026-11-16 09:00", "2026-11-17 12:00", "2026-11-17 10:00", 75, "warn"),
        # agreed for later: nothing is used before
        ("8 working hours", "2026-11-17 09:00", "2026-11-17 18:00", "2026-11-16 11:00", 0, "calm"),
        ("at_once", "2026-11-16 09:00", "2026-11-16 09:10", "2026-11-16 09:05", 50, "calm"),
        ("8 working hours", "2026-11-16 09:00", "2026-11-16 18:00", "2026-11-16 18:01", 100, "late"),
    ],
)
def test_the_ring_fills_in_the_unit_of_the_clock(promised, started, due_at, at, share, tone):
    promise = clock(local(due_at), unit=promised, started_at=local(started))

    left = remaining.of_clock(promise, local(at), CHINA)

    assert (left.share, left.tone) == (share, tone)


def test_what_rolls_off_a_day_off_gives_all_the_days_until_then():
    to_monday = clock(
        local("2026-11-23 09:00"),
        unit="3 days",
        started_at=local("2026-11-18 09:00"),
        rule=SimpleNamespace(holiday="forward"),
    )

    assert remaining.of_clock(to_monday, local("2026-11-21 09:00"), CHINA).share == 60


def test_a_paused_clock_keeps_what_was_used_when_it_stopped():
    asleep = clock(
        local("2026-11-16 18:00"),
        "paused",
        started_at=local("2026-11-16 09:00"),
        pauses=((local("2026-11-16 11:00"), None),),
    )

    left = remaining.of_clock(asleep, local("2026-11-18 11:00"), CHINA)

    assert (left.tone, left.share, left.icon) == ("held", 25, "circle-pause")


def test_closed_work_and_work_without_a_promise_have_no_badge():
    assert remaining.of_work(work(None), BEGUN) is None
    assert remaining.of_work(work(BEGUN, is_open=False), BEGUN) is None


def test_a_clock_counts_in_its_own_unit_over_a_weekend():
    monday = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00
    friday = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # 17:00

    with translation.override("en"):
        assert remaining.of_clock(clock(monday), friday, CALENDAR).text == "2 h of working time left"
        assert remaining.of_clock(clock(monday, unit="65 hours"), friday, CALENDAR).text == "2 d 17 h left"
        assert remaining.of_clock(clock(friday), monday, CALENDAR).text == "2 h of working time over"


@pytest.mark.parametrize(
    ("due_at", "at", "zh", "en"),
    [
        ("2026-11-20 18:00", "2026-11-22 12:00", "已超时 · 周五 18:00", "late since Fri 18:00"),
        ("2026-11-19 18:00", "2026-11-20 08:59", "已超时 · 周四 18:00", "late since Thu 18:00"),
        ("2026-09-30 18:00", "2026-10-07 12:00", "已超时 · 09-30 18:00", "late since 09-30 18:00"),
        ("2026-11-20 18:00", "2026-11-23 09:01", "已超 1 分（工作时间）", "1 min of working time over"),
    ],
)
def test_what_fell_due_before_hours_off_says_since_when_it_is_late(due_at, at, zh, en):
    for lang, text in (("zh-hans", zh), ("en", en)):
        with translation.override(lang):
            assert remaining.of_clock(clock(local(due_at)), local(at), CHINA).text == text


@pytest.mark.parametrize(
    ("state", "ended_at", "tone"),
    [
        ("paused", None, "held"),
        ("met", BEGUN, "kept"),
        ("missed", BEGUN, "late"),
        ("rescheduled", BEGUN, "held"),
    ],
)
def test_a_clock_that_does_not_run_says_how_it_stands(state, ended_at, tone):
    stands = clock(BEGUN, state, ended_at=ended_at, pauses=((BEGUN, None),))

    assert remaining.of_clock(stands, BEGUN).tone == tone


def test_a_year_without_a_notice_is_said_beside_the_time():
    with translation.override("en"):
        assert "2027" in remaining.of_clock(clock(BEGUN, unconfirmed=(2027,)), BEGUN).doubt
