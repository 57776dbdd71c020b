from datetime import timedelta
from decimal import Decimal

import pytest

from kefu.core.errors import Refused
from kefu.core.worktime import AT_ONCE, Amount, Unit, parse_amount, render_time

CANONICAL = [
    ("8 working hours", Amount(Decimal(8), Unit.WORKING_HOURS)),
    ("0.5 working days", Amount(Decimal("0.5"), Unit.WORKING_DAYS)),
    ("24 hours", Amount(Decimal(24), Unit.HOURS)),
    ("1 months", Amount(Decimal(1), Unit.MONTHS)),
    ("15 days", Amount(Decimal(15), Unit.DAYS)),
    ("30 minutes", Amount(Decimal(30), Unit.MINUTES)),
    ("1000 minutes", Amount(Decimal(1000), Unit.MINUTES)),
    ("at_once", AT_ONCE),
]

REFUSED = [
    ("", "amount.not_understood"),
    ("8", "amount.not_understood"),
    ("8 weeks", "amount.not_understood"),
    ("8 business hours", "amount.not_understood"),
    ("-1 hours", "amount.not_understood"),
    ("1e3 hours", "amount.not_understood"),
    ("８ hours", "amount.not_canonical"),
    ("8  hours", "amount.not_understood"),
    ("at once", "amount.not_understood"),
    ("1 at_once", "amount.not_understood"),
    ("9999999 hours", "amount.not_understood"),
    ("0 hours", "amount.not_positive"),
    ("0.5 days", "amount.not_whole"),
    ("1.5 months", "amount.not_whole"),
    ("1 month", "amount.not_canonical"),
    ("8 working hour", "amount.not_canonical"),
    ("08 hours", "amount.not_canonical"),
    ("8.0 hours", "amount.not_canonical"),
]


@pytest.mark.parametrize(("text", "amount"), CANONICAL)
def test_an_amount_is_read_and_written_in_one_spelling(text: str, amount: Amount) -> None:
    assert parse_amount(text) == amount
    assert str(amount) == text


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_any_other_spelling_is_refused_in_both_languages(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_amount(text)

    assert refused.value.code == code
    assert f"“{text}”" in refused.value.text("zh-hans")
    assert f"'{text}'" in refused.value.text("en")


def test_the_refusal_of_a_spelling_names_the_one_to_use() -> None:
    with pytest.raises(Refused, match="is written '1 months'"):
        parse_amount("1 month")


def test_nobody_can_take_working_time_for_clock_time_in_either_language() -> None:
    working = [parse_amount(text) for text in ("8 working hours", "3 working days")]
    wall = [parse_amount(text) for text in ("30 minutes", "24 hours", "3 days", "1 months")]

    assert all(
        "按工作时间" in a.render("zh") and "only working time counts" in a.render("en") for a in working
    )
    assert all("按自然" in a.render("zh") and "days off included" in a.render("en") for a in wall)
    assert not any("工作" in a.render("zh") or "working" in a.render("en") for a in wall)


def test_amounts_read_well() -> None:
    assert parse_amount("8 working hours").render("zh-hans") == "8 个工作小时（按工作时间）"
    assert parse_amount("24 hours").render("zh") == "24 小时（按自然时间，含夜间与休息日）"
    assert parse_amount("1 months").render("en") == "1 calendar month, days off included"
    assert parse_amount("0.5 working days").render("en") == "0.5 working days, only working time counts"
    assert AT_ONCE.render("zh") == "立即"


def test_time_counted_says_whose_clock_counted_it() -> None:
    ran = timedelta(hours=6, minutes=30)

    assert render_time(ran, Unit.WORKING_DAYS, "zh") == "6 小时 30 分（工作时间）"
    assert render_time(ran, Unit.DAYS, "en") == "6 h 30 min of clock time"
    assert render_time(timedelta(seconds=-61), Unit.HOURS, "en") == "-1 min 1 s of clock time"
    assert render_time(timedelta(0), Unit.HOURS, "zh") == "0 分（自然时间）"
