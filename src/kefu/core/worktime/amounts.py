"""Typed amounts of time: a number and a unit that says which clock it is measured on."""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from kefu.core.errors import Refused, in_language


class Unit(StrEnum):
    """What an amount is counted in; the value is the word used in rulebooks."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"
    WORKING_HOURS = "working hours"
    WORKING_DAYS = "working days"
    AT_ONCE = "at_once"

    @property
    def is_working(self) -> bool:
        """True if only time inside the calendar's working hours counts."""
        return self in (Unit.WORKING_HOURS, Unit.WORKING_DAYS)


# Wall-clock units say so in full, so that nobody reads "24 hours" as three working days.
_WORDS: dict[Unit, tuple[str, str]] = {
    Unit.MINUTES: (
        "{} 分钟（按自然时间，含夜间与休息日）",
        "{} minutes of clock time, nights and days off included",
    ),
    Unit.HOURS: (
        "{} 小时（按自然时间，含夜间与休息日）",
        "{} hours of clock time, nights and days off included",
    ),
    Unit.DAYS: ("{} 天（按自然日，含休息日）", "{} calendar days, days off included"),
    Unit.MONTHS: ("{} 个月（按自然月，含休息日）", "{} calendar months, days off included"),
    Unit.WORKING_HOURS: ("{} 个工作小时（按工作时间）", "{} working hours, only working time counts"),
    Unit.WORKING_DAYS: ("{} 个工作日（按工作时间）", "{} working days, only working time counts"),
    Unit.AT_ONCE: ("立即", "at once"),
}

_PATTERN = re.compile(r"(\d{1,6}(?:\.\d{1,4})?) ([a-z ]+)")


@dataclass(frozen=True, slots=True)
class Amount:
    """`number` > 0 of `unit`; `days` and `months` are whole. Make one with `parse_amount`."""

    number: Decimal
    unit: Unit

    def __str__(self) -> str:
        """The canonical spelling: "8 working hours", "0.5 working days", "1 months", "at_once"."""
        if self.unit is Unit.AT_ONCE:
            return self.unit.value
        return f"{_plain(self.number)} {self.unit.value}"

    def render(self, lang: str) -> str:
        """For people: the unit's clock is named, so that working time and clock time cannot be confused."""
        zh, en = _WORDS[self.unit]
        if self.number == 1:  # "1 calendar months" is a spelling for rulebooks, not for readers
            en = re.sub(r"(minute|hour|day|month)s\b", r"\1", en, count=1)
        return in_language(lang, zh, en).format(_plain(self.number))


AT_ONCE = Amount(Decimal(1), Unit.AT_ONCE)


def parse_amount(text: str) -> Amount:
    """Read the canonical spelling of an amount, "at_once" included.

    Raises Refused: `amount.not_understood` (with the units allowed), `amount.not_canonical` (with the
    spelling to use), `amount.not_positive`, `amount.not_whole` (days and months).
    """
    if text == Unit.AT_ONCE.value:
        return AT_ONCE
    found = _PATTERN.fullmatch(text)
    unit = _unit(found[2]) if found else None
    if not found or not unit:
        units = "、".join(u.value for u in Unit if u is not Unit.AT_ONCE)
        raise Refused(
            "amount.not_understood",
            zh=f"“{text}”不是时长：请写“数字 单位”，单位为 {units}，或写 at_once。",
            en=f"'{text}' is not an amount of time: write 'number unit' with one of "
            f"{units.replace('、', ', ')}, or at_once.",
            text=text,
        )
    amount = Amount(Decimal(found[1]), unit)
    if amount.number <= 0:
        raise Refused(
            "amount.not_positive",
            zh=f"“{text}”必须大于零；没有宽限时请写 at_once。",
            en=f"'{text}' must be more than zero; write at_once where nothing may pass.",
            text=text,
        )
    if unit in (Unit.DAYS, Unit.MONTHS) and amount.number % 1:
        raise Refused(
            "amount.not_whole",
            zh=f"“{text}”：{unit.value} 只能是整数；半天请写 12 hours 或 0.5 working days。",
            en=f"'{text}': {unit.value} are whole; half a day is 12 hours or 0.5 working days.",
            text=text,
        )
    if str(amount) != text:
        raise Refused(
            "amount.not_canonical",
            zh=f"“{text}”请写成“{amount}”，每个时长只有一种写法。",
            en=f"'{text}' is written '{amount}': every amount has one spelling.",
            text=text,
            write=str(amount),
        )
    return amount


def render_time(length: timedelta, unit: Unit, lang: str) -> str:
    """Time counted (used, left) on the clock of `unit`: "6 小时 30 分（工作时间）", "6 h 30 min of working
    time".
    """
    zh, en = ("（工作时间）", " of working time") if unit.is_working else ("（自然时间）", " of clock time")
    return length_text(length, lang) + in_language(lang, zh, en)


def length_text(length: timedelta, lang: str) -> str:
    """`length` in hours, minutes and (if there are any) whole seconds, without saying whose clock counted
    them.
    """
    seconds = abs(length) // timedelta(seconds=1)
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    zh, en = ("小时", "分", "秒"), ("h", "min", "s")
    names = zh if in_language(lang, "zh", "en") == "zh" else en
    parts = [f"{n} {name}" for n, name in zip((hours, minutes, seconds), names, strict=True) if n]
    return ("-" if length < timedelta(0) else "") + (" ".join(parts) or f"0 {names[1]}")


def _unit(word: str) -> Unit | None:
    """The unit meant by `word`; the singular is known only to be told the canonical spelling."""
    return next((unit for unit in Unit if word in (unit.value, unit.value.removesuffix("s"))), None)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
