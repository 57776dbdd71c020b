"""What a rulebook makes due, and when: periodic duties of a span, and the items of a plan. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from kefu.core import worktime
from kefu.core.rulebook.model import Kind, Rulebook, Stage
from kefu.core.worktime import Amount, Calendar, Occurrence, Recurrence, Unit


class Falling(NamedTuple):
    """A duty of `kind` in one period."""

    kind: Kind
    period: Occurrence


class Item(NamedTuple):
    """One of a plan, UTC. planned: when it is due, before its clock moves that off days off."""

    number: int
    opens: datetime
    planned: datetime


def due_duties(rulebook: Rulebook, after: datetime, before: datetime) -> list[Falling]:
    """The periodic duties whose period begins after `after` and not later than `before`, as they begin."""
    found = [
        Falling(kind, period)
        for kind, every in periodic(rulebook)
        for period in worktime.occurrences(every, rulebook.calendar, after, before)
    ]
    return sorted(found, key=lambda one: one.period.opens)


def running_duties(rulebook: Rulebook, at: datetime) -> list[Falling]:
    """The periodic duties of the periods in which `at` lies that can still be done in time."""
    found = [
        Falling(kind, worktime.occurrence_around(every, rulebook.calendar, at))
        for kind, every in periodic(rulebook)
    ]
    return [one for one in found if one.period.opens <= at <= one.period.due]


def periodic(rulebook: Rulebook) -> list[tuple[Kind, Recurrence]]:
    """The duties that come round with the calendar, in the order of the rulebook."""
    return [(kind, kind.every) for kind in rulebook.kinds.values() if kind.every and kind.chapter == "duties"]


def plan_item(kind: Kind, calendar: Calendar, began_at: datetime, number: int) -> Item | None:
    """The item `number`, from 1, of a plan that began at `began_at`; None after the last one.

    Everything is counted from the beginning, so neither a short month nor a day off moves what comes later.
    """
    spans = _spans(kind.plan, number)
    if spans is None:
        return None
    opens, ends = (_after(calendar, began_at, span) for span in spans)
    return Item(number, opens, ends)


Span = dict[Unit, Decimal]


def _spans(plan: Sequence[Stage], number: int) -> tuple[Span, Span] | None:
    """How far from the beginning the item opens and ends."""
    gone: Span = {}
    left = number
    for stage in plan:
        if stage.times is None or left <= stage.times:
            return _plus(gone, stage.every, left - 1), _plus(gone, stage.every, left)
        gone, left = _plus(gone, stage.every, stage.times), left - stage.times
    return None


def _plus(span: Span, every: Amount, times: int) -> Span:
    return {**span, every.unit: span.get(every.unit, Decimal(0)) + every.number * times}


def _after(calendar: Calendar, at: datetime, span: Span) -> datetime:
    for unit, number in span.items():
        if number:
            at = worktime.shift(calendar, at, Amount(number, unit), "after")
    return at
