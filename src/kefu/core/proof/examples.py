"""Runs the worked examples of a rulebook in memory: only the rule they stand in, its calendar, people of
straw.

What each key of an example means is written in docs/rulebook/examples.md. The answers come from the code
that serves
the desk: `replay` for clocks, `check_move` for moves, `proposed_level` for grades, `resolve` for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kefu.core.errors import Refused
from kefu.core.proof.observe import Observed, observe
from kefu.core.proof.places import Place, find, rules
from kefu.core.proof.rounds import written
from kefu.core.rulebook.expressions import Mark, Special
from kefu.core.rulebook.model import Example, Rulebook
from kefu.core.rulebook.scalars import local

__all__ = ["Place", "Result", "run_example", "run_examples"]


class Result(NamedTuple):
    """One example run: what it expected and got, by key of `expect`. ok: every expected key is equal."""

    place: Place
    mark: Mark
    name: str
    ok: bool
    expected: Mapping[str, object]
    got: Mapping[str, object]

    def __str__(self) -> str:
        state = "ok" if self.ok else f"expected {dict(self.expected)}, got {dict(self.got)}"
        return f"{self.mark}: {self.name}: {state}"


def run_examples(rulebook: Rulebook) -> list[Result]:
    """Every example of the rulebook, in the order of its chapters."""
    return [
        run_example(rulebook, place, example) for place, rule in rules(rulebook) for example in rule.examples
    ]


def run_example(rulebook: Rulebook, place: Place, example: Example) -> Result:
    """Run one example of the rule at `place`. What cannot be answered (`Refused`) is got as `refused:
    code`.
    """
    rule = find(rulebook, place)
    expected = {key: _written(key, value) for key, value in example.expect.items()}
    if rule is None:
        got: dict[str, object] = {"refused": "no such rule"}
    else:
        try:
            seen = observe(rulebook, place, rule, example)
            got = {key: _observed(key, seen) for key in expected}
        except Refused as refusal:
            got = {"refused": f"{refusal.code}: {refusal}"}
    return Result(place, example.mark, example.name, got == expected, expected, got)


def _written(key: str, value: object) -> object:
    """An expected value as it is compared: lists in any order, `none` as nothing, times to the minute."""
    if key in ("opens", "assigned"):
        names = value if isinstance(value, list) else [] if value == Special.NONE else [value]
        return sorted(str(name) for name in names)
    if key in ("chain", "days"):
        return written(key, value)
    if key == "due" and value != Special.NONE:
        return local(str(value)).isoformat()
    if key == "value":
        return value if isinstance(value, Mapping) else {} if value == Special.NONE else value
    return str(value)


def _observed(key: str, seen: Observed) -> object:
    if key in ("opens", "assigned"):
        return sorted(getattr(seen, key))
    if key == "due":
        return seen.due.isoformat() if seen.due else str(Special.NONE)
    if key == "value":
        return dict(seen.value)
    if key in ("chain", "days") and getattr(seen, key) is not None:
        return written(key, getattr(seen, key))
    if key in ("state", "result", "level"):
        return getattr(seen, key) or str(Special.NONE)
    raise Refused(
        "example.key",
        zh=f"例子不能对这条规则预期“{key}”。",
        en=f"an example cannot expect “{key}” of this rule",
        key=key,
    )
