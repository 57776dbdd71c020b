"""The ways to break a rule: each mutant differs in one thing that a manual would have written.

An example of the rule must turn red for each; a mutant that all examples survive shows an edge nobody proved.
Not broken: the default steps of a clock, titles and notes, rights, and rules that no rule of a desk
evaluates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import singledispatch
from typing import NamedTuple, TypeVar

from kefu.core.proof import mutate_rounds
from kefu.core.proof.places import Place
from kefu.core.rulebook.expressions import (
    Bound,
    Branch,
    Count,
    Effect,
    Instant,
    Matcher,
    Share,
    Special,
    Test,
    Who,
)
from kefu.core.rulebook.model import (
    Clock,
    Flow,
    Form,
    Grades,
    Kind,
    Level,
    Move,
    Need,
    Post,
    Reaction,
    Rule,
    Rulebook,
    Step,
)
from kefu.core.rulebook.read_work import DEFAULT_STEPS
from kefu.core.worktime import Amount, Recurrence, Unit

V = TypeVar("V")
DueOf = Amount | Instant | Recurrence | Special
Changed = tuple[str, V]  # what was done to it, in words, and the result
NOBODY = mutate_rounds.NOBODY
ELSEWHERE = "no such state"

_OTHER_CLOCK = {
    Unit.WORKING_HOURS: Unit.HOURS,
    Unit.HOURS: Unit.WORKING_HOURS,
    Unit.WORKING_DAYS: Unit.DAYS,
    Unit.DAYS: Unit.WORKING_DAYS,
}


class Mutant(NamedTuple):
    """A rule with one thing changed."""

    place: Place
    change: str
    rule: Rule


def mutants(rulebook: Rulebook, place: Place, rule: Rule) -> Iterator[Mutant]:
    """Every mutant of one rule, not of the rules inside it."""
    for change, changed in _changes(rule, rulebook):
        yield Mutant(place, change, changed)


@singledispatch
def _changes(rule: Rule, rulebook: Rulebook) -> Iterator[Changed[Rule]]:
    """A rule that nothing evaluates cannot be broken."""
    yield from ()


@_changes.register
def _of_clock(rule: Clock, rulebook: Rulebook) -> Iterator[Changed[Rule]]:
    yield from _when(rule)
    if rule.starts.anchor != "opened":
        yield (
            f"starts {rule.starts.anchor} -> opened",
            replace(rule, starts=replace(rule.starts, anchor="opened")),
        )
    yield from _part(rule, "due", _branches(rule.due, _due))
    yield from _part(rule, "stops", _without(rule.stops, "stop"))
    yield from _part(rule, "pauses", _without(rule.pauses, "pause"))
    for move in rule.restarts:
        left = {name: field for name, field in rule.restarts.items() if name != move}
        yield f"restart {move} dropped", replace(rule, restarts=left)
    if rule.holiday != "keep":
        yield f"holiday {rule.holiday} -> keep", replace(rule, holiday="keep")
    if rule.steps != DEFAULT_STEPS:
        yield from _part(rule, "steps", _each(rule.steps, _step))


@_changes.register
def _of_kind(rule: Kind, rulebook: Rulebook) -> Iterator[Changed[Rule]]:
    if rule.chapter != "forms":  # a form's own line says who fills it in, and no clause
        yield from _part(rule, "by", _by(rule.by))
    yield from _part(rule, "starts", _without(rule.starts, "start"))
    yield from _part(rule, "needs", _needs(rule.needs))
    yield from _part(rule, "chain", _branches(rule.chain, mutate_rounds.chain))
    yield from mutate_rounds.comes_round(rule)


@_changes.register
def _of_flow(rule: Flow, rulebook: Rulebook) -> Iterator[Changed[Rule]]:
    for name in rule.moves:
        left = {key: move for key, move in rule.moves.items() if key != name}
        yield f"move {name} dropped", replace(rule, moves=left)


@_changes.register
def _of_move(rule: Move, rulebook: Rulebook) -> Iterator[Changed[Rule]]:
    yield from _part(rule, "from_", _without(rule.from_, "from"))
    yield f"to {rule.to} -> another", replace(rule, to=ELSEWHERE)
    yield from _part(rule, "by", _by(rule.by))
    yield from _part(rule, "fill", _without(rule.fill, "fill"))
    yield from _part(rule, "needs", _needs(rule.needs))
    yield from _part(rule, "then", _effects(rule.then))


@_changes.register
def _of_grades(rule: Grades, rulebook: Rulebook) -> Iterator[Changed[Rule]]:
    for name in rule.levels:
        left = {key: level for key, level in rule.levels.items() if key != name}
        yield f"level {name} dropped", replace(rule, levels=left)


@_changes.register
def _of_level(rule: Level, rulebook: Rulebook) -> Iterator[Changed[Rule]]:
    yield from _when(rule)


@_changes.register
def _of_reaction(rule: Reaction, rulebook: Rulebook) -> Iterator[Changed[Rule]]:
    yield from _when(rule)
    yield from _part(rule, "do", _effects(rule.do))


@_changes.register
def _of_post(rule: Post, rulebook: Rulebook) -> Iterator[Changed[Rule]]:
    if rule.reports_to:
        yield "reports_to dropped", replace(rule, reports_to=None)
        other = next((post for post in rulebook.posts if post not in (rule.name, rule.reports_to)), None)
        yield f"reports_to {rule.reports_to} -> {other}", replace(rule, reports_to=other)
    yield from _part(rule, "stands_in", _without(rule.stands_in, "stand-in"))


@_changes.register
def _of_form(rule: Form, rulebook: Rulebook) -> Iterator[Changed[Rule]]:
    for name, field in rule.fields.items():
        if field.required:
            fields = {**rule.fields, name: replace(field, required=False)}
            yield f"{name} no longer required", replace(rule, fields=fields)


def _part(rule: Rule, part: str, changed: Iterator[Changed[object]]) -> Iterator[Changed[Rule]]:
    for change, value in changed:
        fields: dict[str, object] = {part: value}
        yield change, replace(rule, **fields)  # type: ignore[arg-type]  # `part` names a field of this rule


def _when(rule: Rule) -> Iterator[Changed[Rule]]:
    if rule.when is not None:
        yield "when dropped", replace(rule, when=None)
        for change, matcher in _matcher(rule.when):
            yield f"when: {change}", replace(rule, when=matcher)


# --- lists ----------------------------------------------------------------------------------------


def _without(values: Sequence[V], word: str) -> Iterator[Changed[tuple[V, ...]]]:
    for index, value in enumerate(values):
        yield f"{word} {_short(value)} dropped", (*values[:index], *values[index + 1 :])


def _short(value: object) -> str:
    if isinstance(value, Test):
        return f"{value.path} {value.operator}"
    return _who(value) if isinstance(value, Who) else str(value)


def _each(
    values: Sequence[V], changes: Callable[[V], Iterator[Changed[V]]]
) -> Iterator[Changed[tuple[V, ...]]]:
    for index, value in enumerate(values):
        for change, changed in changes(value):
            yield change, (*values[:index], changed, *values[index + 1 :])


def _branches(
    branches: tuple[Branch[V], ...], changes: Callable[[V], Iterator[Changed[V]]]
) -> Iterator[Changed[tuple[Branch[V], ...]]]:
    if len(branches) > 1:
        for index in range(len(branches)):
            left = [*branches[:index], *branches[index + 1 :]]
            left[-1] = replace(left[-1], when=None)
            yield f"branch {index + 1} dropped", tuple(left)

    def of_branch(branch: Branch[V]) -> Iterator[Changed[Branch[V]]]:
        for change, value in changes(branch.value):
            yield change, replace(branch, value=value)
        for change, matcher in _matcher(branch.when) if branch.when else ():
            yield f"branch: {change}", replace(branch, when=matcher)

    yield from _each(branches, of_branch)


# --- time -----------------------------------------------------------------------------------------


def _due(value: DueOf) -> Iterator[Changed[DueOf]]:
    if isinstance(value, Amount):
        yield from _amount(value)
    elif isinstance(value, Instant):
        yield from _instant(value)


def _amount(amount: Amount) -> Iterator[Changed[Amount]]:
    if amount.unit is Unit.AT_ONCE:
        yield "at once -> an hour", Amount(Decimal(1), Unit.HOURS)
        return
    for step in (1, -1):
        if amount.number + step > 0:
            changed = Amount(amount.number + step, amount.unit)
            yield f"{amount} -> {changed}", changed
    other = _OTHER_CLOCK.get(amount.unit)
    if other is not None:
        number = amount.number if other is not Unit.DAYS else max(amount.number // 1, Decimal(1))
        yield f"{amount.unit} -> {other}", Amount(number, other)


def _instant(instant: Instant) -> Iterator[Changed[Instant]]:
    if instant.amount is not None:
        for change, amount in _amount(instant.amount):
            yield change, replace(instant, amount=amount)
        yield f"{instant.side} -> none", replace(instant, amount=None, side="")
    if instant.end_of_day or instant.at is not None:
        yield "time of day dropped", replace(instant, end_of_day=False, at=None)


def _step(step: Step) -> Iterator[Changed[Step]]:
    for change, do in _effects(step.do):
        yield f"step {_step_at(step)}: {change}", replace(step, do=do)
    if isinstance(step.at, Instant):
        for change, at in _instant(step.at):
            yield f"step {_step_at(step)}: {change}", replace(step, at=at)


def _step_at(step: Step) -> str:
    if isinstance(step.at, Decimal):
        return f"{step.at:%}"
    return f"{step.at.amount} {step.at.side} due" if step.at.amount else "due"


# --- people and effects ---------------------------------------------------------------------------


def _by(
    by: tuple[Branch[tuple[Who, ...]], ...],
) -> Iterator[Changed[tuple[Branch[tuple[Who, ...]], ...]]]:
    """Each who swapped for a post that nobody holds, and anyone let in."""

    def of_whos(whos: tuple[Who, ...]) -> Iterator[Changed[tuple[Who, ...]]]:
        for index, who in enumerate(whos):
            yield f"by {_who(who)} -> another", (*whos[:index], NOBODY, *whos[index + 1 :])
        if all(who.word != "anyone" for who in whos):
            yield "by -> anyone", (Who("anyone"),)

    yield from _branches(by, of_whos)


def _effects(effects: tuple[Effect, ...]) -> Iterator[Changed[tuple[Effect, ...]]]:
    for index, effect in enumerate(effects):
        yield f"effect {effect.word} dropped", (*effects[:index], *effects[index + 1 :])
        if effect.for_ is not None and effect.word != "open":
            other = replace(effect, for_=NOBODY)
            yield (
                f"{effect.word} {_who(effect.for_)} -> another",
                (*effects[:index], other, *effects[index + 1 :]),
            )


def _who(who: Who) -> str:
    inner = f" {_who(who.of)}" if who.of else ""
    return f"{who.word}{inner} {who.name}".strip() if who.word not in ("post", "field") else who.name


# --- conditions -----------------------------------------------------------------------------------


def _needs(needs: tuple[Need, ...]) -> Iterator[Changed[tuple[Need, ...]]]:
    for index in range(len(needs)):
        yield f"need {index + 1} dropped", (*needs[:index], *needs[index + 1 :])

    def of_need(need: Need) -> Iterator[Changed[Need]]:
        for change, that in _matcher(need.that):
            yield f"need: {change}", replace(need, that=that)
        for change, changed in _when(need):
            if isinstance(changed, Need):
                yield f"need {change}", changed
        yield f"need soft -> {not need.soft}", replace(need, soft=not need.soft)

    yield from _each(needs, of_need)


def _matcher(matcher: Matcher) -> Iterator[Changed[Matcher]]:
    """An alternative dropped, a test dropped, a value dropped, a bound moved by one."""
    if len(matcher.any_of) > 1:
        for index in range(len(matcher.any_of)):
            left = (*matcher.any_of[:index], *matcher.any_of[index + 1 :])
            yield f"alternative {index + 1} dropped", replace(matcher, any_of=left)

    def of_tests(tests: tuple[Test, ...]) -> Iterator[Changed[tuple[Test, ...]]]:
        if len(tests) > 1:
            yield from _without(tests, "test")
        yield from _each(tests, _test)

    for change, any_of in _each(matcher.any_of, of_tests):
        yield change, replace(matcher, any_of=any_of)


def _test(test: Test) -> Iterator[Changed[Test]]:
    match test.operand:
        case tuple() as values if len(values) > 1:
            for change, left in _without(values, f"{test.path}:"):
                yield change, replace(test, operand=left)
        case Decimal() as bound:
            for step in (1, -1):
                yield (
                    f"{test.path} {test.operator} {bound} -> {bound + step}",
                    replace(test, operand=bound + step),
                )
        case Test() as inner:
            for change, changed in _test(inner):
                yield f"not {change}", replace(test, operand=changed)
        case Count() as count:
            for change, changed_count in _count(count):
                yield change, replace(test, operand=changed_count)


def _count(count: Count) -> Iterator[Changed[Count]]:
    for step in (1, -1):
        if (least := _moved(count.at_least, step)) is not None:
            yield f"at least {count.at_least} -> {least}", replace(count, at_least=least)
        if (most := _moved(count.at_most, step)) is not None:
            yield f"at most {count.at_most} -> {most}", replace(count, at_most=most)
    for change, where in _matcher(count.where) if count.where else ():
        yield f"where: {change}", replace(count, where=where)
    if count.among is not None:
        yield "among dropped", replace(count, among=None)
        for change, among in _matcher(count.among):
            yield f"among: {change}", replace(count, among=among)


def _moved(bound: Bound | None, step: int) -> Bound | None:
    """The bound one more or less, a share by one in a hundred; None where there is none to move."""
    if isinstance(bound, Share):
        return Share(bound.of_one + Decimal(step) / 100)
    return bound + step if isinstance(bound, Decimal) else None
