from datetime import date, timedelta

from kefu.core.worktime import due, explain, parse_amount, parse_hours

from .cast import office, on_the_wall


def test_every_step_is_told_in_order_and_in_both_languages() -> None:
    calendar = office(overrides={date(2026, 10, 9): ((510, 720),)})
    pause = on_the_wall(calendar, "2026-10-08T09:00"), on_the_wall(calendar, "2026-10-08T10:00")

    told = explain(
        calendar, on_the_wall(calendar, "2026-09-30T15:00"), parse_amount("2 working days"), [pause]
    )

    assert told.lines("zh-hans") == [
        "从 2026-09-30（周三）15:00 起算：2 个工作日（按工作时间）",
        "2026-09-30（周三）15:00-18:00，计 3 小时",
        "2026-10-01（周四）至 2026-10-07（周三）国庆节放假，不计",
        "2026-10-08（周四）08:30-09:00 10:00-12:00 13:30-18:00，计 7 小时",
        "2026-10-08（周四）09:00 至 2026-10-08（周四）10:00 暂停，扣除 1 小时",
        "2026-10-09（周五）另行安排：08:30-12:00",
        "2026-10-09（周五）08:30-12:00，计 3 小时 30 分",
        "2026-10-10（周六）为国庆节调休上班日",
        "2026-10-10（周六）08:30-11:00，计 2 小时 30 分",
        "到期 2026-10-10（周六）11:00（含该时刻）",
    ]
    assert told.lines("en") == [
        "from Wed 2026-09-30 15:00: 2 working days, only working time counts",
        "Wed 2026-09-30 15:00-18:00, 3 h",
        "Thu 2026-10-01 to Wed 2026-10-07 National Day, not counted",
        "Thu 2026-10-08 08:30-09:00 10:00-12:00 13:30-18:00, 7 h",
        "Thu 2026-10-08 09:00 to Thu 2026-10-08 10:00 paused, less 1 h",
        "Fri 2026-10-09 has hours of its own: 08:30-12:00",
        "Fri 2026-10-09 08:30-12:00, 3 h 30 min",
        "Sat 2026-10-10 is worked to make up for National Day",
        "Sat 2026-10-10 08:30-11:00, 2 h 30 min",
        "due Sat 2026-10-10 11:00, that moment included",
    ]


def test_what_is_told_adds_up_to_the_amount_and_ends_at_the_due_instant() -> None:
    calendar = office()
    start, amount = on_the_wall(calendar, "2026-09-24T16:00"), parse_amount("8 working hours")

    told = explain(calendar, start, amount)

    assert sum((span.ran for span in told.counted), timedelta()) == timedelta(hours=8)
    assert told.due == told.counted[-1].end == due(calendar, start, amount).at
    assert [day.title("zh") for day in told.holidays] == ["中秋节"] * 3
    assert [day.title("en") for day in told.holidays] == ["Mid-autumn Festival"] * 3


def test_clock_time_meets_no_holidays() -> None:
    calendar = office()

    told = explain(calendar, on_the_wall(calendar, "2026-09-30T16:00"), parse_amount("24 hours"))

    assert told.holidays == ()
    assert told.lines("zh")[1] == "2026-09-30（周三）16:00 至 2026-10-01（周四）16:00，计 24 小时"
    assert told.lines("zh")[0].endswith("24 小时（按自然时间，含夜间与休息日）")


def test_hours_of_every_day_meet_no_holidays_either() -> None:
    calendar = office(hours={"h": parse_hours("every day 08:00-22:00")})

    told = explain(calendar, on_the_wall(calendar, "2026-09-30T16:00"), parse_amount("30 working hours"))

    assert told.holidays == told.make_up_days == ()


def test_at_once_is_told_as_the_amount_it_stands_for() -> None:
    calendar = office()

    told = explain(calendar, on_the_wall(calendar, "2026-09-30T16:00"), parse_amount("at_once"))

    assert str(told.amount) == "10 minutes"


def test_a_guess_is_never_told_without_its_doubt() -> None:
    calendar = office()

    told = explain(calendar, on_the_wall(calendar, "2026-12-30T16:00"), parse_amount("3 working days"))

    assert told.unconfirmed == (2027,)
    assert told.lines("zh")[-1] == "2027 年放假安排尚未公布"
    assert told.lines("en")[-1] == "calendar for 2027 not confirmed"


def test_pauses_after_the_due_instant_are_not_told() -> None:
    calendar = office()
    start = on_the_wall(calendar, "2026-09-28T09:00")
    late = on_the_wall(calendar, "2026-09-28T17:00"), on_the_wall(calendar, "2026-09-28T18:00")

    assert explain(calendar, start, parse_amount("1 working hours"), [late]).paused == ()


def test_a_closed_day_and_the_end_of_a_day_read_as_people_say_them() -> None:
    calendar = office(
        hours={"h": parse_hours("every day 12:00-24:00")}, overrides={date(2026, 9, 29): ()}, holidays="none"
    )

    told = explain(calendar, on_the_wall(calendar, "2026-09-28T20:00"), parse_amount("5 working hours"))

    assert told.lines("zh")[1:4] == [
        "2026-09-28（周一）20:00-24:00，计 4 小时",
        "2026-09-29（周二）另行安排：不上班",
        "2026-09-30（周三）12:00-13:00，计 1 小时",
    ]


def test_a_due_instant_at_midnight_touches_only_the_day_it_ends() -> None:
    calendar = office(hours={"h": parse_hours("mon-sun 12:00-24:00")})

    told = explain(calendar, on_the_wall(calendar, "2026-09-30T20:00"), parse_amount("4 working hours"))

    assert told.due == on_the_wall(calendar, "2026-10-01T00:00")
    assert told.holidays == ()
