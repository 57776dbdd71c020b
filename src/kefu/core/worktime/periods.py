"""Days and periods in the calendar's zone: their bounds, which days are worked, moving off holidays."""

from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple

from .calendar import Calendar, HolidayRule

_ONE_DAY = timedelta(days=1)
_MONTHS = {"month": 1, "quarter": 3, "half year": 6, "year": 12}


class Period(StrEnum):
    """The periods a calendar can bound; the value is the word used in rulebooks."""

    DAY = "day"
    WORKING_DAY = "working day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half year"
    YEAR = "year"


class Bounds(NamedTuple):
    """A period as half-open instants, UTC: `start` belongs to it, `end` to the next."""

    start: datetime
    end: datetime


def day_of(calendar: Calendar, at: datetime) -> date:
    """The date on the wall at `at`."""
    return calendar.local(at).date()


def midnight(at: datetime, zone: tzinfo) -> datetime:
    """The beginning of the day that clocks on the wall show in `zone`, where no calendar is at hand."""
    return at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def day_start(calendar: Calendar, day: date) -> datetime:
    return calendar.wall(day)


def day_end(calendar: Calendar, day: date) -> datetime:
    """24:00 of `day`, which is 00:00 of the next."""
    return calendar.wall(day + _ONE_DAY)


def period_bounds(calendar: Calendar, period: Period, day: date) -> Bounds:
    """The period that `day` lies in; weeks begin on Monday, the year in January.

    WORKING_DAY is the whole day, or that of the next working day if `day` is off.
    """
    first, last = first_and_last(calendar, period, day)
    return Bounds(day_start(calendar, first), day_end(calendar, last))


def is_working_day(calendar: Calendar, day: date) -> bool:
    """True if working hours start on `day`: on a make-up day 调休, not on a holiday."""
    return bool(calendar.hours_on(day))


def next_working_day(calendar: Calendar, day: date) -> date:
    """The first working day after `day`."""
    return _working_day(calendar, day, _ONE_DAY)


def previous_working_day(calendar: Calendar, day: date) -> date:
    """The last working day before `day`."""
    return _working_day(calendar, day, -_ONE_DAY)


def roll(calendar: Calendar, at: datetime, rule: HolidayRule) -> datetime:
    """Move `at` off a day that is not worked to the nearest working day in the direction of `rule`, same
    time.

    Midnight is the end of the day before it: what falls due on Friday at 24:00 stays there.
    Whether the answer rests on an unknown notice is told by `unconfirmed_years(calendar, at, rolled)`.
    """
    wall = calendar.local(at).replace(tzinfo=None)
    day = wall.date()
    if wall == datetime.combine(day, datetime.min.time()):
        day -= _ONE_DAY
    if rule == "keep" or is_working_day(calendar, day):
        return at
    to = next_working_day(calendar, day) if rule == "forward" else previous_working_day(calendar, day)
    return calendar.wall_at(wall + (to - day))


def _working_day(calendar: Calendar, day: date, step: timedelta) -> date:
    day += step
    while not is_working_day(calendar, day):
        day += step
    return day


def first_and_last(calendar: Calendar, period: Period, day: date) -> tuple[date, date]:
    if period is Period.DAY:
        return day, day
    if period is Period.WORKING_DAY:
        worked = next_working_day(calendar, day - _ONE_DAY)
        return worked, worked
    if period is Period.WEEK:
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    months = _MONTHS[period]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    after = date(first.year + (first.month + months > 12), (first.month + months - 1) % 12 + 1, 1)
    return first, after - _ONE_DAY
