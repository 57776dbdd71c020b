"""Moves offered and moves checked, by one list of conditions.

A move may be refused because the work is in another state, because the person does not hold the post,
because a field
it asks for is empty, or because a need does not hold. Every refusal says which, by which clause, and who
could do it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from kefu.core.errors import Refused
from kefu.core.flow import refusals
from kefu.core.flow.refusals import Words
from kefu.core.rulebook.expressions import Branch, Count, Matcher, Test, Who
from kefu.core.rulebook.match import Verdict, holds
from kefu.core.rulebook.model import Facts, Flow, Move, Need
from kefu.core.rulebook.who import CUSTOMER, Organisation, resolve
from kefu.core.worktime import Calendar

Records = Callable[[Count, Facts], int]
NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Offer:
    """One move as a page shows it: the button, or why there is none.

    asks: fields of the move's form that are still empty. reasons: needs that a written reason may pass.
    refusals: everything that stands in the way now; empty if allowed.
    """

    move: Move
    allowed: bool
    asks: tuple[str, ...]
    reasons: tuple[Refused, ...]
    refusals: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class Passed:
    """A move that may be made: in which post the person acts ("" if by no post), and the needs a reason
    passed.
    """

    move: Move
    post: str
    excused: tuple[Need, ...]


def offers(
    flow: Flow,
    state: str,
    facts: Facts,
    person: str | None,
    organisation: Organisation,
    *,
    calendar: Calendar,
    records: Records,
    proofs: tuple[Need, ...] = (),
    words: Words,
) -> tuple[Offer, ...]:
    """Every move that starts in `state`, in the order of the flow, allowed or not.

    person: id of who looks, `CUSTOMER` for the customer; None for the rulebook itself (an effect), whom no `by` stops.
    facts: the fields of the work, and under the name of each move made the instant of the last time.
    proofs: needs of the kind; a move that ends the work as done asks them too. words: for
    refusals, `Words.of(rulebook, kind)`. organisation: as it stands at the instant asked about.
    Needs that ask about the very fields a move fills are left for `check_move`: they cannot hold before.
    """
    found = []
    for move in flow.moves.values():
        if state not in move.from_:
            continue
        asking = _Asking(flow, move, facts, organisation, calendar, records, proofs)
        asks = tuple(field for field in move.fill if not _is_filled(move, field, facts, NOTHING))
        hard = list(asking.by_whom(person, words))
        soft: list[Refused] = []
        for need, why in asking.failing():
            if not (need_paths(need.that) & set(move.fill)):
                kind = refusals.reason if need.soft else refusals.need
                (soft if need.soft else hard).append(kind(move, need, why, words))
        found.append(Offer(move, not hard, asks, tuple(soft), tuple(hard)))
    return tuple(found)


def check_move(
    flow: Flow,
    name: str,
    state: str,
    facts: Facts,
    person: str | None,
    organisation: Organisation,
    *,
    calendar: Calendar,
    records: Records,
    filled: Mapping[str, object] = NOTHING,
    reason: str = "",
    proofs: tuple[Need, ...] = (),
    words: Words,
) -> Passed:
    """Return how the move passes, or raise the first `Refused` that stands in its way.

    filled: the typed fields given with the move; needs are judged on `facts` with these laid over them. A
    field on record before will do, unless the move was made before: a new delay has a new reason.
    reason: passes soft needs. The other arguments are those of `offers`.
    Codes: flow.unknown_move, flow.state, flow.post, flow.fill, flow.need, flow.reason.
    """
    move = flow.moves.get(name)
    if move is None:
        raise refusals.unknown_move(flow, name)
    if state not in move.from_:
        raise refusals.state(flow, move, state, words)
    before = _Asking(flow, move, facts, organisation, calendar, records, proofs)
    for refusal in before.by_whom(person, words):
        raise refusal
    missing = tuple(field for field in move.fill if not _is_filled(move, field, facts, filled))
    if missing:
        raise refusals.fill(move, missing, words)
    after = _Asking(flow, move, {**facts, **filled}, organisation, calendar, records, proofs)
    failing = tuple(after.failing())
    for need, why in failing:
        if not need.soft:
            raise refusals.need(move, need, why, words)
    for need, why in failing:
        if not reason.strip():
            raise refusals.reason(move, need, why, words)
    return Passed(move, before.post_of(person), tuple(need for need, _ in failing))


@dataclass(frozen=True, slots=True)
class _Asking:
    """One move asked about on one set of facts."""

    flow: Flow
    move: Move
    facts: Facts
    organisation: Organisation
    calendar: Calendar
    records: Records
    proofs: tuple[Need, ...]

    def by_whom(self, person: str | None, words: Words) -> Iterator[Refused]:
        """The refusal of a person whom `by` does not name."""
        if person is not None and self._acting_as(person) is None:
            yield refusals.post(self.move, self._whos(), self._people(), words)

    def post_of(self, person: str | None) -> str:
        """The post in which the person acts: the one the move names, whatever else they hold."""
        who = self._acting_as(person) if person is not None else None
        return who.name if who is not None and who.word in ("post", "on duty") else ""

    def failing(self) -> Iterator[tuple[Need, Test | None]]:
        """Needs that apply and do not hold, each with the first condition that failed."""
        for need in (*self.move.needs, *(self.proofs if self.flow.proves(self.move) else ())):
            if need.when is None or self._verdict(need.when).ok:
                verdict = self._verdict(need.that)
                if not verdict.ok:
                    yield need, verdict.why

    def _whos(self) -> tuple[Who, ...]:
        return chosen(self.move.by, self.facts, self.calendar, self.records)

    def _acting_as(self, person: str) -> Who | None:
        for who in self._whos():
            if person in resolve(who, self.facts, self.organisation):
                return who
        return None

    def _people(self) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for who in self._whos():
            found |= dict.fromkeys(resolve(who, self.facts, self.organisation))
        found.pop(CUSTOMER, None)
        return tuple(found)

    def _verdict(self, matcher: Matcher) -> Verdict:
        return holds(
            matcher,
            self.facts,
            calendar=self.calendar,
            records=self.records,
            people=lambda who, facts: resolve(who, facts, self.organisation),
        )


def chosen(
    branches: tuple[Branch[tuple[Who, ...]], ...], facts: Facts, calendar: Calendar, records: Records
) -> tuple[Who, ...]:
    """Who⑂: the value of the first branch whose condition holds; nobody if there is none."""
    for branch in branches:
        if branch.when is None or holds(branch.when, facts, calendar=calendar, records=records).ok:
            return branch.value
    return ()


def empty(value: object) -> bool:
    """Nothing was written: no value, blank text, an empty list."""
    return value is None or (isinstance(value, str) and not value.strip()) or value in ((), [], {})


def need_paths(matcher: Matcher) -> set[str]:
    """The fields a matcher asks about, by the first step of their path."""
    return {test.path.partition(".")[0] for tests in matcher.any_of for test in tests}


def _is_filled(move: Move, field: str, facts: Facts, filled: Mapping[str, object]) -> bool:
    if field in filled:
        return not empty(filled[field])
    return not isinstance(facts.get(move.name), datetime) and not empty(facts.get(field))
