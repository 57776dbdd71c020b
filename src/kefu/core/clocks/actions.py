"""Keeping the rows of a work's clocks equal to what its events say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from django.db.models import Model

from kefu.core.clocks.models import ClockRow
from kefu.core.clocks.replay import replay
from kefu.core.clocks.states import ClockState, step_name
from kefu.core.clocks.works import Timed, history
from kefu.core.db import insert, select, update
from kefu.core.effects.actions import waiting
from kefu.core.ledger import queries as ledger
from kefu.core.ledger.actions import SYSTEM, record
from kefu.core.ledger.models import Event
from kefu.core.rulebook.model import Ref
from kefu.core.versions.queries import Rules

COLUMNS = (
    "version",
    "state",
    "started_at",
    "due_at",
    "ended_at",
    "missed_at",
    "next_at",
    "unconfirmed",
    "department",
)


def refresh(
    work: Timed, *, at: datetime, new: bool = False, stored: Sequence[Event] | None = None
) -> datetime | None:
    """Replay the work's events, this transaction's included, and bring its rows, misses and `due_at` up to
    date.

    Called by every action that changes work, after it has recorded its events. Returns the nearest due
    instant. new: the work was opened in this transaction, so nothing is stored of it yet. stored: its events in the
    ledger, where they have been read.
    """
    events = ledger.events_of(work.ref, stored=() if new else stored)
    # a sweep that began earlier comes after an action: what that has done must not be forgotten again
    at = max([at, *(event.occurred_at for event in events)])
    states = replay(work.kind, history(events), Rules(), at=at)
    note_misses(work, states, events)
    project(work, states, new=new)
    due_at = nearest_due(states)
    if due_at != work.due_at:
        work.due_at = due_at
        update(cast("Model", work), ["due_at"])
    return due_at


def nearest_due(states: Iterable[ClockState]) -> datetime | None:
    """The next promise to keep, the one already missed and still open included: it is the most urgent.

    A promise whose time stands still is not late however long it stands.
    """
    open_dues = (
        state.due_at
        for state in states
        if (state.live and state.state != "paused") or (state.missed_at and state.ended_at is None)
    )
    return min(open_dues, default=None)


def project(work: Timed, states: Sequence[ClockState], *, new: bool = False) -> None:
    """Write the states into the rows of the work, touching only rows that differ. new: it has no rows yet."""
    # a step of work opened just now cannot have failed yet
    stuck = waiting(work.ref) if not new and any(step.waits for one in states for step in one.steps) else {}
    wanted = {(state.clock, state.run): columns_of(work, state, stuck) for state in states}
    stored = () if new else _rows_of(work)
    known = {(row.clock, row.run): row for row in stored}
    begun = [
        ClockRow(work_kind=work.ref.kind, work_id=work.pk, clock=clock, run=run, **columns)
        for (clock, run), columns in wanted.items()
        if (clock, run) not in known
    ]
    insert(begun)
    for key, row in known.items():
        if key not in wanted:
            row.delete()
            continue
        changed = [name for name, value in wanted[key].items() if getattr(row, name) != value]
        if changed:
            for name in changed:
                setattr(row, name, wanted[key][name])
            update(row, changed)


def _rows_of(work: Timed) -> list[ClockRow]:
    return select(ClockRow, "work_kind = %s AND work_id = %s ORDER BY id", [work.ref.kind, work.pk])


def columns_of(work: Timed, state: ClockState, stuck: Mapping[str, datetime]) -> dict[str, Any]:
    """The columns of a row for this state. stuck: `waiting` of the work."""
    return {
        "version": state.version,
        "state": str(state.state),
        "started_at": state.started_at,
        "due_at": state.due_at,
        "ended_at": state.ended_at,
        "missed_at": state.missed_at,
        "next_at": look_at(work.ref, state, stuck),
        "unconfirmed": list(state.unconfirmed),
        "department": work.department_id,
    }


def look_at(work: Ref, state: ClockState, stuck: Mapping[str, datetime]) -> datetime | None:
    """When the sweep must look at this clock: its own next instant, later for a step that waits to be
    retried."""
    if state.next_at is None:
        return None
    looks = [state.due_at] if state.state == "running" else []
    for step in state.steps:
        if step.waits and step.at is not None:
            looks.append(max(step.at, stuck.get(step_key(work, state.clock, state.run, step.index), step.at)))
    return min(looks, default=None)


def step_key(work: Ref, clock: str, run: int, index: int) -> str:
    """The name of one step of one run for ever: `step:case:17:response:1:0`."""
    return step_name(f"{work.kind}:{work.id}:{clock}", run, index)


def note_misses(work: Timed, states: Iterable[ClockState], events: Iterable[Event]) -> None:
    """Record each miss once, dated at the instant that was missed, however late it was noticed."""
    noted = {(event.data["clock"], event.data["run"]) for event in events if event.kind == "clock.missed"}
    for state in states:
        if state.missed_at is not None and (state.clock, state.run) not in noted:
            record(
                "clock.missed",
                work.ref,
                by=SYSTEM,
                at=state.missed_at,
                department=work.department_id,
                data={"clock": state.clock, "run": state.run},
                rulebook_version=state.version,
            )
