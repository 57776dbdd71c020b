"""Does a condition hold on these facts? The one evaluator, for the live desk, explanations and examples.

Facts are typed (see the end of `model.py`): the operand of a test says what a fact is compared as, nothing is
guessed from the look of a value. A fact that is missing fulfils `none` and whatever `not` makes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple, cast

from kefu.core import worktime
from kefu.core.rulebook.expressions import Bound, Count, Matcher, Share, Special, Test, Who
from kefu.core.rulebook.model import Facts, Ref
from kefu.core.worktime import Calendar

Records = Callable[[Count, Facts], int]
People = Callable[[Who, Facts], Collection[str]]


class Verdict(NamedTuple):
    """ok, or `why`: the first test that failed, in the alternative that came furthest."""

    ok: bool
    why: Test | None


def holds(
    matcher: Matcher,
    facts: Facts,
    *,
    calendar: Calendar,
    records: Records,
    people: People | None = None,
    outer: Facts | None = None,
) -> Verdict:
    """Judge `matcher` on `facts`.

    calendar: the department's, for `inside`.
    records: how many records a count finds, asked with the facts of the asking work.
    people: resolves who-expressions to person ids (`who.resolve`); without it only fields are compared.
    outer: inside `where` the facts of the asking work, to which `same_as` refers.
    """
    asking = _Asking(facts, calendar, records, people, facts if outer is None else outer)
    furthest: Test | None = None
    reached = -1
    for tests in matcher.any_of:
        failed = next((index for index, test in enumerate(tests) if not asking.passes(test)), None)
        if failed is None:
            return Verdict(True, None)
        if failed > reached:
            furthest, reached = tests[failed], failed
    return Verdict(False, furthest)


def lookup(facts: Facts, path: str) -> object:
    """Return the fact at `path`, None if it is missing; a second step is an end of a span."""
    first, _, second = path.partition(".")
    fact = facts.get(first)
    if not second:
        return fact
    if isinstance(fact, tuple) and len(fact) == 2 and second in ("starts", "ends"):
        return fact[second == "ends"]
    return None


class _Asking(NamedTuple):
    """One set of facts being judged."""

    facts: Facts
    calendar: Calendar
    records: Records
    people: People | None
    outer: Facts

    def passes(self, test: Test) -> bool:
        match test.operator:
            case "count":
                return self._counts(cast("Count", test.operand))
            case "not":
                return not self.passes(cast("Test", test.operand))
        fact = lookup(self.facts, test.path)
        if is_empty(fact):
            return test.operator == "none"
        match test.operator:
            case "any":
                return True
            case "none":
                return False
            case "is":
                values = cast("tuple[str | Who, ...]", test.operand)
                return any(self._is(one, value) for one in several(fact) for value in values)
            case "same_as":
                return fact == lookup(self.outer, cast("str", test.operand))
            case "at_least" | "at_most":
                return _beyond(fact, test)
            case "inside":
                return isinstance(fact, datetime) and worktime.inside(self.calendar, str(test.operand), fact)
        raise ValueError(f"no such operator: {test.operator}")

    def _counts(self, count: Count) -> bool:
        """Whether the count keeps its bounds; a share of nothing keeps every one."""
        found = self.records(part(count), self.facts)
        if not any(isinstance(bound, Share) for bound in (count.at_least, count.at_most)):
            return within(count, Decimal(found))
        total = self.records(whole(count), self.facts)
        return within(count, Decimal(found), Decimal(total)) if total else True

    def _is(self, fact: object, value: str | Who) -> bool:
        if isinstance(value, str):
            return equals(fact, value)
        if value.word == "field":
            return fact in several(lookup(self.outer, value.name))
        if self.people is None:
            raise ValueError(f"'{value.word} {value.name}' asks for people where only facts are known")
        return isinstance(fact, Ref) and fact.kind == "person" and fact.id in self.people(value, self.outer)


def within(count: Count, found: Decimal, total: Decimal = Decimal(0)) -> bool:
    """Whether `found` records, of `total` where a bound is a share, keep the bounds.

    A bound of `to_be_set` holds, a `target` only reminds.
    """
    low, high = (_limit(bound, total) for bound in (count.at_least, count.at_most))
    return (low is None or found >= low) and (high is None or found <= high)


def _limit(bound: Bound | None, total: Decimal) -> Decimal | None:
    if isinstance(bound, Share):
        return bound.of_one * total
    return bound if isinstance(bound, Decimal) else None


def part(count: Count) -> Count:
    """What is counted: the records of `among` that match `where`."""
    return replace(count, where=both(count.among, count.where), among=None)


def whole(count: Count) -> Count:
    """What a share is a share of."""
    return replace(count, where=count.among, among=None)


def both(first: Matcher | None, second: Matcher | None) -> Matcher | None:
    """The matcher that asks what both ask."""
    if first is None or second is None:
        return first or second
    alternatives = (one + other for one in first.any_of for other in second.any_of)
    return Matcher(tuple(alternatives), second.mark)


def is_empty(fact: object) -> bool:
    return fact is None or (isinstance(fact, str) and not fact.strip()) or fact in ((), [], {})


def several(fact: object) -> Collection[object]:
    """The values of a field that may hold many."""
    return fact if isinstance(fact, list | frozenset | set) else (fact,)


def equals(fact: object, value: str) -> bool:
    """Whether a typed fact is the value written as `value`."""
    if isinstance(fact, str):
        return fact == value
    if isinstance(fact, bool):
        return value == ("true" if fact else "false")
    if isinstance(fact, Decimal | int):
        return number(value) == fact
    if isinstance(fact, Ref):
        return fact.id == value
    if isinstance(fact, datetime | date):
        return fact.isoformat() == value
    return str(fact) == value


def number(value: object) -> Decimal | None:
    """`value` as a number, None where it is none."""
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _beyond(fact: object, test: Test) -> bool:
    if test.operand is Special.TO_BE_SET:
        return True
    size = Decimal(len(fact)) if isinstance(fact, list | frozenset | set) else number(fact)
    limit = cast("Decimal", test.operand)
    return size is not None and (size >= limit if test.operator == "at_least" else size <= limit)
