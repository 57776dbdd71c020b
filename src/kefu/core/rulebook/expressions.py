"""What rules are written in: bounds, conditions, branches, people, instants, effects. Frozen and plain, as `model` is.

A `mark` is where the file says it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal
from enum import StrEnum
from typing import Generic, Literal, TypeVar

from kefu.core.worktime import Amount

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Mark:
    """Where in the files a thing stands: file, 1-based line, dotted key path."""

    file: str
    line: int
    key: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place} {self.key}" if self.key else place


NOWHERE = Mark("", 0, "")


class Special(StrEnum):
    """Words that stand for no value of their own."""

    ANY = "any"
    NONE = "none"
    TO_BE_SET = "to_be_set"


@dataclass(frozen=True, slots=True)
class Branch(Generic[Value]):
    """`when` / `is`: the first branch whose matcher holds wins; the last one has no `when`."""

    when: Matcher | None
    value: Value


# --- conditions -----------------------------------------------------------------------------------

Operator = Literal["is", "any", "none", "not", "at_least", "at_most", "same_as", "inside", "count"]


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole: `of_one` 0.8 is written `80%`."""

    of_one: Decimal

    def __str__(self) -> str:
        return f"{(self.of_one * 100).normalize():f}%"


Bound = Decimal | Share | Special


@dataclass(frozen=True, slots=True)
class Count:
    """How many records there are; a bound of `to_be_set` holds.

    Among what the asking work opened; with `during` (a period's word) among all of the kind in the department's
    subtree that was done in that period. A bound that is a Share is the part of `among` that matches `where`.
    """

    of: str
    where: Matcher | None = None
    same: tuple[str, ...] = ()
    at_least: Bound | None = None
    at_most: Bound | None = None
    target: Bound | None = None
    during: str = ""
    among: Matcher | None = None


@dataclass(frozen=True, slots=True)
class Test:
    """One condition on one field: `path` (at most two dotted steps), operator, operand.

    Operand by operator: is -> tuple[str | Who, ...] (one of them); any, none -> None; not -> Test;
    at_least, at_most -> Decimal | Special; same_as -> str (a path); inside -> str (named hours);
    count -> Count (path is "count").
    """

    path: str
    operator: Operator
    operand: object = None


@dataclass(frozen=True, slots=True)
class Matcher:
    """Any of the alternatives, each of which asks all of its tests."""

    any_of: tuple[tuple[Test, ...], ...]
    mark: Mark = field(default=NOWHERE, compare=False)


# --- people, instants, effects --------------------------------------------------------------------

WhoWord = Literal["post", "field", "leader of", "team of", "line of", "on duty", "anyone", "customer"]


@dataclass(frozen=True, slots=True)
class Who:
    """A who-expression, resolved at the instant of use.

    post, on duty: `name` is a post. field: `name` is a field that holds a person or a unit (owner, …).
    leader of, team of: `of` is a Who. line of: `of` is a Who and `name` the post at which the line ends.
    """

    word: WhoWord
    name: str = ""
    of: Who | None = None


@dataclass(frozen=True, slots=True)
class Instant:
    """`[amount before|after] [start of|end of] anchor [at HH:MM]`.

    anchor: a move, an instant field, `opened`, `done`, `due`, or a period. `at` 24:00 is `end_of_day`.
    """

    anchor: str
    edge: Literal["", "start of", "end of"] = ""
    amount: Amount | None = None
    side: Literal["", "before", "after"] = ""
    at: time | None = None
    end_of_day: bool = False


EffectWord = Literal["open", "set", "assign", "escalate", "notify", "move"]


@dataclass(frozen=True, slots=True)
class Effect:
    """open: `target` kind, `for_`, `with_`. set: `with_` {field: value}. move: `target`. Else: `for_`.

    way: of an assign, which one of those meant (`words.WAYS`); "" is the first who is on duty.
    """

    word: EffectWord
    target: str = ""
    for_: Who | None = None
    with_: Mapping[str, str] = field(default_factory=dict)
    way: str = ""
