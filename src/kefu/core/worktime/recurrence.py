"""What comes again with each period: when it opens, and when it is due once the days off are laid over it.

The days are those of an RFC 5545 rule (`rule`), read on the wall of the calendar's zone. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple

from dateutil import rrule

from .calendar import Calendar, HolidayRule
from .periods import (
    Period,
    day_end,
    day_of,
    day_start,
    first_and_last,
    is_working_day,
    next_working_day,
    previous_working_day,
)

_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF_YEAR: 6, Period.YEAR: 12}
_LONGEST_MONTH = 31


@dataclass(frozen=True, slots=True)
class Recurrence:
    """`every: PERIOD [on …] [at HH:MM]`: once in each period, due on one of its days.

    weekday: 0 is Monday. day: of the month (of the last one of a longer period), cut to a shorter month; with a
    weekday the last such weekday on or before it. last: the last day of the period, as without any day. at: None is
    24:00. holiday: where a due day that is off goes; None is the calendar's own rule.
    """

    period: Period
    weekday: int | None = None
    day: int | None = None
    last: bool = False
    at: time | None = None
    holiday: HolidayRule | None = None


class Occurrence(NamedTuple):
    """One period of a recurrence, half-open from `opens` to `ends`, UTC; at `due` it is still in time.

    label: names the period: 2026-09-24, 2026-W39, 2026-09, 2026-Q3, 2026-H2, 2026. unconfirmed: years whose official
    days off are unknown although `due` rests on them.
    """

    opens: datetime
    ends: datetime
    due: datetime
    label: str
    unconfirmed: tuple[int, ...]


def occurrences(
    recurrence: Recurrence, calendar: Calendar, after: datetime, before: datetime
) -> list[Occurrence]:
    """Those that open after `after` and not later than `before`, in order. Asks for no more than the span needs."""
    found: list[Occurrence] = []
    for one in _from(recurrence, calendar, day_of(calendar, after)):
        if one.opens > before:
            break
        if one.opens > after:
            found.append(one)
    return found


def occurrence_around(recurrence: Recurrence, calendar: Calendar, at: datetime) -> Occurrence:
    """The one whose period `at` lies in; of a working day on a day off, the next one."""
    return next(_from(recurrence, calendar, day_of(calendar, at)))


def period_label(period: Period, first: date) -> str:
    """What the period that begins on `first` is called."""
    match period:
        case Period.DAY | Period.WORKING_DAY:
            return first.isoformat()
        case Period.WEEK:
            year, week, _ = first.isocalendar()
            return f"{year}-W{week:02}"
        case Period.MONTH:
            return f"{first:%Y-%m}"
        case Period.QUARTER:
            return f"{first:%Y}-Q{(first.month + 2) // 3}"
        case Period.HALF_YEAR:
            return f"{first:%Y}-H{(first.month + 5) // 6}"
        case Period.YEAR:
            return f"{first:%Y}"


def rule(recurrence: Recurrence, start: date) -> rrule.rrule:
    """The due days from the period of `start` on as RFC 5545 has them, days off not yet regarded.

    start: the first day of a period.
    """
    from_ = datetime.combine(start, time())
    period, weekday = recurrence.period, recurrence.weekday
    if period in (Period.DAY, Period.WORKING_DAY):
        return rrule.rrule(rrule.DAILY, dtstart=from_)
    if period is Period.WEEK:
        return rrule.rrule(
            rrule.WEEKLY, dtstart=from_, wkst=rrule.MO, byweekday=6 if weekday is None else weekday
        )
    months = _MONTHS[period]
    until = recurrence.day or _LONGEST_MONTH
    if weekday is not None:
        until = max(until, 7)  # every month has one in its first seven days
    return rrule.rrule(
        rrule.MONTHLY,
        interval=months,
        dtstart=from_.replace(month=from_.month + months - 1),
        byweekday=weekday,
        bymonthday=range(1, until + 1),
        bysetpos=-1,
    )


def _from(recurrence: Recurrence, calendar: Calendar, day: date) -> Iterator[Occurrence]:
    first, _ = first_and_last(calendar, recurrence.period, day)
    for found in rule(recurrence, first):
        due_day = found.date()
        if recurrence.period is not Period.WORKING_DAY or is_working_day(calendar, due_day):
            yield _occurrence(recurrence, calendar, due_day)


def _occurrence(recurrence: Recurrence, calendar: Calendar, day: date) -> Occurrence:
    first, last = first_and_last(calendar, recurrence.period, day)
    holiday = recurrence.holiday or calendar.holiday
    due_day = day if holiday == "keep" else _worked(calendar, day, first, last, holiday)
    asks = holiday != "keep" or recurrence.period is Period.WORKING_DAY
    years = sorted({day.year, due_day.year}) if asks else ()
    at = recurrence.at
    return Occurrence(
        day_start(calendar, first),
        day_end(calendar, last),
        day_end(calendar, due_day) if at is None else calendar.wall(due_day, at.hour * 60 + at.minute),
        period_label(recurrence.period, first),
        tuple(year for year in years if not calendar.is_confirmed(year)),
    )


def _worked(calendar: Calendar, day: date, first: date, last: date, holiday: HolidayRule) -> date:
    """The nearest working day in the direction of `holiday`, else in the other one, within the period; the day
    itself in a period that is off as a whole."""
    if is_working_day(calendar, day):
        return day
    ways = (next_working_day, previous_working_day)
    for way in ways if holiday == "forward" else ways[::-1]:
        if first <= (found := way(calendar, day)) <= last:
            return found
    return day
