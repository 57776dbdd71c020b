"""What comes again: single answers by hand, then every one against a walk from day to day."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from kefu.core.worktime import Calendar, Period, Recurrence, occurrence_around, occurrences
from kefu.core.worktime.recurrence import period_label

from .cast import office, on_the_wall
from .oracle import DAY, PLACES, random_case

SIX = time(18)


def dues(recurrence: Recurrence, first: str, last: str, calendar: Calendar | None = None) -> list[str]:
    """The due times on the wall of all periods that open in the days from `first` to `last`."""
    calendar = calendar or office()
    after, before = on_the_wall(calendar, f"{first}T00:00"), on_the_wall(calendar, f"{last}T23:59")
    found = occurrences(recurrence, calendar, after - timedelta(minutes=1), before)
    return [f"{calendar.local(one.due):%m-%d %H:%M}" for one in found]


@pytest.mark.parametrize(
    ("recurrence", "first", "last", "due"),
    [
        (Recurrence(Period.DAY), "2026-10-01", "2026-10-03", ["10-02 00:00", "10-03 00:00", "10-04 00:00"]),
        (Recurrence(Period.DAY, at=SIX), "2026-10-01", "2026-10-02", ["10-01 18:00", "10-02 18:00"]),
        # the make-up Sunday is one, Mid-Autumn on Friday is none
        (
            Recurrence(Period.WORKING_DAY, at=SIX),
            "2026-09-19",
            "2026-09-28",
            [f"09-{day} 18:00" for day in (20, 21, 22, 23, 24, 28)],
        ),
        # Monday by six: 5 October is a holiday until the 8th
        (
            Recurrence(Period.WEEK, weekday=0, at=SIX),
            "2026-09-21",
            "2026-10-12",
            ["09-21 18:00", "09-28 18:00", "10-08 18:00", "10-12 18:00"],
        ),
        # Friday 25 September is Mid-Autumn: no working day is left in the week, so Thursday
        (Recurrence(Period.WEEK, weekday=4), "2026-09-14", "2026-09-21", ["09-19 00:00", "09-25 00:00"]),
        # Friday 2 October: the Saturday of that week is off too, so back to Wednesday
        (Recurrence(Period.WEEK, weekday=4), "2026-09-28", "2026-09-28", ["10-01 00:00"]),
        # without a day the last one worked: the make-up Sunday, then Thursday before Mid-Autumn
        (Recurrence(Period.WEEK), "2026-09-14", "2026-09-21", ["09-21 00:00", "09-25 00:00"]),
        (Recurrence(Period.WEEK, holiday="keep"), "2026-09-21", "2026-09-21", ["09-28 00:00"]),
        # "before the 28th", "before the 22nd"
        (Recurrence(Period.MONTH, day=27), "2026-09-01", "2026-10-01", ["09-29 00:00", "10-28 00:00"]),
        (Recurrence(Period.MONTH, day=27, holiday="back"), "2026-09-01", "2026-09-01", ["09-25 00:00"]),
        (Recurrence(Period.MONTH, day=21), "2026-08-01", "2026-09-01", ["08-22 00:00", "09-22 00:00"]),
        # "Friday before the 25th": on or before the 24th
        (
            Recurrence(Period.MONTH, weekday=4, day=24, holiday="back"),
            "2026-09-01",
            "2026-10-01",
            ["09-19 00:00", "10-24 00:00"],
        ),
        # Friday on or before the 25th is Mid-Autumn itself: back to Thursday, forward to Monday
        (
            Recurrence(Period.MONTH, weekday=4, day=25, holiday="back"),
            "2026-09-01",
            "2026-09-01",
            ["09-25 00:00"],
        ),
        (Recurrence(Period.MONTH, weekday=4, day=25), "2026-09-01", "2026-09-01", ["09-29 00:00"]),
        # in a month so short that no Friday lies before, the first one
        (Recurrence(Period.MONTH, weekday=4, day=3), "2026-09-01", "2026-09-01", ["09-05 00:00"]),
        # the last day: 31 October is a Saturday and the month ends with it
        (Recurrence(Period.MONTH, last=True), "2026-09-01", "2026-10-01", ["10-01 00:00", "10-31 00:00"]),
        (
            Recurrence(Period.MONTH, day=31, holiday="keep"),
            "2026-01-01",
            "2026-03-31",
            ["02-01 00:00", "03-01 00:00", "04-01 00:00"],
        ),
        (Recurrence(Period.QUARTER, day=25), "2026-07-01", "2026-10-01", ["09-29 00:00", "12-26 00:00"]),
        (Recurrence(Period.HALF_YEAR, last=True), "2026-07-01", "2026-07-01", ["01-01 00:00"]),
        (Recurrence(Period.YEAR, at=SIX), "2026-01-01", "2026-01-01", ["12-31 18:00"]),
    ],
)  # fmt: skip
def test_a_due_day_that_is_off_moves_within_its_period(
    recurrence: Recurrence, first: str, last: str, due: list[str]
) -> None:
    assert dues(recurrence, first, last) == due


def test_a_period_that_is_off_as_a_whole_keeps_its_day() -> None:
    holidays = {date(2026, 9, 14) + n * DAY: () for n in range(7)}
    calendar = office(overrides=holidays)

    assert dues(Recurrence(Period.WEEK, weekday=2), "2026-09-14", "2026-09-14", calendar) == ["09-17 00:00"]


def test_a_year_without_a_notice_says_so_where_the_days_off_matter() -> None:
    calendar = office()
    at = on_the_wall(calendar, "2031-10-01T12:00")

    assert occurrence_around(Recurrence(Period.MONTH, day=27), calendar, at).unconfirmed == (2031,)
    assert occurrence_around(Recurrence(Period.MONTH, day=27, holiday="keep"), calendar, at).unconfirmed == ()
    assert occurrence_around(Recurrence(Period.WORKING_DAY, holiday="keep"), calendar, at).unconfirmed == (
        2031,
    )


def test_the_period_around_an_instant_begins_with_it() -> None:
    calendar = office()
    found = occurrence_around(Recurrence(Period.WEEK), calendar, on_the_wall(calendar, "2026-09-21T00:00"))

    assert found.label == "2026-W39"
    assert found.opens == on_the_wall(calendar, "2026-09-21T00:00")


def test_on_a_day_off_the_next_working_day_is_meant() -> None:
    calendar = office()
    mid_autumn = on_the_wall(calendar, "2026-09-25T10:00")

    assert occurrence_around(Recurrence(Period.WORKING_DAY), calendar, mid_autumn).label == "2026-09-28"


@pytest.mark.parametrize(
    ("period", "day", "label"),
    [
        (Period.DAY, "2026-09-24", "2026-09-24"),
        (Period.WEEK, "2025-12-29", "2026-W01"),
        (Period.MONTH, "2026-09-01", "2026-09"),
        (Period.QUARTER, "2026-10-01", "2026-Q4"),
        (Period.HALF_YEAR, "2026-07-01", "2026-H2"),
        (Period.YEAR, "2026-01-01", "2026"),
    ],
)
def test_every_period_has_a_name(period: Period, day: str, label: str) -> None:
    assert period_label(period, date.fromisoformat(day)) == label


# --- against a walk from day to day -----------------------------------------------------------------------

Span = list[date]


def spans(period: Period, around: date) -> Iterator[Span]:
    """The days of each period of the two years around a day, in order."""
    days = [around + n * DAY for n in range(-400, 401)]
    keys = {
        Period.DAY: lambda day: day,
        Period.WORKING_DAY: lambda day: day,
        Period.WEEK: lambda day: day - day.weekday() * DAY,
        Period.MONTH: lambda day: (day.year, day.month),
        Period.QUARTER: lambda day: (day.year, (day.month - 1) // 3),
        Period.HALF_YEAR: lambda day: (day.year, day.month > 6),
        Period.YEAR: lambda day: day.year,
    }
    found = [list(group) for _, group in groupby(days, keys[period])]
    return iter(found[1:-1])  # those at the edges may be cut


def meant(recurrence: Recurrence, span: Span) -> date:
    """The day before any moving: looked for from the end of the period."""
    month = [day for day in span if day.month == span[-1].month]
    for day in reversed(span):
        if recurrence.weekday is not None and day.weekday() != recurrence.weekday:
            continue
        before = recurrence.day is None or (day in month and day.day <= recurrence.day)
        if before:
            return day
    return next(day for day in month if day.weekday() == recurrence.weekday)


def moved(day: date, span: Span, rule: Literal["keep", "forward", "back"], worked: set[date]) -> date:
    later = [other for other in span if other > day and other in worked]
    earlier = [other for other in span if other < day and other in worked]
    if rule == "keep" or day in worked or not (later or earlier):
        return day
    if rule == "forward":
        return later[0] if later else earlier[-1]
    return earlier[-1] if earlier else later[0]


def first_instant(zone: ZoneInfo, day: date, at: time | None) -> datetime:
    """When clocks on the wall first show this time of the day or a later one; None is the end of the day."""
    wanted = datetime.combine(day, at) if at else datetime.combine(day + DAY, time())
    instant = datetime.combine(day, time(), tzinfo=UTC) - DAY
    while instant.astimezone(zone).replace(tzinfo=None) < wanted:
        instant += timedelta(minutes=15)  # all offsets are whole quarters of an hour
    return instant


def drawn(dice: random.Random) -> Recurrence:
    period = dice.choice(list(Period))
    monthly = period in (Period.MONTH, Period.QUARTER, Period.HALF_YEAR, Period.YEAR)
    weekday = dice.choice([None, *range(7)]) if monthly or period is Period.WEEK else None
    return Recurrence(
        period,
        weekday=weekday,
        day=dice.choice([None, *range(1, 32)]) if monthly else None,
        last=weekday is None and dice.random() < 0.2,
        at=dice.choice([None, SIX, time(2, 30), time(0)]),
        holiday=dice.choice(["keep", "forward", "back", None]),
    )


def agrees(seed: int) -> None:
    dice = random.Random(seed)
    calendar = random_case(seed).calendar()
    recurrence = drawn(dice)
    if recurrence.day is not None:
        recurrence = Recurrence(
            recurrence.period, recurrence.weekday, recurrence.day, False, recurrence.at, recurrence.holiday
        )
    around = dice.choice(dict(PLACES)[calendar.zone]) + dice.randrange(-5, 6) * DAY
    worked = {day for span in spans(Period.DAY, around) for day in span if calendar.hours_on(day)}
    expected = []
    for span in spans(recurrence.period, around):
        if recurrence.period is Period.WORKING_DAY and span[0] not in worked:
            continue
        if abs(span[0] - around) <= 40 * DAY or span[0] <= around <= span[-1]:
            day = moved(meant(recurrence, span), span, recurrence.holiday or calendar.holiday, worked)
            opens = first_instant(calendar.tz, span[0] - DAY, None)
            ends = first_instant(calendar.tz, span[-1], None)
            expected.append((opens, ends, first_instant(calendar.tz, day, recurrence.at)))

    found = occurrences(recurrence, calendar, expected[0][0] - timedelta(microseconds=1), expected[-1][0])

    assert [(one.opens, one.ends, one.due) for one in found] == expected, (seed, recurrence)
    assert occurrences(recurrence, calendar, expected[0][0], expected[-1][0]) == found[1:], seed
    for one in found:
        assert occurrence_around(recurrence, calendar, one.opens) == one, seed


@pytest.mark.parametrize("seed", range(150))
def test_every_answer_is_that_of_a_walk_from_day_to_day(seed: int) -> None:
    agrees(seed)
