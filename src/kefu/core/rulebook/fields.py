"""What a rule may ask of a kind of work: its form's fields, its grade, its moves, and what all work has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kefu.core.rulebook import words
from kefu.core.rulebook.expressions import Effect
from kefu.core.rulebook.match import is_empty
from kefu.core.rulebook.model import Facts, Field, Kind, Text


@dataclass(frozen=True, slots=True)
class Askable:
    """One field as rules see it: its type, what it is a record of, and its options where they are finite."""

    type: str
    of: str = ""
    options: tuple[str, ...] = ()
    title: Text | None = None

    @property
    def holds_people(self) -> bool:
        return self.type == "record" and self.of in words.BUILT_IN_RECORDS


def _built_in(fields: Mapping[str, tuple[str, str]]) -> dict[str, Askable]:
    return {name: Askable(type_, of) for name, (type_, of) in fields.items()}


_WORK = _built_in(words.WORK_FIELDS)
_PERIOD = _built_in(words.PERIOD_FIELDS)
_PLAN = _built_in(words.PLAN_FIELDS)
_TRIES = _built_in(words.TRIES_FIELDS)
_CHAIN = _built_in(words.CHAIN_FIELDS)


def askable(kind: Kind) -> Mapping[str, Askable]:
    """Return every first step of a path that rules may ask of `kind`."""
    flow = kind.flow
    found = dict(_WORK)
    found |= _PERIOD if kind.every else {}
    found |= _PLAN if kind.plan else {}
    found |= _TRIES if kind.attempts else {}
    found |= _CHAIN if kind.chapter == "approvals" else {}
    found |= {"each": Askable("record", kind.each.of)} if kind.each else {}
    found |= {name: Askable("instant", title=move.title) for name, move in flow.moves.items()}
    found |= {name: of_field(field) for name, field in kind.form.fields.items()}
    if kind.grades:
        grades = kind.grades
        found[grades.name] = Askable("choice", options=tuple(grades.levels), title=grades.title)
    found["state"] = Askable("choice", options=tuple(flow.states))
    return found


def values_with(effect: Effect, source: Kind, facts: Facts) -> dict[str, object]:
    """Return the values that `with` gives to new work: a word that is a field of `source` is copied from `facts`
    and left out where it is empty there, any other word stands for itself."""
    fields = askable(source)
    return {
        name: facts[word] if word in fields else word
        for name, word in effect.with_.items()
        if word not in fields or not is_empty(facts.get(word))
    }


def values_set(effect: Effect, source: Kind, facts: Facts) -> dict[str, dict[str, object]]:
    """Return what `set` writes into records that `source` names, by the field that names one: {customer: {grade: key}}.
    A word that is a field of `source` is copied, and left out where it is empty there."""
    fields, found = askable(source), dict[str, dict[str, object]]()
    for path, word in effect.with_.items():
        first, _, second = path.partition(".")
        if second and (word not in fields or not is_empty(facts.get(word))):
            found.setdefault(first, {})[second] = facts[word] if word in fields else word
    return found


def of_field(field: Field) -> Askable:
    return Askable(field.type, field.of, tuple(field.options), field.title)


def step(kind: Kind | None, path: str) -> Askable | None:
    """Return the field at `path` of `kind`, None if there is none; only a span has a second step."""
    first, _, second = path.partition(".")
    found = askable(kind).get(first) if kind is not None else None
    if found is None or not second:
        return found
    return Askable("instant") if found.type == "span" and second in words.SPAN_ENDS else None
