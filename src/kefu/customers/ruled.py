"""What the rulebook says of the archive: which facts of a customer its rules set, after whose agreement, and what their
codes are called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from kefu.core.errors import Refused
from kefu.core.rulebook.expressions import Effect, Who
from kefu.core.rulebook.model import Kind, Rulebook, Text
from kefu.customers.models import Customer
from kefu.staff.models import Department
from kefu.staff.rights import rulebook_of


@dataclass(slots=True)
class Ruled:
    """One fact of the archive. approvals: kinds without whose consent it does not change. titles: code -> words."""

    approvals: list[Kind] = field(default_factory=list)
    titles: dict[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Allocation:
    """The form that gives a customer to a specialist: its move, the fields that name both, whose work that is."""

    kind: Kind
    move: str
    customer: str
    specialist: str
    by: tuple[Who, ...]


def in_force(department: Department, at: datetime) -> Rulebook | None:
    try:
        return rulebook_of(department, at)
    except Refused:  # none is published
        return None


def ruled(rulebook: Rulebook | None) -> Mapping[str, Ruled]:
    """By fact of the archive (`grade`, `cancelled`): those that some rule sets."""
    return _ruled(rulebook.version, _Of(rulebook)) if rulebook else {}


def said(customer: Customer, rulebook: Rulebook | None) -> dict[str, Text | str]:
    """Grade and credit as the rulebook calls them, or as they were typed."""
    found = ruled(rulebook)
    return {
        name: found[name].titles.get(value, value) if name in found else value
        for name, value in (("grade", customer.grade), ("credit", customer.credit))
    }


def allocation(rulebook: Rulebook | None) -> Allocation | None:
    """The form of the rulebook by which customers are given to specialists, None if it has none."""
    return _allocation(rulebook.version, _Of(rulebook)) if rulebook else None


@dataclass(frozen=True, eq=False, slots=True)
class _Of:
    """A rulebook that does not count as a key: its version does."""

    rulebook: Rulebook

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Of)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=32)
def _ruled(version: str, of: _Of) -> Mapping[str, Ruled]:
    found: dict[str, Ruled] = {}
    for kind, fact, word in _sets(of.rulebook):
        one = found.setdefault(fact, Ruled())
        if kind.chapter == "approvals" and kind not in one.approvals:
            one.approvals.append(kind)
        one.titles |= _titles(kind, word)
    return found


def _titles(kind: Kind, word: str) -> Mapping[str, Text]:
    if kind.grades and word == kind.grades.name:
        return {level.name: level.title for level in kind.grades.levels.values()}
    asked = kind.form.fields.get(word)
    return asked.options if asked else {}


def _sets(rulebook: Rulebook) -> Iterator[tuple[Kind, str, str]]:
    """Each fact of a customer that a rule sets: the kind that names them, the fact, and the word it is set to."""
    for kind, effects in _effects(rulebook):
        for effect in effects:
            for path, word in effect.with_.items() if effect.word == "set" else ():
                first, _, second = path.partition(".")
                if second and first in kind.form.fields and kind.form.fields[first].of == "customer":
                    yield kind, second, word


def _effects(rulebook: Rulebook) -> Iterator[tuple[Kind, Iterable[Effect]]]:
    for reaction in rulebook.reactions.values():
        yield rulebook.kinds[reaction.after.partition(".")[0]], reaction.do
    for kind in rulebook.kinds.values():
        for move in kind.flow.moves.values():
            yield kind, move.then


@lru_cache(maxsize=32)
def _allocation(version: str, of: _Of) -> Allocation | None:
    """The first form with a move that sets the specialist. Whose work: who does what the move opens for them."""
    rulebook = of.rulebook
    for kind in rulebook.kinds.values():
        for move in kind.flow.moves.values() if kind.chapter == "forms" else ():
            for effect in move.then:
                for path, word in effect.with_.items() if effect.word == "set" else ():
                    first, _, second = path.partition(".")
                    if second == "specialist":
                        opened = [one.target for one in move.then if one.word == "open"]
                        by = [
                            who
                            for name in opened
                            for branch in rulebook.kinds[name].by
                            for who in branch.value
                        ]
                        return Allocation(kind, move.name, first, word, tuple(by))
    return None
