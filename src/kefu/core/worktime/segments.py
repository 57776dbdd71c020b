"""The one stream of half-open working segments, and the bare wall clock, behind the same three questions.

Instants are whole microseconds since 1970-01-01 UTC here. A *position* is how much of a clock has run at an
instant, counted from an arbitrary origin: differences of positions are time used, and a position sought is a
due instant.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from threading import Lock
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from kefu.core.errors import Refused

from .holidays import NOTICE_REACHES_BACK
from .hours import DayHours

FIRST_YEAR, LAST_YEAR = 1901, 2199  # the years any computation may touch; zones before 1901 kept odd seconds

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ONE_DAY = timedelta(days=1)


def micros(at: datetime) -> int:
    """Microseconds since 1970 of an aware instant; a naive one raises TypeError."""
    gone = at - _EPOCH
    return (gone.days * 86_400 + gone.seconds) * 1_000_000 + gone.microseconds


def instant(at: int) -> datetime:
    """The aware UTC instant of `at` microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=at)


def on_the_wall(zone: ZoneInfo, wall: datetime) -> datetime:
    """The first instant (UTC) at which clocks on the wall in `zone` show naive `wall`, or later.

    So a time that daylight saving skips is the moment of the change, and one that comes twice is its first
    coming.
    """
    first = wall.replace(tzinfo=zone).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return first
    before, after = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), first
    while after - before > timedelta(microseconds=1):  # the change lies between, on a whole second
        middle = before + (after - before) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            before = middle
        else:
            after = middle
    return after


class Clock(Protocol):
    """What runs while a promise is open."""

    def position(self, at: int) -> int:
        """How much has run at instant `at`."""
        ...

    def first(self, position: int) -> int:
        """The earliest instant at which `position` has run: closing time, not the next opening."""
        ...

    def last(self, position: int) -> int:
        """The latest instant at which no more than `position` has run: opening time, not the last closing."""
        ...

    def between(self, start: int, end: int) -> list[tuple[int, int]]:
        """The spans in which it runs from `start` to `end`, cut to them."""
        ...

    def unconfirmed(self, start: int, end: int) -> tuple[int, ...]:
        """Years without a known notice that the time from `start` to `end` touches."""
        ...


class WallClock:
    """Runs always."""

    def position(self, at: int) -> int:
        return at

    def first(self, position: int) -> int:
        return position

    def last(self, position: int) -> int:
        return position

    def between(self, start: int, end: int) -> list[tuple[int, int]]:
        return [(start, end)] if start < end else []

    def unconfirmed(self, start: int, end: int) -> tuple[int, ...]:
        return ()


WALL_CLOCK = WallClock()


class _Window(NamedTuple):
    """Segments of whole years, ascending and apart (touching allowed).

    totals: position at the end of each segment. low, high: instants between which the lists are complete.
    doubts: (from, to, year) where the unknown notice of `year` may reach.
    """

    starts: list[int]
    ends: list[int]
    totals: list[int]
    low: int
    high: int
    doubts: list[tuple[int, int, int]]
    years: range


class Segments:
    """Runs inside the working segments of one calendar's hours; years are built when first asked for.

    A window is never changed, only replaced by a wider one counted from the same origin: threads share one
    object and only widening takes a lock.
    """

    def __init__(
        self, zone: ZoneInfo, hours_on: Callable[[date], DayHours], is_confirmed: Callable[[int], bool]
    ) -> None:
        self._zone = zone
        self._hours_on = hours_on
        self._is_confirmed = is_confirmed
        self._origin: int | None = None
        self._widening = Lock()
        self._window = _Window([], [], [], 0, 0, [], range(0))

    def position(self, at: int) -> int:
        starts, ends, totals, low, high, _, _ = self._window
        if not low <= at < high:
            starts, ends, totals, _, _, _, _ = self.reach(at)
        i = bisect_right(ends, at)
        if i == len(ends):
            return totals[-1] if totals else 0
        start = starts[i]
        return totals[i] - ends[i] + (at if at > start else start)

    def first(self, position: int) -> int:
        """As `Clock.first`, for a position later than one that was asked for."""
        window = self._window
        while (i := bisect_left(window.totals, position)) == len(window.totals):
            window = self._widen(window.years.stop)
        return window.ends[i] - window.totals[i] + position

    def last(self, position: int) -> int:
        """As `Clock.last`, for a position earlier than one that was asked for."""
        window = self._window
        while True:
            i = bisect_right(window.totals, position)
            if i < len(window.totals):
                at = window.ends[i] - window.totals[i] + position
                if i or at >= window.starts[0]:
                    return at
            window = self._widen(window.years.start - 1)

    def between(self, start: int, end: int) -> list[tuple[int, int]]:
        self.reach(start)
        window = self.reach(end)
        met = slice(bisect_right(window.ends, start), bisect_left(window.starts, end))
        found = list(zip(window.starts[met], window.ends[met], strict=True))
        if found:
            found[0] = max(found[0][0], start), found[0][1]
            found[-1] = found[-1][0], min(found[-1][1], end)
        return found

    def includes(self, at: int) -> bool:
        """True if `at` lies in a segment: opening belongs to it, closing does not."""
        window = self.reach(at)
        i = bisect_right(window.ends, at)
        return i < len(window.ends) and window.starts[i] <= at

    def unconfirmed(self, start: int, end: int) -> tuple[int, ...]:
        doubts = self._window.doubts
        return tuple([y for low, high, y in doubts if start < high and end > low]) if doubts else ()

    def reach(self, at: int) -> _Window:
        """The window of segments, widened if need be until it covers `at`."""
        window = self._window
        if window.low <= at < window.high:
            return window
        return self._widen(instant(at).astimezone(self._zone).year)

    def _widen(self, year: int) -> _Window:
        """Take in `year`, and at least double, so that walking far costs no more than its length."""
        check_year(year)
        with self._widening:
            had = self._window.years
            first = last = year
            if had:
                first = min(year, had.start - len(had)) if year < had.start else had.start
                last = max(year, had[-1] + len(had)) if year > had[-1] else had[-1]
            self._window = self._build(range(max(first, FIRST_YEAR), min(last, LAST_YEAR) + 1))
            return self._window

    def _build(self, years: range) -> _Window:
        starts: list[int] = []
        ends: list[int] = []
        totals: list[int] = []
        total = 0
        for start, end in self._intervals(years):
            start = (
                max(start, ends[-1]) if ends else start
            )  # a night running into the next day's hours counts once
            if start < end:
                total += end - start
                starts.append(start)
                ends.append(end)
                totals.append(total)
        low, high = self._new_year(years.start), self._new_year(years.stop)
        if self._origin is None:
            self._origin = low
        before = sum(
            min(end, self._origin) - start
            for start, end in zip(starts, ends, strict=True)
            if start < self._origin
        )
        return _Window(starts, ends, [t - before for t in totals], low, high, self._doubts(years), years)

    def _intervals(self, years: range) -> Iterator[tuple[int, int]]:
        """Opening and closing of every interval that starts in `years`, or on the eve of them."""
        day = date(years.start, 1, 1) - _ONE_DAY
        while day.year < years.stop:
            midnight = datetime.combine(day, time())
            for opens, closes in self._hours_on(day):
                yield self._at(midnight, opens), self._at(midnight, closes)
            day += _ONE_DAY

    def _at(self, midnight: datetime, minute: int) -> int:
        return micros(on_the_wall(self._zone, midnight + timedelta(minutes=minute)))

    def _new_year(self, year: int) -> int:
        return self._at(datetime.combine(date(year, 1, 1), time()), 0)

    def _doubts(self, years: range) -> list[tuple[int, int, int]]:
        reach = NOTICE_REACHES_BACK // timedelta(minutes=1)
        return [
            (self._at(datetime.combine(date(year, 1, 1), time()), -reach), self._new_year(year + 1), year)
            for year in range(years.start, years.stop + 1)
            if not self._is_confirmed(year)
        ]


def check_year(year: int) -> None:
    """Raise Refused `calendar.out_of_range` where nobody can mean it: a slip in a date or an amount."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(
            "calendar.out_of_range",
            zh=f"计算到了 {year} 年，超出 {FIRST_YEAR} 至 {LAST_YEAR} 年；请检查日期与时长。",
            en=f"this leads to {year}, outside {FIRST_YEAR} to {LAST_YEAR}; check date and amount.",
            year=year,
        )
