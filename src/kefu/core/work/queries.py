"""Reading work: its history, its clocks with their reasons, its moves with theirs."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from kefu.core.clocks.explanation import ClockExplanation, explain_clock
from kefu.core.clocks.replay import ClockState, replay
from kefu.core.clocks.works import history
from kefu.core.effects import organisation
from kefu.core.flow import Offer, offers
from kefu.core.flow.refusals import Words
from kefu.core.ledger.models import Event
from kefu.core.ledger.queries import events_of
from kefu.core.versions.queries import Rules
from kefu.core.work import counting
from kefu.core.work.models import Work


def clock_states(work: Work, at: datetime) -> tuple[ClockState, ...]:
    """Every run of every clock of the work as it stood at `at`, replayed from its events."""
    return replay(work.kind, history(events_of(work.ref)), Rules(), at=at)


def explained(work: Work, at: datetime) -> list[ClockExplanation]:
    """Why each of its clocks says what it says: clause, arithmetic, pauses, changes, outcome."""
    rules = Rules()
    return [explain_clock(state, rules) for state in clock_states(work, at)]


def moves_offered(work: Work, person: int | Literal["customer"], at: datetime) -> tuple[Offer, ...]:
    """The moves that start in the work's state, allowed to the person (id) or with what stands in the way."""
    if work.voided_at is not None:
        return ()
    return offers(
        work.flow,
        work.state,
        work.facts(),
        str(person),
        organisation.at(at, work.department_id),
        calendar=work.rulebook.calendar,
        records=counting.records_of(work, at),
        proofs=work.rule.needs,
        words=Words.of(work.rulebook, work.rule),
    )


def events(work: Work) -> list[Event]:
    """What the ledger says happened to the work, in order."""
    return events_of(work.ref)
