import pickle
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from kefu.core.errors import Refused
from kefu.core.worktime import (
    Unit,
    due,
    inside,
    length,
    parse_amount,
    parse_hours,
    share_at,
    shift,
    used,
)

from .cast import office, on_the_wall

# start, amount, due: on the wall in Shanghai, Monday to Friday 08:30-12:00 13:30-18:00.
EDGES = [
    ("2026-09-24T16:00", "8 working hours", "2026-09-28T16:00"),  # two hours before Mid-autumn, six after it
    ("2026-09-24T10:00", "2 working hours", "2026-09-24T12:00"),  # used up at the lunch break, due at it
    ("2026-09-24T10:00", "6.5 working hours", "2026-09-24T18:00"),  # used up at closing, due at closing
    ("2026-09-24T18:00", "8 working hours", "2026-09-28T18:00"),  # closing itself is outside
    ("2026-09-24T12:30", "1 working hours", "2026-09-24T14:30"),  # in the lunch break
    ("2026-10-09T17:00", "0.5 working days", "2026-10-10T11:30"),  # a make-up Saturday is worked
    ("2026-09-24T16:00", "24 hours", "2026-09-25T16:00"),  # clock time knows no holiday
    ("2026-09-24T16:00", "30 minutes", "2026-09-24T16:30"),
    ("2026-09-24T16:00", "3 days", "2026-09-27T16:00"),
    ("2026-01-31T16:00", "1 months", "2026-02-28T16:00"),  # cut to the shorter month
    ("2024-01-31T16:00", "1 months", "2024-02-29T16:00"),
    ("2026-11-30T16:00", "3 months", "2027-02-28T16:00"),
    ("2026-12-31T16:00", "12 months", "2027-12-31T16:00"),
    ("2024-02-29T16:00", "12 months", "2025-02-28T16:00"),
    ("2026-09-24T16:00", "at_once", "2026-09-24T16:10"),
]


@pytest.mark.parametrize(("start", "amount", "expected"), EDGES)
def test_amounts_fall_due_where_a_person_would_say(start: str, amount: str, expected: str) -> None:
    calendar = office()
    begun, asked = on_the_wall(calendar, start), parse_amount(amount)

    at = due(calendar, begun, asked).at

    assert at == on_the_wall(calendar, expected)
    assert at.tzinfo is UTC
    assert used(calendar, begun, at, asked.unit) == length(calendar, begun, asked)


def test_seconds_and_microseconds_are_kept() -> None:
    calendar = office()
    start = on_the_wall(calendar, "2026-09-24T17:59:59.999999")

    assert due(calendar, start, parse_amount("1 working hours")).at == on_the_wall(
        calendar, "2026-09-28T09:29:59.999999"
    )


def test_days_keep_the_time_on_the_wall_when_clocks_are_changed() -> None:
    berlin = office(zone="Europe/Berlin", holidays="none")
    start = on_the_wall(berlin, "2025-03-29T16:00")

    assert due(berlin, start, parse_amount("1 days")).at == start + timedelta(hours=23)
    assert due(berlin, start, parse_amount("24 hours")).at == start + timedelta(hours=24)
    assert length(berlin, start, parse_amount("1 days")) == timedelta(hours=23)


def test_a_skipped_time_is_the_moment_of_the_change_and_a_repeated_one_its_first_coming() -> None:
    york = office(zone="America/New_York", holidays="none")

    skipped = due(york, on_the_wall(york, "2024-03-09T02:30"), parse_amount("1 days")).at
    repeated = due(york, on_the_wall(york, "2024-11-02T01:30"), parse_amount("1 days")).at

    assert skipped == datetime(2024, 3, 10, 7, 0, tzinfo=UTC)
    assert repeated == datetime(2024, 11, 3, 5, 30, tzinfo=UTC)


def test_a_pause_moves_the_due_time_by_the_working_time_paused() -> None:
    calendar = office()
    start = on_the_wall(calendar, "2026-09-28T09:00")
    amount = parse_amount("4 working hours")

    def paused(*spans: tuple[str, str]) -> datetime:
        pauses = [(on_the_wall(calendar, a), on_the_wall(calendar, b)) for a, b in spans]
        return due(calendar, start, amount, pauses).at

    assert paused() == on_the_wall(calendar, "2026-09-28T14:30")
    assert paused(("2026-09-28T10:00", "2026-09-28T11:00")) == on_the_wall(calendar, "2026-09-28T15:30")
    assert paused(("2026-09-28T11:00", "2026-09-28T14:00")) == on_the_wall(calendar, "2026-09-28T16:00")
    assert paused(
        ("2026-09-28T10:30", "2026-09-28T11:00"), ("2026-09-28T10:00", "2026-09-28T10:45")
    ) == on_the_wall(calendar, "2026-09-28T15:30")  # overlapping ones count once, in any order
    assert paused(("2026-09-28T12:00", "2026-09-28T13:30")) == on_the_wall(calendar, "2026-09-28T14:30")
    assert paused(("2026-09-28T14:30", "2026-09-28T17:00")) == on_the_wall(calendar, "2026-09-28T14:30")
    assert paused(("2026-09-27T00:00", "2026-09-28T08:00")) == on_the_wall(calendar, "2026-09-28T14:30")


def test_a_pause_puts_days_off_by_the_time_it_took() -> None:
    calendar = office()
    start = on_the_wall(calendar, "2026-09-28T09:00")
    pause = (on_the_wall(calendar, "2026-09-29T00:00"), on_the_wall(calendar, "2026-09-29T06:00"))

    at = due(calendar, start, parse_amount("15 days"), [pause]).at

    assert at == on_the_wall(calendar, "2026-10-13T15:00")
    assert used(calendar, start, at, Unit.DAYS, [pause]) == timedelta(days=15)


def test_nothing_is_used_before_the_start() -> None:
    calendar = office()
    start = on_the_wall(calendar, "2026-09-28T09:00")

    assert used(calendar, start, start - timedelta(days=3), Unit.WORKING_HOURS) == timedelta(0)
    assert used(calendar, start, start, Unit.HOURS) == timedelta(0)


def test_a_share_is_of_the_clocks_own_unit() -> None:
    calendar = office()
    start = on_the_wall(calendar, "2026-09-24T16:00")

    def at(amount: str, share: float | Decimal) -> datetime:
        return share_at(calendar, start, parse_amount(amount), share)

    assert at("8 working hours", Decimal("0.75")) == on_the_wall(calendar, "2026-09-28T13:30") + timedelta(
        minutes=30
    )
    assert at("8 working hours", 0.25) == on_the_wall(calendar, "2026-09-24T18:00")
    assert at("24 hours", 0.75) == on_the_wall(calendar, "2026-09-25T10:00")
    assert at("4 days", 0.5) == on_the_wall(calendar, "2026-09-26T16:00")
    assert at("8 working hours", 0) == start


def test_lead_times_are_counted_back_on_their_own_clock() -> None:
    calendar = office()

    def before(at: str, amount: str) -> datetime:
        return shift(calendar, on_the_wall(calendar, at), parse_amount(amount), "before")

    assert before("2026-09-28T09:30", "1 working hours") == on_the_wall(calendar, "2026-09-28T08:30")
    assert before("2026-09-28T09:30", "2 working hours") == on_the_wall(calendar, "2026-09-24T17:00")
    assert before("2026-09-28T08:30", "0.5 working days") == on_the_wall(
        calendar, "2026-09-24T13:30"
    ) + timedelta(minutes=30)
    assert before("2026-03-31T16:00", "1 months") == on_the_wall(calendar, "2026-02-28T16:00")
    assert before("2026-09-28T16:00", "15 days") == on_the_wall(calendar, "2026-09-13T16:00")
    assert before("2026-09-28T16:00", "30 minutes") == on_the_wall(calendar, "2026-09-28T15:30")
    assert before("2026-09-28T16:00", "at_once") == on_the_wall(calendar, "2026-09-28T15:50")


def test_after_is_the_same_as_due() -> None:
    calendar = office()
    at, amount = on_the_wall(calendar, "2026-09-24T16:00"), parse_amount("8 working hours")

    assert shift(calendar, at, amount, "after") == due(calendar, at, amount).at


def test_opening_is_inside_and_closing_is_not() -> None:
    calendar = office()

    def is_open(at: str, hours: str = "office_hours") -> bool:
        return inside(calendar, hours, on_the_wall(calendar, at))

    assert is_open("2026-09-24T08:30")
    assert is_open("2026-09-24T17:59:59")
    assert not is_open("2026-09-24T18:00")
    assert not is_open("2026-09-24T12:00")
    assert not is_open("2026-09-25T10:00")  # Mid-autumn
    assert is_open("2026-09-20T10:00")  # a Sunday worked for National Day
    assert is_open("2026-09-25T03:00", "hotline")


def test_a_night_on_the_eve_of_a_holiday_is_worked_to_its_end() -> None:
    night = office(hours={"night": parse_hours("mon-fri 22:00-06:00")})

    assert inside(night, "night", on_the_wall(night, "2026-10-01T05:59"))
    assert not inside(night, "night", on_the_wall(night, "2026-10-01T22:00"))
    assert due(
        night, on_the_wall(night, "2026-09-30T23:00"), parse_amount("8 working hours")
    ).at == on_the_wall(night, "2026-10-08T23:00")


def test_years_asked_for_in_any_order_give_one_answer() -> None:
    amount = parse_amount("500 working days")
    starts = [datetime(year, 7, 1, 2, 0, tzinfo=UTC) for year in (2026, 1990, 2040, 2004, 1988, 2025)]
    shared = office()

    assert [due(shared, start, amount) for start in starts] == [
        due(office(), start, amount) for start in starts
    ]


def test_what_nobody_can_mean_is_refused() -> None:
    calendar = office()
    start = on_the_wall(calendar, "2026-09-24T16:00")

    for amount in ("999999 working days", "999999 days", "999999 months"):
        with pytest.raises(Refused) as refused:
            due(calendar, start, parse_amount(amount))
        assert refused.value.code == "calendar.out_of_range"
    with pytest.raises(Refused) as refused:
        used(calendar, datetime(1066, 10, 14, tzinfo=UTC), start, Unit.WORKING_HOURS)
    assert refused.value.code == "calendar.out_of_range"
    with pytest.raises(Refused, match="no hours are called 'lunch'; there are: office_hours, hotline"):
        inside(calendar, "lunch", start)
    with pytest.raises(Refused) as refused:
        due(office(at_once=None), start, parse_amount("at_once"))
    assert refused.value.code == "calendar.at_once_missing"


def test_an_instant_without_a_zone_is_a_mistake_of_the_programmer() -> None:
    with pytest.raises(TypeError):
        due(office(), datetime(2026, 9, 24, 16, 0), parse_amount("1 hours"))  # noqa: DTZ001  # the point of the test


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"zone": "Asia/Beijing"}, "calendar.zone_unknown"),
        ({"zone": "../etc/passwd"}, "calendar.zone_unknown"),
        ({"zone": ""}, "calendar.zone_unknown"),
        ({"hours": {}}, "calendar.hours_missing"),
        ({"hours": {"h": parse_hours("mon closed")}}, "calendar.hours_missing"),
        ({"working_day": parse_amount("1 days")}, "calendar.working_day_unit"),
        ({"at_once": parse_amount("at_once")}, "calendar.at_once_unit"),
    ],
)
def test_a_calendar_that_cannot_answer_is_refused_by_name(changes: dict[str, object], code: str) -> None:
    with pytest.raises(Refused, match="calendar 'property'") as refused:
        office(**changes)

    assert refused.value.code == code


def test_calendars_can_be_compared_kept_in_sets_copied_and_sent() -> None:
    calendar = office()
    start, amount = on_the_wall(calendar, "2026-09-24T16:00"), parse_amount("8 working hours")
    answer = due(calendar, start, amount)  # what is worked out on the way does not get in the way

    assert calendar == office()
    assert calendar != office(zone="UTC")
    assert len({calendar, office()}) == 1
    for copied in (deepcopy(calendar), pickle.loads(pickle.dumps(calendar))):  # noqa: S301  # our own bytes
        assert copied == calendar
        assert due(copied, start, amount) == answer
