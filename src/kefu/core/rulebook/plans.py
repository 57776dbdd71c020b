"""The items of a series that counts from an event: when each opens and is due. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from kefu.core import worktime
from kefu.core.rulebook.model import Kind, Stage
from kefu.core.worktime import Amount, Calendar, Unit


class Item(NamedTuple):
    """One of a series, UTC. planned: when it is due, before its clock moves that off days off."""

    number: int
    opens: datetime
    planned: datetime


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
