"""The ways to break what comes round, series and chains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from kefu.core.rulebook import default_flows
from kefu.core.rulebook.expressions import Branch, Instant, Who
from kefu.core.rulebook.model import Kind, Link, Stage
from kefu.core.worktime import Amount, Period, Recurrence, Unit

NOBODY = Who("post", "nobody at all")
_OTHER_PERIOD = {
    Period.DAY: Period.WORKING_DAY,
    Period.WORKING_DAY: Period.DAY,
    Period.WEEK: Period.MONTH,
    Period.MONTH: Period.QUARTER,
    Period.QUARTER: Period.MONTH,
    Period.HALF_YEAR: Period.QUARTER,
    Period.YEAR: Period.HALF_YEAR,
}
_DAYS_OF_WEEK = 7
_LAST_DAY = 31
# By the rule said: what a manual would have written instead.
_OTHER_HOLIDAY = {"forward": "back", "back": "forward", "keep": "forward"}


def chain(links: tuple[Link, ...]) -> Iterator[tuple[str, tuple[Link, ...]]]:
    """A link dropped, two links swapped, somebody left out of a link, another post asked."""
    for index, link in enumerate(links):
        yield f"link {index + 1} dropped", (*links[:index], *links[index + 1 :])
        if index:
            swapped = (*links[: index - 1], link, links[index - 1], *links[index + 1 :])
            yield f"links {index} and {index + 1} swapped", swapped
        for place in range(len(link)):
            left = (*link[:place], *link[place + 1 :])
            if left:
                yield f"link {index + 1}: one left out", (*links[:index], left, *links[index + 1 :])
            other = (*link[:place], NOBODY, *link[place + 1 :])
            yield f"link {index + 1}: another post", (*links[:index], other, *links[index + 1 :])


def comes_round(kind: Kind) -> Iterator[tuple[str, Kind]]:
    """Another day, time, period, holiday rule; an interval or a number of times one more or less."""
    if kind.every:
        for change, every in recurrence(kind.every):
            yield change, _with_every(kind, every)
    for index, stage in enumerate(kind.plan):
        for change, other in _stage(stage):
            plan = (*kind.plan[:index], other, *kind.plan[index + 1 :])
            yield f"stage {index + 1}: {change}", replace(kind, plan=plan)
    if len(kind.plan) > 1:
        for index in range(len(kind.plan)):
            left = (*kind.plan[:index], *kind.plan[index + 1 :])
            yield f"stage {index + 1} dropped", replace(kind, plan=left)
    if kind.attempts:
        for step in (1, -1):
            number = kind.attempts.at_most + step
            tries = f"{kind.attempts.at_most} tries -> {number}"
            yield tries, replace(kind, flow=default_flows.asking_tries(kind.flow, number))
    due = kind.clocks.get("due")
    if kind.plan and due and due.due == (Branch(None, Instant("planned")),):
        other_rule = _OTHER_HOLIDAY[due.holiday]
        moved = replace(due, holiday=other_rule)  # type: ignore[arg-type]  # one of the rules
        yield f"holiday {due.holiday} -> {other_rule}", replace(kind, clocks={**kind.clocks, "due": moved})


def recurrence(every: Recurrence) -> Iterator[tuple[str, Recurrence]]:
    """What differs by one thing. Without a day of its own the holiday rule moves the last day of the period."""
    other = replace(every, period=_OTHER_PERIOD[every.period])
    if not (every.weekday is not None and every.day is None):  # a weekday alone belongs to a week
        yield f"{every.period} -> {other.period}", other
    if every.weekday is not None:
        weekday = (every.weekday + 1) % _DAYS_OF_WEEK
        yield f"weekday {every.weekday} -> {weekday}", replace(every, weekday=weekday)
    if every.day is not None:
        day = every.day - 1 if every.day > 1 else every.day + 1
        yield f"day {every.day} -> {day}", replace(every, day=day)
    if every.last:
        yield "last day -> day before", replace(every, last=False, day=_LAST_DAY - 2)
    if every.at is not None:
        hour = (every.at.hour + 1) % 24
        yield f"at {every.at:%H:%M} -> {hour}:{every.at:%M}", replace(every, at=every.at.replace(hour=hour))
    if every.holiday is not None:
        yield f"holiday {every.holiday} -> another", replace(every, holiday=_OTHER_HOLIDAY[every.holiday])  # type: ignore[arg-type]  # one of the rules


def _with_every(kind: Kind, every: Recurrence) -> Kind:
    """The clock `due` says the recurrence too, unless the rule says another due."""
    due = kind.clocks.get("due")
    if due is not None and due.due == (Branch(None, kind.every),):
        kind = replace(kind, clocks={**kind.clocks, "due": replace(due, due=(Branch(None, every),))})
    return replace(kind, every=every)


def _stage(stage: Stage) -> Iterator[tuple[str, Stage]]:
    step = Decimal(1)
    yield (
        f"every {stage.every} -> one more",
        replace(stage, every=Amount(stage.every.number + step, stage.every.unit)),
    )
    if stage.every.number > step:
        yield (
            f"every {stage.every} -> one less",
            replace(stage, every=Amount(stage.every.number - step, stage.every.unit)),
        )
    if stage.every.unit is Unit.MONTHS:
        yield f"every {stage.every} -> days", replace(stage, every=Amount(stage.every.number * 30, Unit.DAYS))
    if stage.times is not None:
        yield f"{stage.times} times -> {stage.times + 1}", replace(stage, times=stage.times + 1)
        if stage.times > 1:
            yield f"{stage.times} times -> {stage.times - 1}", replace(stage, times=stage.times - 1)
