from datetime import date, timedelta

import pytest

from kefu.core.worktime import (
    HolidayRule,
    Period,
    day_end,
    day_of,
    day_start,
    next_working_day,
    period_bounds,
    previous_working_day,
    roll,
)

from .cast import office, on_the_wall


@pytest.mark.parametrize(
    ("period", "day", "first", "after"),
    [
        (Period.DAY, "2026-09-24", "2026-09-24", "2026-09-25"),
        (Period.WORKING_DAY, "2026-09-24", "2026-09-24", "2026-09-25"),
        (Period.WORKING_DAY, "2026-09-25", "2026-09-28", "2026-09-29"),
        (Period.WEEK, "2026-09-27", "2026-09-21", "2026-09-28"),
        (Period.WEEK, "2026-01-01", "2025-12-29", "2026-01-05"),
        (Period.MONTH, "2024-02-29", "2024-02-01", "2024-03-01"),
        (Period.MONTH, "2026-12-31", "2026-12-01", "2027-01-01"),
        (Period.QUARTER, "2026-09-24", "2026-07-01", "2026-10-01"),
        (Period.QUARTER, "2026-11-01", "2026-10-01", "2027-01-01"),
        (Period.HALF_YEAR, "2026-06-30", "2026-01-01", "2026-07-01"),
        (Period.HALF_YEAR, "2026-07-01", "2026-07-01", "2027-01-01"),
        (Period.YEAR, "2026-09-24", "2026-01-01", "2027-01-01"),
    ],
)
def test_a_period_is_half_open_on_the_wall(period: Period, day: str, first: str, after: str) -> None:
    calendar = office()

    assert period_bounds(calendar, period, date.fromisoformat(day)) == (
        on_the_wall(calendar, f"{first}T00:00"),
        on_the_wall(calendar, f"{after}T00:00"),
    )


def test_a_day_of_changed_clocks_is_as_long_as_it_was() -> None:
    berlin = office(zone="Europe/Berlin")

    assert day_end(berlin, date(2025, 3, 30)) - day_start(berlin, date(2025, 3, 30)) == timedelta(hours=23)
    assert day_end(berlin, date(2025, 10, 26)) - day_start(berlin, date(2025, 10, 26)) == timedelta(hours=25)


def test_a_day_without_midnight_starts_when_clocks_were_changed() -> None:
    paulo = office(zone="America/Sao_Paulo")

    start = day_start(paulo, date(2018, 11, 4))

    assert paulo.local(start).isoformat() == "2018-11-04T01:00:00-02:00"
    assert day_of(paulo, start - timedelta(microseconds=1)) == date(2018, 11, 3)


def test_working_days_skip_holidays_and_take_in_make_up_days() -> None:
    calendar = office()

    assert next_working_day(calendar, date(2026, 9, 30)) == date(2026, 10, 8)
    assert next_working_day(calendar, date(2026, 10, 9)) == date(2026, 10, 10)  # a Saturday made up
    assert previous_working_day(calendar, date(2026, 10, 8)) == date(2026, 9, 30)


@pytest.mark.parametrize(
    ("at", "rule", "expected"),
    [
        ("2026-10-03T16:00", "forward", "2026-10-08T16:00"),
        ("2026-10-03T16:00", "back", "2026-09-30T16:00"),
        ("2026-10-03T16:00", "keep", "2026-10-03T16:00"),
        ("2026-10-10T16:00", "forward", "2026-10-10T16:00"),
        ("2026-09-30T23:00", "forward", "2026-09-30T23:00"),  # after hours, but of a working day
        ("2026-10-01T00:00", "forward", "2026-10-01T00:00"),  # the end of 30 September
        ("2026-10-04T00:00", "forward", "2026-10-09T00:00"),  # the end of the 3rd becomes that of the 8th
        ("2026-10-04T00:00", "back", "2026-10-01T00:00"),
    ],
)
def test_a_date_on_a_day_off_moves_to_the_nearest_working_day(
    at: str, rule: HolidayRule, expected: str
) -> None:
    calendar = office()

    assert roll(calendar, on_the_wall(calendar, at), rule) == on_the_wall(calendar, expected)
