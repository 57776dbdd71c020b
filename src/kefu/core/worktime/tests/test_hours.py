import pytest

from kefu.core.errors import Refused
from kefu.core.worktime import WeeklyHours, parse_day_hours, parse_hours, parse_time

LUNCH = ((510, 720), (810, 1080))


def test_weekly_hours_are_read_as_a_manual_writes_them() -> None:
    assert parse_hours("mon-fri 08:30-12:00 13:30-18:00").days == (LUNCH,) * 5 + ((), ())
    assert parse_hours("mon-fri 08:30-12:00 13:30-18:00; sat 09:00-12:00").days == (LUNCH,) * 5 + (
        ((540, 720),),
        (),
    )
    assert parse_hours("sat,sun 09:00-12:00").days == ((),) * 5 + (((540, 720),),) * 2
    assert parse_hours("fri-mon 09:00-12:00").days[1:4] == ((), (), ())
    assert parse_hours("every day 00:00-24:00") == WeeklyHours((((0, 1440),),) * 7, every_day=True)


def test_hours_over_midnight_belong_to_the_day_they_start_on() -> None:
    assert parse_hours("mon-sun 22:00-06:00").days == (((1320, 1800),),) * 7
    assert parse_day_hours("22:00-24:00") == ((1320, 1440),)
    assert parse_day_hours("22:00-00:00") == ((1320, 1440),)


def test_every_day_keeps_no_holidays_but_monday_to_sunday_does() -> None:
    assert parse_hours("every day 08:00-22:00").every_day
    assert not parse_hours("mon-sun 08:00-22:00").every_day


def test_a_day_may_be_closed() -> None:
    assert parse_day_hours("closed") == ()


def test_a_time_is_minutes_after_midnight_and_24_00_ends_the_day() -> None:
    assert [parse_time(text) for text in ("00:00", "08:30", "24:00")] == [0, 510, 1440]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "hours.not_understood"),
        ("mon-fri", "hours.not_understood"),
        ("mon-fri 9:00-18:00", "hours.not_understood"),
        ("mon-fri 09:00-18:60", "hours.not_understood"),
        ("mon-fri 09:00-24:01", "hours.not_understood"),
        ("mon-fri 09:00-25:00", "hours.not_understood"),
        ("mon-fri 09:00", "hours.not_understood"),
        ("mon-fri 09:00-09:00", "hours.not_understood"),
        ("mon-fri 24:00-06:00", "hours.not_understood"),
        ("monday 09:00-18:00", "hours.not_understood"),
        ("mo-fr 09:00-18:00", "hours.not_understood"),
        ("every day", "hours.not_understood"),
        ("workdays 09:00-18:00", "hours.not_understood"),
        ("mon-fri 09:00-12:00 11:00-18:00", "hours.overlap"),
        ("mon-fri 22:00-06:00 23:00-24:00", "hours.overlap"),
        ("mon-fri 09:00-18:00; fri 09:00-12:00", "hours.day_twice"),
    ],
)
def test_hours_that_cannot_be_meant_are_refused_and_quoted(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_hours(text)

    assert refused.value.code == code
    assert str(refused.value.facts["text"]) in text


def test_hours_read_well_in_both_languages() -> None:
    hours = parse_hours("mon-fri 08:30-12:00 13:30-18:00; sat 22:00-06:00")

    assert hours.render("zh") == "周一至周五 08:30-12:00 13:30-18:00；周六 22:00-06:00"
    assert hours.render("en") == "Mon-Fri 08:30-12:00 13:30-18:00; Sat 22:00-06:00"
    assert parse_hours("every day 00:00-24:00").render("zh") == "每天（含节假日） 00:00-24:00"
