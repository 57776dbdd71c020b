"""What must be true of every course of events: seen on random ones, with a fixed seed."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from kefu.core import worktime
from kefu.core.clocks.replay import ClockState, Happened, due_steps, replay

from .desk import local, rulebook

RULES = rulebook(
    """
reply: {clause: one, starts: dispatched, stops: [solved, returned], pauses: waiting,
  due: [{when: {severity: major}, is: 4 working hours}, {is: 2 working days}]}
visit: {clause: one, starts: dispatched, stops: solved, due: 24 hours, restarts: {rescheduled: agreed_at}}
month: {clause: one, when: {valid: valid, severity: {not: major}}, starts: accepted, stops: solved, due: 5 days,
  steps: [{at: 50%, do: [{notify: owner}]}, {at: due, do: [{set: {severity: major}}]},
  {at: 1 days after due, do: [{escalate: head}]}]}
"""
)
FLOW = RULES.kinds["complaint"].flow
BOOKS = {RULES.version: RULES}
SECOND = timedelta(seconds=1)


def course(seed: int) -> list[Happened]:
    """A random walk through the flow, fields changing on the way."""
    chance = random.Random(seed)
    at, state = local("09-21 08:30") + timedelta(hours=chance.randrange(300)), FLOW.start
    events = [Happened(1, at, "opened", state, {"severity": "minor"}, RULES.version)]
    for seq in range(2, 2 + chance.randrange(12)):
        at += timedelta(minutes=chance.choice([0, 1, 30, 300, 3_000]))
        moves = [move for move in FLOW.moves.values() if state in move.from_]
        facts: dict[str, object] = {}
        if chance.random() < 0.3:
            facts["severity"] = chance.choice(["minor", "major", None])
        if chance.random() < 0.3:
            facts["valid"] = chance.choice(["valid", "invalid"])
        if not moves or chance.random() < 0.2:
            events.append(Happened(seq, at, "set", None, facts, RULES.version))
            continue
        move = chance.choice(moves)
        if move.name == "rescheduled":
            facts["agreed_at"] = at + timedelta(hours=chance.randrange(1, 72))
        state = move.to
        events.append(Happened(seq, at, move.name, state, facts, RULES.version))
    return events


@pytest.mark.parametrize("seed", range(60))
def test_a_miss_stays_with_its_date_and_an_end_stays_an_end_whatever_follows(seed):
    events = course(seed)
    later = events[-1].at + timedelta(days=9)
    known: dict[tuple[str, int], ClockState] = {}

    for count in range(1, len(events) + 1):
        at = later if count == len(events) else events[count].at - timedelta(microseconds=1)
        for state in replay("complaint", events[:count], BOOKS, at=max(at, events[count - 1].at)):
            before = known.get((state.clock, state.run))
            if before is not None and before.missed_at:
                assert (state.state, state.missed_at) == ("missed", before.missed_at)
            if before is not None and before.ended_at:
                assert (state.state, state.ended_at) == (before.state, before.ended_at)
            known[state.clock, state.run] = state


@pytest.mark.parametrize("seed", range(60))
def test_the_present_is_read_alike_with_and_without_the_future(seed):
    events = course(seed)

    for count, event in enumerate(events, 1):
        past = [other for other in events[:count] if other.at <= event.at]
        past += [other for other in events[count:] if other.at == event.at]
        assert replay("complaint", events, BOOKS, at=event.at) == replay(
            "complaint", past, BOOKS, at=event.at
        )


@pytest.mark.parametrize("seed", range(60))
def test_the_due_instant_is_the_amount_after_the_start_with_the_pauses_taken_out(seed):
    events = course(seed)

    for state in replay("complaint", events, BOOKS, at=events[-1].at + timedelta(days=9)):
        assert (state.state == "missed") == (state.missed_at is not None)
        assert state.state != "met" or (state.ended_at is not None and state.missed_at is None)
        if state.floor is None and state.since <= state.started_at and state.state != "paused":
            pauses = [(since, until) for since, until in state.pauses if until is not None]
            assert state.amount is not None
            due = worktime.due(RULES.calendar, state.started_at, state.amount, pauses).at
            assert state.state in ("met", "superseded", "rescheduled") or state.due_at == due


@pytest.mark.parametrize("seed", range(60))
def test_steps_carried_out_as_they_fall_due_come_once_each_and_in_order(seed):
    events: list[Happened] = []
    todo = course(seed)
    end = todo[-1].at + timedelta(days=12)
    done: list[str] = []

    def carry_out(until):
        while steps := due_steps(replay("complaint", events, BOOKS, at=until), until):
            step = steps[0]
            done.append(step.name)
            events.append(Happened(len(events), step.at, step.name, None, {}, RULES.version))

    for event in todo:
        carry_out(event.at - SECOND)
        events.append(event)
    carry_out(end)

    assert len(done) == len(set(done))
    states = replay("complaint", todo, BOOKS, at=end)
    late = {step.name for step in due_steps(states, end)}
    # A worker that was down does what the others did, but for steps that a regrade has put off meanwhile.
    put_off = {
        done_ for done_ in done for state in states if state.earlier_dues and f":{state.clock}:" in done_
    }
    assert late <= set(done) <= late | put_off


@pytest.mark.parametrize("seed", range(60))
def test_a_look_at_next_at_is_never_too_late(seed):
    events = course(seed)
    at = events[-1].at

    for state in replay("complaint", events, BOOKS, at=at):
        if state.next_at is None or state.next_at <= at:
            continue
        calm = state.next_at - timedelta(microseconds=1)
        assert not [
            s for s in due_steps(replay("complaint", events, BOOKS, at=calm), calm) if s.clock == state
        ]
        (then,) = (
            other
            for other in replay("complaint", events, BOOKS, at=calm)
            if (other.clock, other.run) == (state.clock, state.run)
        )
        assert then == state
