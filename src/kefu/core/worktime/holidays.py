"""Public holidays and make-up working days 调休: what the State Council's notices say of single days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from chinese_calendar.constants import Holiday
from chinese_calendar.constants import holidays as _package_off
from chinese_calendar.constants import workdays as _package_work

from kefu.core.errors import in_language

# A year's notice may also move the last days of the year before: the 2008 notice made 2007-12-29 a working
# day.
NOTICE_REACHES_BACK = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """One day a notice speaks of: off, or worked although the week would say otherwise.

    name: the holiday in Chinese as the notice heads it, e.g. "国庆节" or "国庆节、中秋节"; "" if it gives
    none.
    """

    day: date
    is_off: bool
    name: str = ""

    def title(self, lang: str) -> str:
        """The holiday's name; one we have no English for is shown as the notice writes it."""
        zh = self.name or "节假日"
        known = [en for key, en in _ENGLISH.items() if key in self.name]
        return in_language(lang, zh, " and ".join(known) or self.name or "public holiday")


_ENGLISH = {holiday.chinese.removesuffix("节"): holiday.value for holiday in Holiday}
_CHINESE = {h.value: h.chinese if h.chinese[-1] in "节旦日" else f"{h.chinese}节" for h in Holiday}


@dataclass(frozen=True)
class Holidays:
    """Special days by date, and the years whose official notice is known; None: no notice is needed, all
    are.
    """

    days: Mapping[date, NoticeDay]
    years: frozenset[int] | None = None

    def is_confirmed(self, year: int) -> bool:
        """False if the notice of `year` is unknown, so that any answer resting on it is a guess."""
        return self.years is None or year in self.years

    def with_notices(self, notices: Mapping[int, Iterable[NoticeDay]]) -> "Holidays":
        """These holidays with the days of `notices` {year: days} laid over them; their years become
        confirmed.
        """
        if self.years is None or not notices:
            return self
        days = {day.day: day for of_year in notices.values() for day in of_year}
        return Holidays({**self.days, **days}, self.years | set(notices))


NO_HOLIDAYS = Holidays({})


@cache
def china() -> Holidays:
    """Notices of the State Council as kept by the package chinesecalendar (2004 to 2026 in version 1.11).

    A year counts as known if its National Day is listed: the package's next edition may well list the last
    days of December for a notice it does not yet hold.
    """
    off = [NoticeDay(day, True, _CHINESE[name]) for day, name in _package_off.items()]
    work = [NoticeDay(day, False, _CHINESE[name]) for day, name in _package_work.items()]
    years = frozenset(day.year for day in _package_off if (day.month, day.day) == (10, 1))
    return Holidays({day.day: day for day in off + work}, years)


def not_confirmed(years: Iterable[int], lang: str) -> str:
    """What has to stand beside every due time that rests on `years`; "" if there are none."""
    zh = "、".join(str(year) for year in years)
    en = zh.replace("、", ", ")
    return in_language(lang, f"{zh} 年放假安排尚未公布", f"calendar for {en} not confirmed") if zh else ""
