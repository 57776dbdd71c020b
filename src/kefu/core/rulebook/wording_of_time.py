"""What comes round, in plain words."""

from __future__ import annotations

from typing import Final

from kefu.core.errors import in_language
from kefu.core.worktime import Period, Recurrence

_EACH: Final = {
    Period.DAY: ("每天", "every day"),
    Period.WORKING_DAY: ("每个工作日", "every working day"),
    Period.WEEK: ("每周", "every week"),
    Period.MONTH: ("每月", "every month"),
    Period.QUARTER: ("每季度", "every quarter"),
    Period.HALF_YEAR: ("每半年", "every half year"),
    Period.YEAR: ("每年", "every year"),
}
_LONGER: Final = (Period.QUARTER, Period.HALF_YEAR, Period.YEAR)  # than the month that a day counts in
_WEEKDAYS: Final = (
    ("星期一", "Monday"),
    ("星期二", "Tuesday"),
    ("星期三", "Wednesday"),
    ("星期四", "Thursday"),
    ("星期五", "Friday"),
    ("星期六", "Saturday"),
    ("星期日", "Sunday"),
)


def recurrence_text(every: Recurrence, lang: str) -> str:
    """`week on friday at 18:00` as “每周星期五 18:00 前”, “every week by Friday 18:00”."""
    zh, en = _EACH[every.period]
    day_zh, day_en = _day(every)
    at = f"{every.at:%H:%M}" if every.at else ""
    parts_zh = [f"{zh}{day_zh}", f"{at} 前" if at else ("前（含当日）" if day_zh else "期末前")]
    by = " ".join(part for part in (day_en or "its end", at) if part)
    return in_language(lang, " ".join(parts_zh) if at else "".join(parts_zh), f"{en} by {by}")


def _day(every: Recurrence) -> tuple[str, str]:
    last_zh, last_en = ("末月", " of its last month") if every.period in _LONGER else ("", "")
    if every.last:
        return "最后一天", "its last day"
    if every.weekday is not None:
        zh, en = _WEEKDAYS[every.weekday]
        if every.day is None:
            return zh, en
        return f"{last_zh} {every.day} 日或之前的{zh}", f"the {en} on or before day {every.day}{last_en}"
    if every.day is not None:
        return f"{last_zh} {every.day} 日", f"day {every.day}{last_en}"
    return "", ""
