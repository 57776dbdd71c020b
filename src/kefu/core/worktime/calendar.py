"""The calendar of a department: zone, hours, holidays, and what it means by a working day."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property, partial
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kefu.core.errors import Refused

from .amounts import Amount, Unit
from .holidays import NO_HOLIDAYS, Holidays, NoticeDay, china
from .hours import CLOSED, DayHours, WeeklyHours
from .segments import Segments, on_the_wall

HolidayRule = Literal["keep", "forward", "back"]


@dataclass(frozen=True)
class Calendar:
    """What a rulebook's `calendar` chapter says, ready to compute with. Shared freely between threads.

    zone: IANA name. hours: by name, the first are *the* working hours. holidays: "china" (statutory days and
    make-up days), "none", or days of one's own. working_day: what one working day is worth, in hours.
    at_once: what `at_once` allows; None if the manual is silent. overrides: single days with other hours, ()
    for closed. They replace the working hours, and every other hours that close on holidays. holiday: what
    happens to dates that fall on a day off, unless a rule says otherwise. notices: {year: days} imported
    since the holiday package was made; laid over "china".
    """

    name: str
    zone: str
    hours: Mapping[str, WeeklyHours]
    holidays: Literal["china", "none"] | Holidays = "china"
    working_day: Amount = field(default=Amount(Decimal(8), Unit.HOURS))
    at_once: Amount | None = None
    overrides: Mapping[date, DayHours] = field(default_factory=dict)
    named_days: Mapping[str, date] = field(default_factory=dict)
    holiday: HolidayRule = "forward"
    notices: Mapping[int, Iterable[NoticeDay]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
            zh, en = (
                f"没有时区“{self.zone}”，请写如 Asia/Shanghai",
                f"no time zone '{self.zone}'; write one like Asia/Shanghai",
            )
            raise self.refused("zone_unknown", zh, en) from unknown
        if not self.hours or not all(any(hours.days) for hours in self.hours.values()):
            raise self.refused(
                "hours_missing", "hours 里没有任何开放时间", "there is no open time in its hours"
            )
        if self.working_day.unit is not Unit.HOURS:
            zh, en = "一个工作日要用 hours 表示", "working_day is given in hours"
            raise self.refused(
                "working_day_unit", f"{zh}，不是“{self.working_day}”", f"{en}, not '{self.working_day}'"
            )
        if self.at_once and self.at_once.unit is Unit.AT_ONCE:
            raise self.refused(
                "at_once_unit", "at_once 要写成时长，如 10 minutes", "at_once is an amount like 10 minutes"
            )

    def __hash__(self) -> int:
        return hash((self.name, self.zone))

    def __getstate__(self) -> dict[str, object]:
        """What a copy or a pickle carries: the fields; what follows from them is worked out again."""
        return {part.name: getattr(self, part.name) for part in fields(self)}

    @cached_property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @cached_property
    def special_days(self) -> Holidays:
        """The holidays and make-up days in force, imported notices included."""
        if isinstance(self.holidays, Holidays):
            return self.holidays
        return china().with_notices(self.notices) if self.holidays == "china" else NO_HOLIDAYS

    @cached_property
    def working(self) -> Segments:
        """The stream of working time: the segments of the first hours."""
        return self.segments(next(iter(self.hours)))

    @cached_property
    def _streams(self) -> dict[str, Segments]:
        return {
            name: Segments(self.tz, partial(self.hours_on, name=name), partial(self._is_confirmed, weekly))
            for name, weekly in self.hours.items()
        }

    def segments(self, name: str) -> Segments:
        """The stream of the hours called `name`. Raises Refused `calendar.hours_unknown`."""
        if name not in self.hours:
            known = ", ".join(self.hours)
            zh, en = (
                f"没有名为“{name}”的时间，已有：{known}",
                f"no hours are called '{name}'; there are: {known}",
            )
            raise self.refused("hours_unknown", zh, en)
        return self._streams[name]

    def hours_on(self, day: date, name: str | None = None) -> DayHours:
        """Open minutes of the intervals that start on `day`, of the hours `name` (default: the working
        hours).
        """
        working = next(iter(self.hours))
        weekly = self.hours[name or working]
        if day in self.overrides and (name in (None, working) or not weekly.every_day):
            return self.overrides[day]
        special = None if weekly.every_day else self.special_days.days.get(day)
        if special is None:
            return weekly.days[day.weekday()]
        return CLOSED if special.is_off else weekly.make_up_day

    def special_between(self, first: date, last: date) -> list[date]:
        """The days from `first` to `last` on which the working hours are not simply those of the weekday."""
        days = self._special
        return days[bisect_left(days, first) : bisect_right(days, last)]

    @cached_property
    def _special(self) -> list[date]:
        of_notices = {} if next(iter(self.hours.values())).every_day else self.special_days.days
        return sorted({*of_notices, *self.overrides})

    def is_confirmed(self, year: int) -> bool:
        """False if the working hours of `year` depend on a notice that is not known."""
        return self._is_confirmed(next(iter(self.hours.values())), year)

    def with_notices(self, notices: Mapping[int, Iterable[NoticeDay]]) -> "Calendar":
        """The same calendar knowing imported notices {year: days} too."""
        return replace(self, notices={**self.notices, **notices})

    def local(self, at: datetime) -> datetime:
        """`at` as clocks on the wall of this calendar show it."""
        return at.astimezone(self.tz)

    def wall(self, day: date, minute: int = 0) -> datetime:
        """The instant at which clocks on the wall show `minute` minutes after midnight of `day`; 1440 ends
        the day.
        """
        return self.wall_at(datetime.combine(day, time()) + timedelta(minutes=minute))

    def wall_at(self, wall: datetime) -> datetime:
        """The first instant at which clocks on the wall show naive `wall`, or later where that time is
        skipped.
        """
        return on_the_wall(self.tz, wall)

    def refused(self, what: str, zh: str, en: str) -> Refused:
        """`calendar.<what>`, told with the calendar's name."""
        zh, en = f"日历“{self.name}”：{zh}。", f"calendar '{self.name}': {en}."
        return Refused(f"calendar.{what}", zh=zh, en=en, calendar=self.name)

    def _is_confirmed(self, weekly: WeeklyHours, year: int) -> bool:
        return weekly.every_day or self.special_days.is_confirmed(year)
