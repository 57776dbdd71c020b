"""The clocks of one kind under one version, arranged so that an event finds what it concerns.

Made once per rulebook value and kind; a replay of eight events asks it some fifty times.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kefu.core.errors import Refused
from kefu.core.rulebook.expressions import Count, Instant, Matcher, Test
from kefu.core.rulebook.model import Clock, Kind, Rulebook
from kefu.core.worktime import Calendar


@dataclass(frozen=True, slots=True)
class ClockPlan:
    """One clock with the names it listens to.

    when_names: a fact of this name changed: ask `when` again. due_names: ask for the due instant again.
    """

    rule: Clock
    version: str
    calendar: Calendar
    anchor: str
    plain: bool  # starts at its anchor itself, not some time before or after it
    from_field: bool  # the anchor is an instant field, not a move
    stops: frozenset[str]
    pauses: frozenset[str]
    when_names: frozenset[str]
    due_names: frozenset[str]


@dataclass(frozen=True, slots=True)
class KindPlan:
    """All clocks of a kind: those a move may start by its name, those an instant field may start."""

    by_move: dict[str, tuple[ClockPlan, ...]]
    by_field: tuple[ClockPlan, ...]
    ends: frozenset[str]
    has_done: bool  # the flow has a move of its own called "done"
    leaving: dict[str, frozenset[str]]  # state -> moves that may be made in it


_kept: dict[int, tuple[Rulebook, dict[str, KindPlan]]] = {}
_KEPT_AT_MOST = 64


def plan_of(rulebook: Rulebook, kind: str) -> KindPlan:
    """The plan for `kind`, made at the first question; a kind this version does not have has no clocks."""
    kept = _kept.get(id(rulebook))
    if kept is None or kept[0] is not rulebook:
        if len(_kept) >= _KEPT_AT_MOST:
            _kept.clear()
        kept = _kept[id(rulebook)] = (rulebook, {})
    plan = kept[1].get(kind)
    if plan is None:
        plan = kept[1][kind] = _plan(rulebook, kind)
    return plan


def _plan(rulebook: Rulebook, kind: str) -> KindPlan:
    found = rulebook.kinds.get(kind)
    if found is None:
        return KindPlan({}, (), frozenset(), False, {})
    by_move: dict[str, tuple[ClockPlan, ...]] = {}
    by_field: list[ClockPlan] = []
    for clock in found.clocks.values():
        plan = _clock_plan(rulebook, found, clock)
        if plan.from_field:
            by_field.append(plan)
        else:
            by_move[plan.anchor] = (*by_move.get(plan.anchor, ()), plan)
    leaving = {
        state: frozenset(name for name, move in found.flow.moves.items() if state in move.from_)
        for state in found.flow.states
    }
    return KindPlan(
        by_move, tuple(by_field), frozenset(found.flow.ends()), "done" in found.flow.moves, leaving
    )


def _clock_plan(rulebook: Rulebook, kind: Kind, clock: Clock) -> ClockPlan:
    starts = clock.starts
    anchor = starts.anchor.removeprefix(f"{kind.name}.")
    is_move = anchor in ("opened", "done") or anchor in kind.flow.moves
    plain = starts.amount is None and not starts.edge and starts.at is None and not starts.end_of_day
    when_names = _names_of(clock.when)
    due_names = set[str]() if is_move else {anchor}
    for branch in clock.due:
        due_names |= _names_of(branch.when)
        if isinstance(branch.value, Instant):
            due_names.add(branch.value.anchor)
    # A branch that asks about the start itself is judged once, when the clock starts.
    if is_move:
        due_names.discard(anchor)
        when_names = when_names - {anchor}
    return ClockPlan(
        rule=clock,
        version=rulebook.version,
        calendar=rulebook.calendar,
        anchor=anchor,
        plain=plain,
        from_field=not is_move,
        stops=frozenset(stop.removeprefix(f"{kind.name}.") for stop in clock.stops),
        pauses=frozenset(clock.pauses),
        when_names=when_names,
        due_names=frozenset(due_names),
    )


def _names_of(matcher: Matcher | None) -> frozenset[str]:
    """Every fact a matcher looks at, by the whole path and by its first step."""
    if matcher is None:
        return frozenset()
    return frozenset(name for tests in matcher.any_of for test in tests for name in _names_in(test))


def _names_in(test: Test) -> Iterable[str]:
    if isinstance(test.operand, Count):
        raise Refused(
            "clocks.counts_other_records",
            zh=f"时限的条件“{test.operand.of}”要清点其他记录，但时限只看本单的经过。请改用字段。",
            en=f"The condition of a clock counts other records ({test.operand.of}), but a clock reads "
            "only its own work. Use a field instead.",
            of=test.operand.of,
        )
    yield test.path
    yield test.path.partition(".")[0]
    if test.operator == "same_as":
        yield str(test.operand)
    if isinstance(test.operand, Test):
        yield from _names_in(test.operand)
