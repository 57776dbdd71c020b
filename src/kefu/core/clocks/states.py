"""The values that `replay` reads and answers: what happened to one piece of work, and how its clocks stand.

Plain and frozen. A row of a database, a line of an explanation and a worked example are all made from these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from kefu.core.rulebook.expressions import Instant
from kefu.core.rulebook.model import Clock, Step
from kefu.core.worktime import Amount, Recurrence

Standing = Literal["running", "paused", "met", "missed", "superseded", "rescheduled"]


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of one piece of work, as plain values, in the order of the ledger.

    name: "opened", the name of a move, "set" (fields changed without a move) or `step_name(...)`, a step
    carried out.
    state: the state after it, None when it says nothing about it.
    facts: the fields it changed, typed as `rulebook.model.Facts`.
    version: hash of the rulebook in force for the department at that instant.
    """

    seq: int
    at: datetime
    name: str
    state: str | None
    facts: Mapping[str, object]
    version: str


def step_name(clock: str, run: int, index: int) -> str:
    """The name of the event "step `index` of run `run` of `clock` was carried out"."""
    return f"step:{clock}:{run}:{index}"


@dataclass(frozen=True, slots=True)
class StepAt:
    """A step of one run. `at` is None while a pause hides when it will be; `dropped`: the clock ended
    before it.
    """

    index: int
    at: datetime | None
    done: bool
    dropped: bool = False

    @property
    def waits(self) -> bool:
        """It is still to be carried out, now or later."""
        return not self.done and not self.dropped and self.at is not None


@dataclass(frozen=True, slots=True)
class Redated:
    """A due instant that a changed fact replaced: it was `due_at` until `at`."""

    due_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockState:
    """One run of one clock: a promise, what became of it, and what is still to be done for it.

    run: 1 for the first promise; a restart and a start after the end make the next one.
    version: the rulebook of the event that started it; `rule` is the clock as that version states it.
    due_at: while paused, the instant as it stood when the pause began.
    promised: what the chosen branch of the rule says: an amount to be measured, a fixed instant, a period's end.
    pauses: half-open spans after the start that were taken out; the last one is open-ended while paused.
    ended_at: met, superseded, rescheduled; for a missed clock the late stop, None while nobody stopped it.
    missed_at: the due instant (the start, for a promise already late when it was made), whenever it was
    noticed.
    since: the event that made the promise known; later than `started_at` when `when` became true later.
    floor: since a fact changed it, the promise cannot fall due before this instant.
    earlier_dues: what it was before facts changed, oldest first.
    next_at: when somebody must look at this clock again: earliest waiting step, or due while it runs.
    """

    kind: str
    clock: str
    run: int
    version: str
    rule: Clock = field(repr=False, compare=False)
    started_at: datetime
    due_at: datetime
    unconfirmed: tuple[int, ...]
    state: Standing
    promised: Amount | Instant | Recurrence
    pauses: tuple[tuple[datetime, datetime | None], ...]
    ended_at: datetime | None
    missed_at: datetime | None
    since: datetime
    floor: datetime | None
    earlier_dues: tuple[Redated, ...]
    steps: tuple[StepAt, ...]
    next_at: datetime | None

    @property
    def amount(self) -> Amount | None:
        """What is measured; None for a fixed instant, which no pause moves."""
        return self.promised if isinstance(self.promised, Amount) else None

    @property
    def live(self) -> bool:
        """The promise still stands and may be met or missed."""
        return self.state in ("running", "paused")


@dataclass(frozen=True, slots=True)
class DueStep:
    """A step to be carried out, dated at its instant."""

    clock: ClockState
    step: Step
    index: int
    at: datetime

    @property
    def name(self) -> str:
        return step_name(self.clock.clock, self.clock.run, self.index)
