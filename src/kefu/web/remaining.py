"""How much time is left, as a badge says it: words, a tone and a shape.

A promise counts in its own unit: of one in working hours nights and days off use up nothing. What is used is told
from what is left, `1 - left / whole`: a pause puts the due instant off, so nobody needs to know the pauses.

A `ClockState` knows all of that. A piece of work knows its nearest due instant only: a page of several lets
`read_promises` ask for all of them at once, else the rule is found whose promise falls due just then (after a pause
there is none, and the badge counts on the wall; while it stands still there is no such instant and no badge).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import get_language, gettext

from kefu.core.clocks.instants import promise as promise_of
from kefu.core.clocks.models import ClockRow
from kefu.core.db import among, columns
from kefu.core.rulebook.model import Clock
from kefu.core.versions import queries as versions
from kefu.core.worktime import (
    Amount,
    Calendar,
    Unit,
    due,
    length_text,
    not_confirmed,
    render_time,
    roll,
    used,
)

AT_RISK = 0.75  # share of the time used from which a badge warns; rules warn by their own steps
LONG = timedelta(hours=48)
A_WEEK, MINUTE = timedelta(days=6), timedelta(minutes=1)  # a week back the same weekday is another day
READ = "promise_read"  # the attribute under which `read_promises` leaves what it found

Tone = Literal["calm", "warn", "late", "kept", "held"]
ICONS: dict[Tone, str] = {
    "calm": "clock",
    "warn": "clock-alert",
    "late": "triangle-alert",
    "kept": "circle-check",
    "held": "circle-pause",
}


@dataclass(frozen=True, slots=True)
class Remaining:
    """`share`: percent of the time used, 0 to 100; None where nothing runs. `doubt` names the years whose notice of
    days off is not known, "" when all are."""

    tone: Tone
    text: str
    due_at: datetime
    doubt: str = ""
    share: int | None = None

    @property
    def icon(self) -> str:
        return ICONS[self.tone]


class Running(NamedTuple):
    """What a promise is told from: the columns of a `ClockRow`."""

    work_id: int
    clock: str
    version: str
    state: str
    started_at: datetime
    due_at: datetime
    unconfirmed: list[int]


@dataclass(frozen=True, slots=True)
class Promise:
    """What a badge is about. unit: None counts on the wall, as does a promise without a calendar.

    unpaused: when it would be due if nothing had paused it. unconfirmed: years whose notice of days off is unknown.
    """

    started_at: datetime
    due_at: datetime
    unpaused: datetime
    calendar: Calendar | None = None
    unit: Unit | None = None
    unconfirmed: tuple[int, ...] = ()
    paused: bool = False

    def counted(self, start: datetime, end: datetime) -> timedelta:
        """How much of its own clock runs from `start` to `end`."""
        if self.calendar is None or self.unit is None:
            return max(end - start, timedelta(0))
        return used(self.calendar, start, end, self.unit)


def read_promises(works: Iterable[Any]) -> None:
    """Ask for the promises of all the open work of a page. One query for each noun among it; `of_work` asks none."""
    waiting: dict[str, dict[int, Any]] = defaultdict(dict)
    for work in works:
        if work.is_open:
            waiting[work.noun][work.pk] = work
    for noun, open_ in waiting.items():
        where = f"work_kind = %s AND {among('work_id', open_)} AND ended_at IS NULL"
        rows = [Running(*row) for row in columns(ClockRow, Running._fields, where, [noun, *open_])]
        for row in sorted(rows, key=_first_to_say):
            work = open_[row.work_id]
            if not hasattr(work, READ):
                setattr(work, READ, _promise_of_row(work, row))


def of_work(work: Any, at: datetime) -> Remaining | None:
    """The nearest promise of a piece of work; None when it has none. One that stands still has no due instant to
    guess it from: only `read_promises` knows it."""
    if not work.is_open:
        return None
    promise = getattr(work, READ, None) or (_guessed(work) if work.due_at is not None else None)
    if promise is None:
        return None
    return _held(promise, None) if promise.paused else _left(promise, at)


def of_clock(state: Any, at: datetime, calendar: Calendar | None = None) -> Remaining:
    """One run of one clock (`kefu.core.clocks.states.ClockState`)."""
    promise = _promise_of_state(state, calendar)
    if state.state == "paused":
        return _held(promise, _left(promise, state.pauses[-1][0]).share)
    doubt = _doubt(promise)
    if state.state in ("superseded", "rescheduled"):
        return Remaining("held", gettext("replaced"), state.due_at, doubt)
    if state.state == "met":
        return Remaining("kept", gettext("kept"), state.due_at, doubt)
    if state.state == "missed" and state.ended_at is not None:
        return Remaining("late", gettext("missed"), state.due_at, doubt)
    return _left(promise, at)


def _first_to_say(row: Running) -> tuple[bool, datetime]:
    """What runs goes before what is paused, then the nearest."""
    return row.state == "paused", row.due_at


def _promise_of_row(work: Any, row: Running) -> Promise:
    rulebook = versions.by_hash(row.version)
    clock = rulebook.kinds[work.kind].clocks[row.clock]
    facts = {} if _asks_nothing(clock) else work.facts() | {_anchor(clock, work.kind): row.started_at}
    made = promise_of(clock, row.started_at, facts, rulebook.calendar, ())
    unit = _unit(made.amount, rulebook.calendar) if made is not None else None
    return Promise(
        row.started_at,
        row.due_at,
        made.due_at if made is not None and unit is not None else row.due_at,
        rulebook.calendar,
        unit,
        tuple(row.unconfirmed),
        row.state == "paused",
    )


def _promise_of_state(state: Any, calendar: Calendar | None) -> Promise:
    unpaused = state.due_at
    if calendar is not None and state.amount is not None:
        unpaused = due(calendar, state.started_at, state.amount).at
        if state.rule.holiday != "keep":
            unpaused = roll(calendar, unpaused, state.rule.holiday)
    unit = _unit(state.amount, calendar) if calendar is not None else None
    return Promise(state.started_at, state.due_at, unpaused, calendar, unit, tuple(state.unconfirmed))


def _guessed(work: Any) -> Promise:
    """What one of the work's rules promises from one of its moves, if that falls due at the instant on record."""
    calendar: Calendar = work.rulebook.calendar
    year = calendar.local(work.due_at).year
    doubts = () if calendar.is_confirmed(year) else (year,)
    facts = work.facts()
    for clock in work.rule.clocks.values():
        start = facts.get(_anchor(clock, work.kind))
        made = promise_of(clock, start, facts, calendar, ()) if isinstance(start, datetime) else None
        if made is not None and made.due_at == work.due_at:
            unit = _unit(made.amount, calendar)
            return Promise(start, work.due_at, work.due_at, calendar, unit, doubts)
    return Promise(work.opened_at, work.due_at, work.due_at, unconfirmed=doubts)


def _anchor(clock: Clock, kind: str) -> str:
    """The fact from which the clock runs, as the work itself calls it."""
    return clock.starts.anchor.removeprefix(f"{kind}.")


def _asks_nothing(clock: Clock) -> bool:
    """Whatever the work is like, it promises one amount."""
    return clock.due[0].when is None and isinstance(clock.due[0].value, Amount)


def _unit(amount: Amount | None, calendar: Calendar) -> Unit | None:
    if amount is not None and amount.unit is Unit.AT_ONCE:
        amount = calendar.at_once
    return amount.unit if amount is not None else None


def _left(promise: Promise, at: datetime) -> Remaining:
    doubt, due_at = _doubt(promise), promise.due_at
    if at > due_at:
        return Remaining("late", _over(promise, at), due_at, doubt, 100)
    left = promise.counted(at, due_at)
    whole = promise.counted(promise.started_at, promise.unpaused)
    gone = (whole - left) / whole if whole else 1.0
    tone: Tone = "warn" if gone >= AT_RISK else "calm"
    text = gettext("%(time)s left") % {"time": _in_words(promise, left)}
    return Remaining(tone, text, due_at, doubt, min(100, max(0, int(gone * 100))))


def _over(promise: Promise, at: datetime) -> str:
    """By how much; over a night or days off, when nothing of its time runs, since when."""
    over = promise.counted(promise.due_at, at)
    if promise.calendar is None or promise.unit is None or not promise.unit.is_working or over >= MINUTE:
        return gettext("%(time)s over") % {"time": _in_words(promise, over)}
    local = promise.calendar.local(promise.due_at)
    weekday = str(WEEKDAYS_ABBR[local.weekday()]).replace("星期", "周")  # a badge is narrow
    day = weekday if at - promise.due_at < A_WEEK else f"{local:%m-%d}"
    return gettext("late since %(when)s") % {"when": f"{day} {local:%H:%M}"}


def _held(promise: Promise, share: int | None) -> Remaining:
    return Remaining("held", gettext("paused"), promise.due_at, _doubt(promise), share)


def _doubt(promise: Promise) -> str:
    return not_confirmed(list(promise.unconfirmed), _lang()) if promise.unconfirmed else ""


def _in_words(promise: Promise, length: timedelta) -> str:
    if promise.calendar is None or promise.unit is None or not promise.unit.is_working:
        return _wall(length)
    return render_time(length - timedelta(seconds=length.seconds % 60), promise.unit, _lang())


def _wall(length: timedelta) -> str:
    """Days and hours for what is long, hours and minutes for the rest; seconds only tell themselves."""
    if length < LONG:
        return length_text(length - timedelta(seconds=length.seconds % 60), _lang())
    return gettext("%(days)s d %(hours)s h") % {"days": length.days, "hours": length.seconds // 3600}


def _lang() -> str:
    return get_language() or "zh-hans"
