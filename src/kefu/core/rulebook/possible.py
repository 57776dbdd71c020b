"""Can these conditions hold together? A finite search for a record that fulfils them.

Choices are sets of words, numbers are ranges, presence is yes or no; what no set can express (`same_as`,
`inside`, counts of one thing) is true or false as a whole. A search that grows too long answers "yes": a
contradiction is only claimed where it is proved.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, cast

from kefu.core.rulebook.expressions import Count, Matcher, Test, Who

Literal = tuple[Test, bool]  # a test and whether it must hold
Formula = tuple[tuple[Literal, ...], ...]  # one of the alternatives, with all of its literals
Options = Callable[[str], tuple[str, ...]]  # the finite options of a field, () where there are none
Witness = dict[str, str]

_MOST_ALTERNATIVES: Final = 256
_MOST_STEPS: Final = 5_000


def true(matcher: Matcher | None) -> Formula:
    """The matcher holds; no matcher always does."""
    if matcher is None:
        return ((),)
    return tuple(tuple((test, True) for test in tests) for tests in matcher.any_of)


def false(matcher: Matcher | None) -> Formula:
    """The matcher does not hold: of each alternative one test fails."""
    if matcher is None:
        return ()
    picks = itertools.islice(itertools.product(*matcher.any_of), _MOST_ALTERNATIVES)
    return tuple(tuple((test, False) for test in tests) for tests in picks)


def filled(path: str) -> Formula:
    return (((Test(path, "any"), True),),)


def either(first: Formula, second: Formula) -> Formula:
    return first + second


def witness(formulas: Sequence[Formula], options: Options) -> Witness | None:
    """Return a record that fulfils all formulas, None if it is proved that there is none."""
    steps = itertools.count()
    return _search(sorted(formulas, key=len), (), options, steps)


def _search(
    formulas: Sequence[Formula], chosen: tuple[Literal, ...], options: Options, steps: Iterator[int]
) -> Witness | None:
    found = _record(chosen, options)
    if found is None or not formulas or next(steps) > _MOST_STEPS:
        return found
    for alternative in formulas[0]:
        deeper = _search(formulas[1:], chosen + alternative, options, steps)
        if deeper is not None:
            return deeper
    return None


@dataclass(slots=True)
class _Value:
    """What the chosen literals leave of one field."""

    needed: bool = False
    barred: bool = False
    allowed: set[str] | None = None
    excluded: set[str] = field(default_factory=set)
    low: Decimal | None = None
    high: Decimal | None = None
    above: bool = False  # low itself is out
    below: bool = False  # high itself is out
    atoms: dict[str, bool] = field(default_factory=dict)

    def at_least(self, bound: Decimal, *, strictly: bool) -> None:
        if self.low is None or (bound, strictly) > (self.low, self.above):
            self.low, self.above = bound, strictly

    def at_most(self, bound: Decimal, *, strictly: bool) -> None:
        if self.high is None or (-bound, strictly) > (-self.high, self.below):
            self.high, self.below = bound, strictly

    def atom(self, name: str, *, holds: bool) -> bool:
        return self.atoms.setdefault(name, holds) is holds

    def example(self, options: tuple[str, ...]) -> str | None:
        """A value that fits, "none" for no value, None where nothing fits."""
        if not self.needed:
            return "none"
        if self.barred:
            return None
        words = self.allowed if self.allowed is not None else (set(options) or None)
        if words is not None:
            fitting = [word for word in (options or sorted(words)) if word in words - self.excluded]
            return next((word for word in fitting if self._in_range(word)), None)
        return self._number() if self.low is not None or self.high is not None else "any"

    def _in_range(self, word: str) -> bool:
        if self.low is None and self.high is None:
            return True
        try:
            number = Decimal(word)
        except ArithmeticError:
            return False
        over = self.low is None or number > self.low or (number == self.low and not self.above)
        return over and (self.high is None or number < self.high or (number == self.high and not self.below))

    def _number(self) -> str | None:
        if self.low is None:
            return f"less than {self.high}" if self.below else str(self.high)
        if self.high is None:
            return f"more than {self.low}" if self.above else str(self.low)
        if self.low < self.high:
            return f"between {self.low} and {self.high}"
        fits = self.low == self.high and not self.above and not self.below
        return str(self.low) if fits else None


def _record(literals: Sequence[Literal], options: Options) -> Witness | None:
    values: dict[str, _Value] = {}
    for test, holds in literals:
        if not _apply(values, test, holds):
            return None
    record: Witness = {}
    for path, value in values.items():
        example = value.example(options(path))
        if example is None:
            return None
        record[path] = example
    return record


def _apply(values: dict[str, _Value], test: Test, holds: bool) -> bool:
    """Narrow the values by one literal; False where it contradicts what is known."""
    if test.operator == "not":
        return _apply(values, cast("Test", test.operand), not holds)
    if test.operator == "count":
        return _apply_count(values, cast("Count", test.operand), holds)
    value = values.setdefault(test.path, _Value())
    match test.operator:
        case "any" | "none":
            present = holds is (test.operator == "any")
            value.needed |= present
            value.barred |= not present
            return True
        case "is":
            return _apply_is(value, cast("tuple[str | Who, ...]", test.operand), holds)
        case "at_least" | "at_most":
            value.needed |= holds
            if isinstance(test.operand, Decimal):
                upward = (test.operator == "at_least") is holds
                (value.at_least if upward else value.at_most)(test.operand, strictly=not holds)
            return True
    value.needed |= holds
    return value.atom(f"{test.operator} {test.operand}", holds=holds)


def _apply_is(value: _Value, operand: tuple[str | Who, ...], holds: bool) -> bool:
    words = {word for word in operand if isinstance(word, str)}
    value.needed |= holds
    if len(words) < len(operand):  # two who-expressions may mean one person
        return value.atom(f"is {operand}", holds=holds)
    if not holds:
        value.excluded |= words
    else:
        value.allowed = words if value.allowed is None else value.allowed & words
    return True


def _apply_count(values: dict[str, _Value], count: Count, holds: bool) -> bool:
    """Counts of the same records share one number; a failed count of two bounds is left open."""
    asked = (count.where, count.same, count.during, count.among)
    value = values.setdefault(f"count {count.of} {hash(asked)}", _Value())
    value.needed = True
    value.at_least(Decimal(0), strictly=False)
    low, high = count.at_least, count.at_most
    if isinstance(low, Decimal) and (holds or high is None):
        (value.at_least if holds else value.at_most)(low, strictly=not holds)
    if isinstance(high, Decimal) and (holds or low is None):
        (value.at_most if holds else value.at_least)(high, strictly=not holds)
    return True
