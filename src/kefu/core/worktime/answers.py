"""The questions a promise asks of a calendar: when is it due, how much is used, when is a share of it used.

`start`, `end`, `at` are aware instants, results are aware UTC. Pauses are half-open (from, to); they may
overlap, come in any order and lie outside the time asked about. Time used stays used; paused time does not
count. All raise Refused `calendar.out_of_range` beyond the years 1901 to 2199.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from .amounts import Amount, Unit
from .calendar import Calendar
from .segments import WALL_CLOCK, Clock, check_year, instant, micros

Pauses = Iterable[tuple[datetime, datetime]]

_MINUTE, _HOUR = 60_000_000, 3_600_000_000


class Due(NamedTuple):
    """at: the due instant, UTC; a stop exactly at it is in time.

    unconfirmed: years the computation touched whose official holiday notice is unknown; wherever `at` is
    shown, `not_confirmed(unconfirmed, lang)` stands beside it.
    """

    at: datetime
    unconfirmed: tuple[int, ...]


def due(calendar: Calendar, start: datetime, amount: Amount, pauses: Pauses = ()) -> Due:
    """When `amount` from `start` is used up: at closing time, not at the next opening.

    Days and months are measured from `start` to the same time on the wall (cut to a shorter month); a pause
    then puts the end off by the time it took. Raises Refused `calendar.at_once_missing`.
    """
    begun = micros(start)
    clock, need = needed(calendar, begun, amount)
    at = reached(clock, begun, need, merged(pauses, begun) if pauses else ())
    return Due(instant(at), clock.unconfirmed(begun, at))


def used(calendar: Calendar, start: datetime, end: datetime, unit: Unit, pauses: Pauses = ()) -> timedelta:
    """How much of the clock of `unit` has run from `start` to `end`, zero if `end` lies before it.

    Working time for the working units, time on the wall for all others; `length` of an amount compares with
    it.
    """
    begun, until = micros(start), micros(end)
    if until <= begun:
        return timedelta(0)
    clock = calendar.working if unit.is_working else WALL_CLOCK
    run = clock.position(until) - clock.position(begun)
    for low, high in merged(pauses, begun, until) if pauses else ():
        run -= clock.position(high) - clock.position(low)
    return timedelta(microseconds=run)


def length(calendar: Calendar, start: datetime, amount: Amount) -> timedelta:
    """How much of its own clock `amount` takes if begun at `start`: `used(start, due) == length` without
    pauses.
    """
    return timedelta(microseconds=needed(calendar, micros(start), amount)[1])


def share_at(
    calendar: Calendar, start: datetime, amount: Amount, share: Decimal | float, pauses: Pauses = ()
) -> datetime:
    """The instant at which `share` of `amount`, e.g. 0.75, is used in the amount's own unit."""
    begun = micros(start)
    clock, need = needed(calendar, begun, amount)
    return instant(reached(clock, begun, round(need * share), merged(pauses, begun)))


def shift(
    calendar: Calendar, at: datetime, amount: Amount, direction: Literal["before", "after"]
) -> datetime:
    """The instant `amount` before or after `at`: "30 minutes before due", "15 days before the lease ends".

    Backwards in working time this is the latest instant that still leaves `amount`: an opening, not the last
    closing.
    """
    if direction == "after":
        return due(calendar, at, amount).at
    amount = resolved(calendar, amount)
    if amount.unit in (Unit.DAYS, Unit.MONTHS):
        return _on_the_wall_after(calendar, at, Amount(-amount.number, amount.unit))
    end = micros(at)
    clock, need = needed(calendar, end, amount)
    return instant(clock.last(clock.position(end) - need))


def inside(calendar: Calendar, hours_name: str, at: datetime) -> bool:
    """True if `at` lies in the hours of that name; opening belongs to them, closing does not."""
    return calendar.segments(hours_name).includes(micros(at))


def next_inside(calendar: Calendar, hours_name: str, at: datetime) -> datetime:
    """`at` where it lies in the hours of that name, else their next opening."""
    hours = calendar.segments(hours_name)
    return instant(hours.last(hours.position(micros(at))))


def unconfirmed_years(calendar: Calendar, start: datetime, end: datetime) -> tuple[int, ...]:
    """Years between the two instants, either way round, whose holidays rest on a notice that is not known."""
    low, high = sorted((micros(start), micros(end)))
    calendar.working.reach(low)
    calendar.working.reach(high)
    return calendar.working.unconfirmed(low, high)


def merged(pauses: Pauses, begun: int, until: int | None = None) -> list[tuple[int, int]]:
    """Pauses as microseconds, ascending and apart, cut to what lies between `begun` and `until`."""
    spans = sorted(
        (max(micros(a), begun), micros(b) if until is None else min(micros(b), until)) for a, b in pauses
    )
    result: list[tuple[int, int]] = []
    for low, high in spans:
        if high <= low:
            continue
        if result and low <= result[-1][1]:
            result[-1] = (result[-1][0], max(high, result[-1][1]))
        else:
            result.append((low, high))
    return result


def reached(clock: Clock, begun: int, need: int, cuts: Iterable[tuple[int, int]]) -> int:
    """The earliest instant at which `need` of `clock` has run since `begun`; `cuts` are `merged` pauses."""
    if need <= 0:
        return begun
    start = begun
    for low, high in cuts:
        run = clock.position(low) - clock.position(start)
        if need <= run:
            break
        need -= run
        start = high
    return clock.first(clock.position(start) + need)


def resolved(calendar: Calendar, amount: Amount) -> Amount:
    if amount.unit is not Unit.AT_ONCE:
        return amount
    if calendar.at_once is None:
        zh, en = (
            "没有写 at_once 是多久，请补上，如 at_once: 10 minutes",
            "at_once has no amount; add e.g. at_once: 10 minutes",
        )
        raise calendar.refused("at_once_missing", zh, en)
    return calendar.at_once


def needed(calendar: Calendar, begun: int, amount: Amount) -> tuple[Clock, int]:
    """The clock `amount` runs on, and how many microseconds of it, begun at `begun`."""
    unit = amount.unit
    if unit is Unit.WORKING_HOURS:
        return calendar.working, round(amount.number * _HOUR)
    if unit is Unit.WORKING_DAYS:
        return calendar.working, round(amount.number * calendar.working_day.number * _HOUR)
    if unit is Unit.HOURS:
        return WALL_CLOCK, round(amount.number * _HOUR)
    if unit is Unit.MINUTES:
        return WALL_CLOCK, round(amount.number * _MINUTE)
    if unit is Unit.AT_ONCE:
        return needed(calendar, begun, resolved(calendar, amount))
    return WALL_CLOCK, micros(_on_the_wall_after(calendar, instant(begun), amount)) - begun


def _on_the_wall_after(calendar: Calendar, at: datetime, amount: Amount) -> datetime:
    """The same time on the wall `amount` (days or months, negative for before) away."""
    wall, number = calendar.local(at).replace(tzinfo=None), round(amount.number)
    if amount.unit is Unit.DAYS:
        wall += timedelta(days=number)
        check_year(wall.year)
    else:
        year, month = divmod(wall.year * 12 + wall.month - 1 + number, 12)
        check_year(year)
        wall = wall.replace(year=year, month=month + 1, day=min(wall.day, monthrange(year, month + 1)[1]))
    return calendar.wall_at(wall.replace(fold=0))
