"""Weekly hours: which minutes of which weekday are open, as a manual writes them."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from kefu.core.errors import Refused, in_language

DAY_MINUTES = 24 * 60
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")

# Minutes after midnight of the day an interval starts on, [opens, closes), ascending and apart.
# Over midnight closes > 1440: the hours after midnight belong to the day before.
DayHours: TypeAlias = tuple[tuple[int, int], ...]
CLOSED: DayHours = ()

_EVERY_DAY = "every day "
_DAYS = re.compile(r"(\w{3})(?:-(\w{3}))?")
_TIME = re.compile(r"(\d\d):(\d\d)")


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """Open minutes of each weekday, Monday first.

    every_day: open on public holidays too, as "every day 08:00-22:00" promises; other patterns close on
    holidays and work on make-up days.
    """

    days: tuple[DayHours, ...]
    every_day: bool = False

    @property
    def make_up_day(self) -> DayHours:
        """Hours of a make-up working day 调休: those of the first weekday that is worked."""
        return next((hours for hours in self.days if hours), CLOSED)

    def render(self, lang: str) -> str:
        """For people: "周一至周五 08:30-12:00 13:30-18:00", "Mon-Fri 08:30-12:00 13:30-18:00"."""
        if self.every_day:
            return in_language(lang, "每天（含节假日） ", "every day, holidays too, ") + day_hours_text(
                self.days[0]
            )
        names = WEEKDAYS_ZH if in_language(lang, "zh", "en") == "zh" else tuple(d.title() for d in WEEKDAYS)
        runs: list[tuple[int, int]] = []
        for day, hours in enumerate(self.days):
            if not hours:
                continue
            if runs and runs[-1][1] == day - 1 and self.days[day - 1] == hours:
                runs[-1] = (runs[-1][0], day)
            else:
                runs.append((day, day))
        to = in_language(lang, "至", "-")
        return in_language(lang, "；", "; ").join(
            (names[first] if first == last else f"{names[first]}{to}{names[last]}")
            + " "
            + day_hours_text(self.days[first])
            for first, last in runs
        )


def parse_hours(text: str) -> WeeklyHours:
    """Read weekly hours: "mon-fri 08:30-12:00 13:30-18:00", "mon-fri 09:00-18:00; sat,sun 10:00-16:00",
    "every day 00:00-24:00" (holidays too), "mon-sun 22:00-06:00" (over midnight: belongs to the day it
    starts on).

    Raises Refused `hours.not_understood`, `hours.overlap`, `hours.day_twice`, quoting the part.
    """
    if text.startswith(_EVERY_DAY):
        return WeeklyHours((parse_day_hours(text.removeprefix(_EVERY_DAY)),) * 7, every_day=True)
    days: dict[int, DayHours] = {}
    for part in text.split(";"):
        names, _, times = part.strip().partition(" ")
        hours = parse_day_hours(times)
        for day in _weekdays(names, text):
            if day in days:
                raise Refused(
                    "hours.day_twice",
                    zh=f"“{text}”：{WEEKDAYS_ZH[day]}写了两次，请合并成一段。",
                    en=f"'{text}': {WEEKDAYS[day]} is given twice; put its hours in one part.",
                    text=text,
                    day=WEEKDAYS[day],
                )
            days[day] = hours
    return WeeklyHours(tuple(days.get(day, CLOSED) for day in range(7)))


def parse_day_hours(text: str) -> DayHours:
    """Read the hours of one day: "09:00-12:00 13:00-15:00", "22:00-06:00", or "closed".

    Raises Refused `hours.not_understood`, `hours.overlap`.
    """
    if text == "closed":
        return CLOSED
    intervals = []
    for piece in text.split():
        opens, dash, closes = piece.partition("-")
        start, end = parse_time(opens), parse_time(closes)
        if not dash or start in (end, DAY_MINUTES):
            raise _not_understood(text)
        intervals.append((start, end if end > start else end + DAY_MINUTES))
    if not intervals:
        raise _not_understood(text)
    intervals.sort()
    for (_, closes_at), (opens_at, _) in pairwise(intervals):
        if opens_at < closes_at:
            raise Refused(
                "hours.overlap",
                zh=f"“{text}”：时间段有重叠，同一分钟只能算一次。",
                en=f"'{text}': intervals overlap; a minute can be counted only once.",
                text=text,
            )
    return tuple(intervals)


def parse_time(text: str) -> int:
    """Minutes after midnight of "HH:MM"; "24:00" is 1440, the end of the day. Raises Refused
    `hours.not_understood`.
    """
    found = _TIME.fullmatch(text)
    minutes = int(found[1]) * 60 + int(found[2]) if found and int(found[2]) < 60 else DAY_MINUTES + 1
    if minutes > DAY_MINUTES:
        raise _not_understood(text)
    return minutes


def day_hours_text(hours: DayHours) -> str:
    """The canonical spelling of one day's hours, which `parse_day_hours` reads back."""
    return " ".join(f"{_time_text(a)}-{_time_text(b)}" for a, b in hours) or "closed"


def _time_text(minutes: int) -> str:
    if minutes > DAY_MINUTES:
        minutes -= DAY_MINUTES
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _weekdays(names: str, text: str) -> list[int]:
    """Days of "mon-fri", "sat,sun", "fri-mon" (round the week's end), ascending from the first named."""
    days: list[int] = []
    for name in names.split(","):
        found = _DAYS.fullmatch(name)
        if not found or found[1] not in WEEKDAYS or (found[2] or found[1]) not in WEEKDAYS:
            raise _not_understood(text)
        first, last = WEEKDAYS.index(found[1]), WEEKDAYS.index(found[2] or found[1])
        days += [(first + n) % 7 for n in range((last - first) % 7 + 1)]
    return days


def _not_understood(text: str) -> Refused:
    example = "mon-fri 08:30-12:00 13:30-18:00; sat 09:00-12:00"
    return Refused(
        "hours.not_understood",
        zh=f"“{text}”不是工作时间：请写如 {example} 或 every day 00:00-24:00；单独一天也可写 closed。",
        en=f"'{text}' are not working hours: write '{example}' or 'every day 00:00-24:00'; "
        "one day may also be 'closed'.",
        text=text,
    )
