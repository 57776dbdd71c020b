"""What the customer was promised, in plain words: by when, and why then. Pure but for reading the case's history."""

from __future__ import annotations

from calendar import day_abbr, month_abbr
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Literal

from kefu.cases.models import Case
from kefu.core.clocks.explanation import ClockExplanation
from kefu.core.errors import in_language
from kefu.core.work.queries import explained
from kefu.core.worktime import Calendar, not_confirmed
from kefu.core.worktime.holidays import NoticeDay

WEEKDAYS = "一二三四五六日"
Standing = Literal["running", "late", "paused", "kept", "kept_late"]


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise as the customer reads it. why: sentences; doubt: a year whose days off are not announced."""

    what: str
    due_at: datetime
    by: str
    standing: Standing
    why: tuple[str, ...]
    doubt: str


def promises(case: Case, at: datetime, lang: str) -> list[Promise]:
    """The latest run of every promise made to customers, nearest first, kept ones last; those replaced are left out."""
    calendar = case.rulebook.calendar
    latest: dict[str, Promise] = {}
    for one in explained(case, at):
        state = one.state
        standing = _standing(one, at)
        if state.rule.to_customer is None or standing is None:
            continue
        latest[state.clock] = Promise(
            what=state.rule.to_customer.text(lang),
            due_at=state.due_at,
            by=plain_time(state.due_at, at, calendar, lang),
            standing=standing,
            why=tuple(_why(one, calendar, lang)) if standing in ("running", "late", "paused") else (),
            doubt=not_confirmed(state.unconfirmed, lang) if state.unconfirmed else "",
        )
    return sorted(latest.values(), key=lambda one: (one.standing in ("kept", "kept_late"), one.due_at))


def plain_time(instant: datetime, at: datetime, calendar: Calendar, lang: str) -> str:
    """`11 月 24 日（周二）17:30`, `Tue 24 Nov, 17:30`; the year where it is not this one."""
    local, now = calendar.local(instant), calendar.local(at)
    other = local.year != now.year
    year_zh, year_en = (f"{local.year} 年 ", f" {local.year}") if other else ("", "")
    day = f"{local.month} 月 {local.day} 日（周{WEEKDAYS[local.weekday()]}）"
    zh = f"{year_zh}{day}{local:%H:%M}"
    en = f"{day_abbr[local.weekday()]} {local.day} {month_abbr[local.month]}{year_en}, {local:%H:%M}"
    return in_language(lang, zh, en)


def _standing(one: ClockExplanation, at: datetime) -> Standing | None:
    match one.state.state:
        case "met":
            return "kept"
        case "missed":
            return "kept_late" if one.state.ended_at else "late"
        case "paused":
            return "paused"
        case "running":
            return "late" if at > one.state.due_at else "running"
    return None


def _why(one: ClockExplanation, calendar: Calendar, lang: str) -> Iterator[str]:
    """What moved the time: office hours, days off, days made up for, waiting for the customer."""
    counted = one.counted
    if counted is None:
        return
    if counted.amount.unit.is_working:
        hours = next(iter(calendar.hours.values())).render(lang)
        yield in_language(lang, f"只计算工作时间：{hours}。", f"Only working time counts: {hours}.")
    for first, last, name in _spans(counted.holidays, lang):
        zh = f"{_day(first, lang)}{f'至 {_day(last, lang)}' if last != first else ''}{name}放假，不计算在内。"
        en = f"{_day(first, lang)}{f' to {_day(last, lang)}' if last != first else ''} ({name}) does not count."
        yield in_language(lang, zh, en)
    for day in counted.make_up_days:
        shown = _day(day.day, lang)
        yield in_language(lang, f"{shown}补班，照常计算。", f"{shown} is worked in exchange and counts.")
    for closed, hours_on in counted.overrides:
        if not hours_on:
            shown = _day(closed, lang)
            yield in_language(lang, f"{shown}休息，不计算在内。", f"{shown} is a day off and does not count.")
    if counted.paused or one.state.state == "paused":
        yield in_language(lang, "等待您答复的时间不计算在内。", "Time spent waiting for you does not count.")


def _spans(days: tuple[NoticeDay, ...], lang: str) -> Iterator[tuple[date, date, str]]:
    """Days off in a row as one."""
    if not days:
        return
    starts = [0, *(i + 1 for i, (a, b) in enumerate(pairwise(days)) if b.day - a.day > timedelta(days=1))]
    for start, end in zip(starts, [*starts[1:], len(days)], strict=True):
        names = dict.fromkeys(day.title(lang) for day in days[start:end])
        yield days[start].day, days[end - 1].day, in_language(lang, "、", ", ").join(names)


def _day(day: date, lang: str) -> str:
    return in_language(lang, f"{day.month} 月 {day.day} 日", f"{day.day} {month_abbr[day.month]}")
