"""Badges of the time left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import translation

from kefu.core.clocks import facts_json
from kefu.core.worktime import Calendar, parse_amount, parse_hours
from kefu.web import remaining

CALENDAR = Calendar("office", "Asia/Shanghai", {"office": parse_hours("mon-fri 09:00-12:00 13:00-18:00")})
BEGUN = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # Friday 09:00 in Shanghai


def work(due_at, *, is_open=True, made=None):
    clocks = {
        "answer": SimpleNamespace(due=(SimpleNamespace(value=parse_amount("8 working hours")),)),
        "visit": SimpleNamespace(due=(SimpleNamespace(value=parse_amount("3 days")),)),
    }
    return SimpleNamespace(
        opened_at=BEGUN,
        due_at=due_at,
        is_open=is_open,
        made=facts_json.dump(made or {}),
        rule=SimpleNamespace(clocks=clocks),
        rulebook=SimpleNamespace(calendar=CALENDAR),
    )


def left_of(work, at):
    left = remaining.of_work(work, at)
    assert left is not None
    return left


def clock(due_at, state="running", unit="8 working hours", ended_at=None, unconfirmed=()):
    return SimpleNamespace(
        started_at=BEGUN,
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
        left = left_of(work(monday, made={"dispatched": dispatched}), friday)
        assert left.text == "7 h of working time left"
        paused = left_of(work(monday + timedelta(minutes=7), made={"dispatched": dispatched}), friday)
        assert paused.text == "2 d 23 h left"


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
    ("state", "ended_at", "tone"),
    [
        ("paused", None, "held"),
        ("met", BEGUN, "kept"),
        ("missed", BEGUN, "late"),
        ("rescheduled", BEGUN, "held"),
    ],
)
def test_a_clock_that_does_not_run_says_how_it_stands(state, ended_at, tone):
    assert remaining.of_clock(clock(BEGUN, state, ended_at=ended_at), BEGUN).tone == tone


def test_a_year_without_a_notice_is_said_beside_the_time():
    with translation.override("en"):
        assert "2027" in remaining.of_clock(clock(BEGUN, unconfirmed=(2027,)), BEGUN).doubt
