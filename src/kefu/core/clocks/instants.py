"""From a rule's words to an instant: anchors of `starts` and `due`, the promise made by a branch, steps."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from kefu.core import worktime
from kefu.core.rulebook.expressions import Count, Instant, Matcher, Special
from kefu.core.rulebook.match import holds
from kefu.core.rulebook.model import Clock, Facts, Step
from kefu.core.worktime import Amount, Calendar, Recurrence, Unit

Pauses = tuple[tuple[datetime, datetime], ...]


class Promise(NamedTuple):
    """A due instant and what it was counted from; `value` is what the chosen branch says."""

    due_at: datetime
    unconfirmed: tuple[int, ...]
    value: Amount | Instant | Recurrence

    @property
    def amount(self) -> Amount | None:
        """What is measured; None for a fixed instant and the end of a period, which no pause moves."""
        return self.value if isinstance(self.value, Amount) else None


def judge(matcher: Matcher | None, facts: Facts, calendar: Calendar) -> bool:
    """Whether a condition of a clock holds on the facts of its own work."""
    return matcher is None or holds(matcher, facts, calendar=calendar, records=_counts_nothing).ok


def promise(
    clock: Clock, start: datetime, facts: Facts, calendar: Calendar, pauses: Pauses
) -> Promise | None:
    """What `clock` promises from `start`; None while the rule or a missing fact gives no instant."""
    for branch in clock.due:
        if branch.when is None or judge(branch.when, facts, calendar):
            return measured(clock, branch.value, start, facts, calendar, pauses)
    return None


def measured(
    clock: Clock,
    value: Amount | Instant | Recurrence | Special,
    start: datetime,
    facts: Facts,
    calendar: Calendar,
    pauses: Pauses,
) -> Promise | None:
    """The due instant that `value` gives from `start`, pauses taken out; `to_be_set` gives none.

    A recurrence gives that of the period in which `start` lies.
    """
    if isinstance(value, Recurrence):
        period = worktime.occurrence_around(value, calendar, start)
        return Promise(period.due, period.unconfirmed, value)
    if isinstance(value, Amount):
        due_at, unconfirmed = worktime.due(calendar, start, value, pauses)
        if clock.holiday != "keep":
            due_at = worktime.roll(calendar, due_at, clock.holiday)
        return Promise(due_at, unconfirmed, value)
    if isinstance(value, Instant):
        fixed = instant_of(value, facts, calendar, start=start)
        if fixed is not None:
            asks_calendar = clock.holiday != "keep" or (
                value.amount is not None and value.amount.unit.is_working
            )
            if clock.holiday != "keep":
                fixed = worktime.roll(calendar, fixed, clock.holiday)
            unconfirmed = worktime.unconfirmed_years(calendar, start, fixed) if asks_calendar else ()
            return Promise(fixed, unconfirmed, value)
    return None


def instant_of(
    instant: Instant, facts: Facts, calendar: Calendar, *, start: datetime | None = None
) -> datetime | None:
    """The instant meant, aware UTC; None while the fact it is anchored to is not known.

    An anchor that is a period ("end of month") is the one in which `start` lies; a shift is known by its
    facts.
    """
    anchored = _anchored(instant, facts, calendar, start)
    if anchored is None:
        return None
    if instant.amount is not None and instant.side:
        anchored = worktime.shift(calendar, anchored, instant.amount, instant.side)
    if instant.end_of_day:
        return calendar.wall(calendar.local(anchored).date(), 24 * 60)
    if instant.at is not None:
        return calendar.wall(calendar.local(anchored).date(), instant.at.hour * 60 + instant.at.minute)
    return anchored


def _anchored(instant: Instant, facts: Facts, calendar: Calendar, start: datetime | None) -> datetime | None:
    if instant.edge and instant.anchor != "shift":
        if start is None:
            return None
        day = worktime.day_of(calendar, start)
        bounds = worktime.period_bounds(calendar, worktime.Period(instant.anchor), day)
        return bounds.start if instant.edge == "start of" else bounds.end
    name = instant.anchor
    if name == "shift":
        name = "shift.starts" if instant.edge == "start of" else "shift.ends"
    value = facts.get(name)
    return value if isinstance(value, datetime) else None


def step_at(
    step: Step,
    *,
    start: datetime,
    due_at: datetime,
    amount: Amount | None,
    calendar: Calendar,
    pauses: Pauses,
) -> datetime:
    """When a step is to be carried out: at a share of the clock's own unit, or before, at or after its due
    instant.
    """
    if isinstance(step.at, Decimal):
        if amount is not None:
            return worktime.share_at(calendar, start, amount, step.at, pauses)
        if due_at <= start:
            return due_at
        whole = Amount(Decimal((due_at - start).total_seconds()) / 60, Unit.MINUTES)
        return worktime.share_at(calendar, start, whole, step.at)
    found = instant_of(step.at, {"due": due_at}, calendar, start=start)
    return due_at if found is None else found


def _counts_nothing(count: Count, facts: Facts) -> int:
    raise AssertionError("plan.py refuses a clock that counts")
