"""What the ledger of one piece of work says about its clocks: one pure function for the live desk, for
verify, for
explain and for a backtest.

Events are read in the order of the ledger. A clock is pinned to the version of the event that started it,
the flow to
the version at "opened". Nothing is counted up: every instant follows again from rule, calendar and events.

Start reading at `replay`; `_Replay.happen` is the order in which one event is judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from kefu.core.rulebook.model import Rulebook
from kefu.core.worktime import Amount

from .instants import Pauses, Promise, instant_of, judge, measured, promise, step_at
from .plan import ClockPlan, KindPlan, plan_of
from .states import ClockState, DueStep, Happened, Redated, Standing, StepAt, step_name

__all__ = ["ClockState", "DueStep", "Happened", "StepAt", "due_steps", "replay", "step_name"]


def replay(
    kind: str, events: Sequence[Happened], rules: Mapping[str, Rulebook], *, at: datetime
) -> tuple[ClockState, ...]:
    """Every run of every clock of one piece of work, as it stood at `at`, in the order in which the runs
    began.

    events: all of one piece of work in ledger order; those that happened after `at` are left out.
    rules: rulebook by version hash; each version named by an event must be there (KeyError otherwise).
    """
    desk = _Replay(kind, rules)
    for event in events:
        if event.at <= at:
            desk.happen(event)
    return desk.states(at)


def due_steps(states: Iterable[ClockState], at: datetime) -> list[DueStep]:
    """The steps to carry out by `at`, in order of their instant, each once.

    A step whose clock ended after the step's instant is still among them, one whose clock ended before is
    not.
    """
    found = [
        DueStep(state, state.rule.steps[step.index], step.index, step.at)
        for state in states
        for step in state.steps
        if step.waits and step.at is not None and step.at <= at
    ]
    return sorted(found, key=lambda due: (due.at, due.clock.started_at, due.clock.clock, due.index))


class _Run:
    """One promise while it is being replayed."""

    __slots__ = (
        "due_at", "earlier", "ended_at", "floor", "last_pause", "missed_at", "paused_from",
        "plan", "since", "started_at", "state", "unconfirmed", "value",
    )  # fmt: skip

    def __init__(self, plan: ClockPlan, started_at: datetime, made: Promise, since: datetime) -> None:
        self.plan = plan
        self.started_at = started_at
        self.since = since
        self.state: Standing = "running"
        self.due_at, self.unconfirmed, self.value = made
        self.floor: datetime | None = None
        self.paused_from: datetime | None = None
        self.last_pause: tuple[datetime, datetime] | None = None  # in which it ended
        self.ended_at: datetime | None = None
        self.missed_at: datetime | None = None
        self.earlier: tuple[Redated, ...] = ()

    @property
    def amount(self) -> Amount | None:
        return self.value if isinstance(self.value, Amount) else None

    def end(self, state: Standing, at: datetime) -> None:
        """Nothing more is expected of this promise; a miss stays a miss and only learns when it was ended."""
        self.paused_from = None
        self.ended_at = at
        if self.state != "missed":
            self.state = state

    def is_used_up(self, at: datetime) -> bool:
        """At its due instant a promise can still be kept, but not be changed: its own step at due may regrade."""
        changed_at = self.since if self.floor is None else self.floor
        return self.state == "running" and at >= self.due_at and changed_at < at

    def pass_to(self, at: datetime) -> None:
        """Notice a miss: due is inclusive, so a clock is missed only after its due instant."""
        if self.state == "running" and at > self.due_at:
            self.state = "missed"
            self.missed_at = max(self.due_at, self.started_at)


class _Replay:
    def __init__(self, kind: str, rules: Mapping[str, Rulebook]) -> None:
        self.kind = kind
        self.rules = rules
        self.facts: dict[str, object] = {}
        self.flow: KindPlan | None = None
        self.state: str | None = None
        self.spans: list[tuple[datetime, str | None]] = []  # (since, state), in order
        self.now: datetime | None = None
        self.done_steps: set[str] = set()
        self.runs: list[_Run] = []
        self.live: dict[str, _Run] = {}  # the run of each clock that nothing has ended yet
        self.waiting: dict[str, tuple[ClockPlan, datetime]] = {}  # begun, but its rule does not apply (yet)
        self.seen: set[str] = set()  # clocks started by a field, which do so once

    def happen(self, event: Happened) -> None:
        """Judge one event: time passes, facts change, then each clock that lives, waits or begins."""
        plan = plan_of(self.rules[event.version], self.kind)
        flow = self.flow = self.flow or plan
        # An event recorded late says when it happened, but the states it meets are those of the ledger.
        now = self.now = event.at if self.now is None or event.at > self.now else self.now
        for run in self.live.values():
            run.pass_to(now)
        if event.name == "voided":  # opened by mistake: nothing was ever promised
            for run in self.live.values():
                run.end("superseded", now)
            self.live.clear()
            self.waiting.clear()
            return

        touched, entered = self._take_in(event, now)
        finished = entered and event.state in flow.ends
        names = (event.name, "done") if finished and not flow.has_done else (event.name,)
        if len(names) == 2:
            self.facts["done"] = event.at
        for clock, run in list(self.live.items()):
            self._judge(clock, run, names, event, touched, entered)
        for clock, (waits, start) in list(self.waiting.items()):
            self._judge_waiting(clock, waits, start, names, event, touched)
        for name in names:
            for begins in plan.by_move.get(name, ()):
                self._start(begins, event)
        for begins in plan.by_field:
            if begins.anchor in touched and begins.rule.name not in self.seen:
                self._start(begins, event)
        if finished:
            self._drop_hopeless(event, flow.leaving.get(event.state or "", frozenset()))

    def _take_in(self, event: Happened, now: datetime) -> tuple[set[str], bool]:
        """Lay the event over the facts: the names it touched, and whether the work entered another state."""
        touched = set(event.facts)
        self.facts.update(event.facts)
        if event.name.startswith("step:"):
            self.done_steps.add(event.name)
        elif event.name != "set":
            self.facts[event.name] = event.at
            touched.add(event.name)
        entered = event.state is not None and event.state != self.state
        if entered:
            self.state = event.state
            self.spans.append((now, event.state))
            self.facts["state"] = event.state
            touched.add("state")
        return touched, entered

    # --- one event and one clock ------------------------------------------------------------------

    def _judge(
        self,
        clock: str,
        run: _Run,
        names: tuple[str, ...],
        event: Happened,
        touched: set[str],
        entered: bool,
    ) -> None:
        plan = run.plan
        if not plan.stops.isdisjoint(names):
            self._end(clock, run, "met", event)
            return
        agreed = plan.rule.restarts.get(event.name)
        if agreed is not None and isinstance(start := self.facts.get(agreed), datetime):
            self._end(clock, run, "rescheduled", event)
            self._begin(plan, start, event, restarted=True)
            return
        if run.state == "missed" or run.is_used_up(event.at):
            return
        if not plan.when_names.isdisjoint(touched):
            facts = self._facts_at(plan, run.started_at)
            if not judge(plan.rule.when, facts, plan.calendar):
                self._end(clock, run, "superseded", event)
                self.waiting[clock] = (plan, run.started_at)
                return
        if not plan.due_names.isdisjoint(touched):
            self._redate(clock, run, event)
        if entered and clock in self.live:
            self._pause_or_resume(run)

    def _judge_waiting(
        self,
        clock: str,
        plan: ClockPlan,
        start: datetime,
        names: tuple[str, ...],
        event: Happened,
        touched: set[str],
    ) -> None:
        if not plan.stops.isdisjoint(names):
            del self.waiting[clock]
        elif not (plan.when_names | plan.due_names).isdisjoint(touched):
            if plan.from_field:
                start = instant_of(plan.rule.starts, self.facts, plan.calendar) or start
            self._begin(plan, start, event, late=True)

    def _start(self, plan: ClockPlan, event: Happened) -> None:
        """The event is the anchor of this clock; a promise that still stands is not made twice."""
        clock = plan.rule.name
        if clock in self.live or clock in self.waiting:
            return
        start = event.at
        if plan.from_field or not plan.plain:
            found = instant_of(plan.rule.starts, self.facts, plan.calendar, start=event.at)
            if found is None:
                return
            start = found
        if plan.from_field:
            self.seen.add(clock)
        self._begin(plan, start, event)

    def _begin(
        self,
        plan: ClockPlan,
        start: datetime,
        event: Happened,
        *,
        late: bool = False,
        restarted: bool = False,
    ) -> None:
        clock = plan.rule.name
        facts = self._facts_at(plan, start, restarted)
        applies = plan.rule.when is None or judge(plan.rule.when, facts, plan.calendar)
        made = promise(plan.rule, start, facts, plan.calendar, self._pauses(plan, start)) if applies else None
        if made is None:
            self.waiting[clock] = (plan, start)
            return
        self.waiting.pop(clock, None)
        run = _Run(plan, start, made, event.at)
        if late:
            # Nobody can miss a promise that did not exist: it falls due now at the earliest.
            run.floor = event.at
            run.due_at = max(run.due_at, event.at)
        self.runs.append(run)
        self.live[clock] = run
        if self.state in plan.pauses:
            self._pause_or_resume(run)

    def _redate(self, clock: str, run: _Run, event: Happened) -> None:
        """A fact changed on which the due instant rests: work it out again from the original start."""
        plan = run.plan
        start = run.started_at
        if plan.from_field:
            start = instant_of(plan.rule.starts, self.facts, plan.calendar) or start
        facts = self._facts_at(plan, start)
        made = promise(plan.rule, start, facts, plan.calendar, self._pauses(plan, start))
        if made is None:
            self._end(clock, run, "superseded", event)
            self.waiting[clock] = (plan, start)
            return
        due_at = made.due_at if run.floor is None else max(made.due_at, run.floor)
        if due_at != run.due_at or start != run.started_at:
            run.earlier = (*run.earlier, Redated(run.due_at, event.at))
            run.floor = event.at
            run.started_at = start
            run.due_at = max(made.due_at, event.at)
        if run.paused_from is not None and made.due_at <= run.paused_from:
            run.state, run.paused_from = (
                "running",
                None,
            )  # used up before the pause began: there is nothing to put off
        run.unconfirmed, run.value = made.unconfirmed, made.value

    def _pause_or_resume(self, run: _Run) -> None:
        """The work entered another state: the promise sleeps in those its rule names, unless used up."""
        if run.amount is None or not run.plan.pauses or self.now is None:
            return
        if self.state in run.plan.pauses:
            if run.state == "running" and not run.is_used_up(self.now):
                run.state = "paused"
                run.paused_from = max(self.now, run.started_at)
        elif run.state == "paused":
            self._wake(run)

    def _wake(self, run: _Run) -> None:
        """The pause is over: the promise is due later by what it took out."""
        run.state = "running"
        run.paused_from = None
        plan, start = run.plan, run.started_at
        # What the promise is was judged when it was made; waiting only takes time out of it.
        made = measured(plan.rule, run.value, start, self.facts, plan.calendar, self._pauses_of(run))
        if made is not None:
            run.due_at = made.due_at if run.floor is None else max(made.due_at, run.floor)
            run.unconfirmed = made.unconfirmed

    def _end(self, clock: str, run: _Run, state: Standing, event: Happened) -> None:
        """Nothing more is expected. A pause lasts until then, so what it put off does not come after all."""
        del self.live[clock]
        if run.paused_from is not None and self.now is not None:
            run.last_pause = (run.paused_from, self.now)
            self._wake(run)
        run.end(state, event.at)

    def _drop_hopeless(self, event: Happened, moves: frozenset[str]) -> None:
        """The work is over: a promise that no move can keep any more is no promise, and nobody is chased
        for it.
        """
        for clock, run in list(self.live.items()):
            if run.plan.stops.isdisjoint(moves):
                self._end(clock, run, "superseded", event)
        for clock, (plan, _) in list(self.waiting.items()):
            if plan.stops.isdisjoint(moves):
                del self.waiting[clock]

    def _facts_at(self, plan: ClockPlan, start: datetime, restarted: bool = False) -> Mapping[str, object]:
        """The facts, with the start of this promise under its anchor: a condition on the start asks about
        this one.
        """
        if (plan.plain or restarted) and self.facts.get(plan.anchor) != start:
            return {**self.facts, plan.anchor: start}
        return self.facts

    def _pauses(self, plan: ClockPlan, start: datetime) -> Pauses:
        """The closed spans after `start` in states that pause this clock."""
        if not plan.pauses:
            return ()
        spans = self.spans
        return tuple(
            (max(since, start), until)
            for (since, state), (until, _) in pairwise(spans)
            if state in plan.pauses and until > start and until > since
        )

    def _pauses_of(self, run: _Run) -> Pauses:
        """The closed pauses of a run; the one in which it ended is closed by that, also where the work stays."""
        pauses = self._pauses(run.plan, run.started_at)
        if run.ended_at is not None:
            pauses = tuple((a, min(b, run.ended_at)) for a, b in pauses if a < run.ended_at)
        if run.last_pause is None or run.last_pause in pauses:
            return pauses
        return (*pauses, run.last_pause)

    # --- the answer -------------------------------------------------------------------------------

    def states(self, at: datetime) -> tuple[ClockState, ...]:
        runs: dict[str, int] = {}
        found = []
        for run in self.runs:
            run.pass_to(at)
            clock = run.plan.rule.name
            runs[clock] = runs.get(clock, 0) + 1
            found.append(self._answer(run, runs[clock]))
        return tuple(found)

    def _answer(self, run: _Run, number: int) -> ClockState:
        plan = run.plan
        pauses = self._pauses_of(run)
        if run.missed_at is not None or run.ended_at is not None:
            # What was done with the work after the promise was decided takes nothing out of it.
            until = run.missed_at or run.ended_at or run.due_at
            pauses = tuple((a, min(b, until)) for a, b in pauses if a < until)
        steps = tuple(self._step(run, number, index, pauses) for index in range(len(plan.rule.steps)))
        looks = [step.at for step in steps if step.waits and step.at is not None]
        if run.state == "running":
            looks.append(run.due_at)
        shown: tuple[tuple[datetime, datetime | None], ...] = pauses
        if run.paused_from is not None:
            shown = (*pauses, (run.paused_from, None))
        return ClockState(
            kind=self.kind,
            clock=plan.rule.name,
            run=number,
            version=plan.version,
            rule=plan.rule,
            started_at=run.started_at,
            due_at=run.due_at,
            unconfirmed=run.unconfirmed,
            state=run.state,
            promised=run.value,
            pauses=shown,
            ended_at=run.ended_at,
            missed_at=run.missed_at,
            since=run.since,
            floor=run.floor,
            earlier_dues=run.earlier,
            steps=steps,
            next_at=min(looks, default=None),
        )

    def _step(self, run: _Run, number: int, index: int, pauses: Pauses) -> StepAt:
        """When the step is to be carried out, and whether it was or never will be."""
        rule = run.plan.rule
        instant = step_at(
            rule.steps[index],
            start=run.started_at,
            due_at=run.due_at,
            amount=run.amount,
            calendar=run.plan.calendar,
            pauses=pauses,
        )
        hidden = run.paused_from is not None and instant > run.paused_from
        # It cannot have been asked for before the promise was known, or while another due instant held.
        instant = max(instant, run.since if run.floor is None else max(run.floor, run.since))
        done = bool(self.done_steps) and step_name(rule.name, number, index) in self.done_steps
        if hidden:
            return StepAt(index, None, done)
        return StepAt(index, instant, done, not done and run.ended_at is not None and instant >= run.ended_at)
