"""Which mutants of a rulebook no example notices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kefu.core.proof.examples import run_example
from kefu.core.proof.mutate import Mutant, mutants
from kefu.core.proof.places import Place, put, rules
from kefu.core.rulebook.model import Example, Rule, Rulebook


class Tried(NamedTuple):
    """One mutant of `rule`, and whether an example turned red."""

    mutant: Mutant
    rule: Rule
    died: bool

    def __str__(self) -> str:
        """Where and what, as it is listed."""
        return f"{self.rule.mark}: {self.mutant.change}"


def try_mutants(rulebook: Rulebook) -> Iterator[Tried]:
    """Break every rule that cites a clause in every way and run the examples near it.

    Near: its own, those of the rules inside it, and those of the rule it stands in.
    """
    known = dict(rules(rulebook))
    for place, rule in known.items():
        if not cited(rule):
            continue
        near = [place, *(inner for inner in known if inner != place and inner.outer == place)]
        near += [place.outer] if place.part else []
        examples = [(at, example) for at in near for example in known[at].examples]
        for mutant in mutants(rulebook, place, rule):
            yield Tried(mutant, rule, _dies(put(rulebook, place, mutant.rule), examples))


def cited(rule: Rule) -> frozenset[str]:
    """The clauses a rule or one of its needs cites."""
    needs = getattr(rule, "needs", ())
    return frozenset((*rule.clauses, *(clause for need in needs for clause in need.clauses)))


def _dies(broken: Rulebook, examples: list[tuple[Place, Example]]) -> bool:
    return any(not run_example(broken, place, example).ok for place, example in examples)
