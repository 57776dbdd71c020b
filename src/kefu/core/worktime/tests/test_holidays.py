import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from kefu.core.worktime import (
    NoticeDay,
    due,
    is_working_day,
    not_confirmed,
    parse_amount,
    parse_hours,
    unconfirmed_years,
    used,
)
from kefu.core.worktime.holidays import china

from .cast import office, on_the_wall


@pytest.mark.data
def test_every_day_of_2018_to_2026_is_worked_or_off_as_the_notices_say(data_dir: Path) -> None:
    calendar = office()
    days: dict[date, bool] = {}
    for year in range(2018, 2027):
        notice = json.loads(
            (data_dir / "calendar_cn" / f"holiday_cn_{year}.json").read_text(encoding="utf-8")
        )
        days |= {date.fromisoformat(day["date"]): not day["isOffDay"] for day in notice["days"]}
    assert len(days) > 250  # premise: notices were read

    day = date(2018, 1, 1)
    while day < date(2027, 1, 1):
        assert is_working_day(calendar, day) == days.get(day, day.weekday() < 5), day
        day += timedelta(days=1)


def test_a_make_up_saturday_is_worked_like_a_weekday_even_where_saturdays_are_short() -> None:
    calendar = office(hours={"office_hours": parse_hours("mon-fri 09:00-18:00; sat 09:00-12:00")})

    assert calendar.hours_on(date(2026, 10, 10)) == ((540, 1080),)  # 调休
    assert calendar.hours_on(date(2026, 10, 17)) == ((540, 720),)


def test_every_day_is_open_on_holidays_and_monday_to_sunday_is_not() -> None:
    national_day = date(2026, 10, 1)

    assert office(hours={"h": parse_hours("every day 08:00-22:00")}).hours_on(national_day)
    assert not office(hours={"h": parse_hours("mon-sun 08:00-22:00")}).hours_on(national_day)


def test_an_override_replaces_the_working_hours_and_leaves_the_hotline_alone() -> None:
    eve = date(2026, 2, 13)
    calendar = office(overrides={eve: ((510, 720),)})

    assert calendar.hours_on(eve) == ((510, 720),)
    assert calendar.hours_on(eve, "hotline") == ((0, 1440),)


def test_an_override_closes_even_a_day_promised_every_day() -> None:
    calendar = office(hours={"h": parse_hours("every day 08:00-22:00")}, overrides={date(2026, 2, 17): ()})

    assert not is_working_day(calendar, date(2026, 2, 17))


def test_a_year_without_a_notice_is_said_so_wherever_it_is_touched() -> None:
    calendar = office()
    start = on_the_wall(calendar, "2026-12-28T16:00")

    assert due(calendar, start, parse_amount("2 working hours")).unconfirmed == ()
    assert due(calendar, start, parse_amount("8 working days")).unconfirmed == (2027,)
    assert due(calendar, start, parse_amount("300 working days")).unconfirmed == (2027, 2028)
    assert due(
        calendar, on_the_wall(calendar, "2003-05-08T16:00"), parse_amount("1 working days")
    ).unconfirmed == (2003,)


def test_the_last_days_of_december_wait_for_the_next_years_notice_too() -> None:
    """The notice for 2008 made 29 December 2007 a working day."""
    calendar = office()

    assert (
        unconfirmed_years(
            calendar, on_the_wall(calendar, "2026-12-28T09:00"), on_the_wall(calendar, "2026-12-29T00:00")
        )
        == ()
    )
    assert unconfirmed_years(
        calendar, on_the_wall(calendar, "2026-12-29T10:00"), on_the_wall(calendar, "2026-12-29T09:00")
    ) == (2027,)


def test_what_rests_on_no_holiday_is_never_in_doubt() -> None:
    round_the_clock = office(hours={"h": parse_hours("every day 00:00-24:00")})
    start = on_the_wall(round_the_clock, "2026-12-30T16:00")

    assert due(round_the_clock, start, parse_amount("300 working days")).unconfirmed == ()
    assert due(office(), start, parse_amount("15 days")).unconfirmed == ()
    assert due(office(holidays="none"), start, parse_amount("30 working days")).unconfirmed == ()


def test_an_imported_notice_confirms_its_year_and_overrides_the_package() -> None:
    notices = {
        2027: [NoticeDay(date(2027, 1, 1), True, "元旦"), NoticeDay(date(2026, 12, 27), False, "元旦")]
    }
    calendar = office().with_notices(notices)
    start = on_the_wall(calendar, "2026-12-25T17:00")

    result = due(calendar, start, parse_amount("5 working days"))

    assert result.unconfirmed == ()
    assert result.at == on_the_wall(calendar, "2026-12-31T17:00")  # Sunday the 27th is worked
    assert not is_working_day(calendar, date(2027, 1, 1))
    assert is_working_day(office(), date(2027, 1, 1))  # premise: unknown without the notice


def test_the_package_knows_the_years_2004_to_2026() -> None:
    years = china().years

    assert years is not None
    assert set(range(2004, 2027)) <= years
    assert 2003 not in years


def test_the_doubt_is_worded_in_both_languages() -> None:
    assert not_confirmed((2027,), "zh-hans") == "2027 年放假安排尚未公布"
    assert not_confirmed((2027,), "en") == "calendar for 2027 not confirmed"
    assert not_confirmed((2027, 2028), "en") == "calendar for 2027, 2028 not confirmed"
    assert not_confirmed((), "en") == ""


def test_a_calendar_that_never_closes_equals_the_wall_over_400_days() -> None:
    calendar = office(hours={"h": parse_hours("every day 00:00-24:00")})
    start = on_the_wall(calendar, "2025-12-01T00:07")

    assert used(
        calendar, start, start + timedelta(days=400), parse_amount("1 working hours").unit
    ) == timedelta(days=400)
