"""Carrying out what falls due: steps of clocks, each once, each dated at its own instant.

A sweep costs what falls due: it finds rows by the partial index on `next_at` and replays only their work.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from kefu.core.clocks import works
from kefu.core.clocks.actions import refresh, step_key
from kefu.core.clocks.models import ClockRow
from kefu.core.clocks.replay import due_steps, replay
from kefu.core.clocks.states import DueStep
from kefu.core.db import write
from kefu.core.effects import organisation
from kefu.core.effects.actions import attempt, drop_retried, keep, keep_for_digest, to_retry, waiting
from kefu.core.effects.organisation import Roll
from kefu.core.effects.registry import Cause, perform
from kefu.core.ledger import queries as ledger
from kefu.core.ledger.actions import SYSTEM, pending, record
from kefu.core.ledger.models import Event
from kefu.core.rulebook.model import Ref
from kefu.core.versions import queries as versions

log = logging.getLogger(__name__)

Off = tuple[datetime, datetime]
STEP = "step:"  # what the keys of stuck steps begin with (`actions.step_key`)


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep found: pieces of work looked at, steps carried out, steps that failed and will be
    retried."""

    works: int
    steps: int
    failed: int


def sweep(*, at: datetime, limit: int = 200, off: Off | None = None) -> Swept:
    """Carry out what is due at `at`, longest due first, at most `limit` clocks; one transaction per piece
    of work.

    off: the span (from, until] in which no worker ran; people hear of its steps in one digest each.
    """
    versions.refresh_notices()
    rows = ClockRow.objects.filter(next_at__lte=at).order_by("next_at")[:limit]
    retried = to_retry(STEP, at=at)
    # one answer to who is who serves the batch; what fell due long ago is asked about by itself
    roll = organisation.roll(min((row.next_at for row in rows if row.next_at), default=at))
    due = list(dict.fromkeys([*(row.work for row in rows), *retried]))
    steps = failed = 0
    for work in due:
        try:
            done = carry_out(work, at=at, off=off, roll=roll)
        except Exception as error:
            log.exception("the clocks of %s %s cannot be carried out", work.kind, work.id)
            _put_off(work, error, at=at)
            failed += 1
            continue
        if work in retried:
            drop_retried(STEP, work, at=at)
        steps, failed = steps + done.steps, failed + done.failed
    return Swept(len(due), steps, failed)


def _put_off(work: Ref, error: Exception, *, at: datetime) -> None:
    """One broken piece of work must not hold up the others: it is kept like a failed step and looked at later."""
    key = f"{STEP}{work.kind}:{work.id}"
    with write():
        keep(key, work, error, at=at)
        due = ClockRow.objects.filter(work_kind=work.kind, work_id=work.id, next_at__lte=at)
        due.update(next_at=waiting(work)[key])


def carry_out(
    ref: Ref, *, at: datetime, deliver: bool = True, off: Off | None = None, roll: Roll | None = None
) -> Swept:
    """Carry out the steps of one piece of work that are due by `at`, in order, and refresh its rows.

    deliver: False for history that is read in: steps are recorded at their instants, nobody is told.
    roll: of the batch. A step that fails is taken back, kept and tried again later; the others go on.
    """
    tried: set[str] = set()
    done = 0
    with write():
        work = works.locked(ref)
        if work is None:
            raise LookupError(
                f"clocks of {ref.kind} {ref.id}, which does not exist: run `kefu verify --clocks`"
            )
        stored, held = ledger.stored_of(ref), waiting(ref)
        while (due := _next(work, stored, held, at, tried)) is not None:
            key = step_key(ref, due.clock.clock, due.clock.run, due.index)
            tried.add(key)
            cause = Cause(SYSTEM, due.at, key, due.clock.rule.clauses, delivered=deliver, roll=roll)
            before = _changes(ref)
            done += attempt(key, ref, partial(_step, work, due, cause, off=off), at=at, kept=key in held)
            if _changes(ref) != before:
                work = works.locked(ref)
        refresh(work, at=at, stored=stored)
    return Swept(1, done, len(tried) - done)


def _next(
    work: works.Timed, stored: Sequence[Event], held: Mapping[str, datetime], at: datetime, tried: set[str]
) -> DueStep | None:
    """The next step to carry out. Asked again after each one: a step may stop the clock of the next."""
    events = works.history(ledger.events_of(work.ref, stored=stored))
    for due in due_steps(replay(work.kind, events, versions.Rules(), at=at), at):
        key = step_key(work.ref, due.clock.clock, due.clock.run, due.index)
        if key not in tried and held.get(key, at) <= at:
            return due
    return None


def _changes(ref: Ref) -> int:
    """How many events of this transaction changed the work itself: it must be read again after more."""
    mine = (event for event in pending() if event.subject == ref and event.kind != "clock.step")
    return sum("name" in event.data for event in mine)


def _step(work: Any, due: DueStep, cause: Cause, *, off: Off | None) -> None:
    record(
        "clock.step",
        work.ref,
        by=SYSTEM,
        at=due.at,
        department=work.department_id,
        data={
            "name": due.name,
            "clock": due.clock.clock,
            "run": due.clock.run,
            "step": due.index,
            "delivered": cause.delivered,
        },
        rulebook_version=due.clock.version,
    )
    was_off = off is not None and off[0] < due.at <= off[1]
    for number, effect in enumerate(due.step.do):
        if was_off and cause.delivered and keep_for_digest(effect, number, work, cause):
            continue
        perform(effect, work, cause)
