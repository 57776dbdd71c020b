"""Which requirements of a catalogue the packs carry, and what proves it.

A requirement is answered by clauses, a clause by the rules that cite it and by the code and tests it
names. With
`prove` nothing is taken on trust: every cited rule is broken in every way and an example must notice; every
cited function is switched off and a test the clause names must notice.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from kefu.core.proof.examples import run_example
from kefu.core.proof.places import Place, rules
from kefu.core.proof.survivors import cited, try_mutants
from kefu.core.proof.switched import VARIABLE
from kefu.core.rulebook.model import Clause, Rule, Rulebook

Status = Literal["carried", "partly", "not_yet"]


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement. by: the rules (`pack cases.complaint.clocks.reply`), functions and tests that carry
    it.
    """

    id: str
    status: Status
    by: tuple[str, ...]
    missing: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        found: dict[str, object] = {"id": self.id, "status": self.status, "by": list(self.by)}
        return found | ({"missing": list(self.missing)} if self.missing else {})


@dataclass(frozen=True, slots=True)
class Coverage:
    """proved: every claim was tried. mutants: how many were tried; survivors: those no example noticed."""

    rows: tuple[Row, ...]
    proved: bool
    mutants: int
    survivors: tuple[str, ...]
    unknown: tuple[str, ...]  # ids that clauses cite and the catalogue does not have

    def as_json(self) -> dict[str, object]:
        return {
            "proved": self.proved,
            "mutants": self.mutants,
            "survivors": list(self.survivors),
            "unknown": list(self.unknown),
            "requirements": [row.as_json() for row in self.rows],
        }


@dataclass
class _Claim:
    """Everything that stands for one requirement. sound: what was tried and held; missing: what did not."""

    by: dict[str, None] = field(default_factory=dict)
    sound: set[str] = field(default_factory=set)
    missing: dict[str, None] = field(default_factory=dict)

    def weigh(self, name: str, holds: bool | None) -> None:
        """holds: None where there is nothing in it that could be tried."""
        self.by[name] = None
        if holds:
            self.sound.add(name)
        elif holds is False:
            self.missing[name] = None

    def row(self, name: str) -> Row:
        if not self.by:
            return Row(name, "not_yet", ())
        carried = not self.missing and bool(self.sound)
        return Row(name, "carried" if carried else "partly", tuple(self.by), tuple(self.missing))


def coverage(
    packs: Sequence[Rulebook], requirements: Path, *, prove: bool = False, root: Path | None = None
) -> Coverage:
    """Answer for every id of the column `id` of the CSV file `requirements`.

    carried: all that cites it holds; partly: some of it does not, or nothing of it could be tried;
    not_yet: nothing
    cites it. Without `prove` a rule holds if its examples are green, a function and a test if they are named.
    root: the checkout in which the tests stand (prove only; default: the working directory).
    """
    claims = {name: _Claim() for name in catalogue(requirements)}
    unknown: dict[str, None] = {}
    trial = _Trial(prove, root or Path.cwd())
    for pack in packs:
        trial.take(pack)
        citing = _rules_by_clause(pack)
        for clause in pack.clauses.values():
            unknown |= dict.fromkeys(name for name in clause.requirements if name not in claims)
            for claim in (claims[name] for name in clause.requirements if name in claims):
                for place, rule in citing.get(clause.id, ()):
                    claim.weigh(f"{home(pack, rule)} {place}", trial.fates.get(_key(pack, place, rule)))
                for path, holds in trial.code(clause).items():
                    claim.weigh(path, holds)
    return Coverage(
        rows=tuple(claim.row(name) for name, claim in claims.items()),
        proved=prove,
        mutants=trial.mutants,
        survivors=tuple(trial.survivors),
        unknown=tuple(unknown),
    )


def catalogue(requirements: Path) -> tuple[str, ...]:
    """The ids of a requirement catalogue, in its order."""
    with requirements.open(encoding="utf-8-sig", newline="") as file:
        return tuple(row["id"] for row in csv.DictReader(file))


def home(pack: Rulebook, rule: Rule) -> str:
    """The pack whose file states the rule: its own, or the parent it inherits it from."""
    return rule.mark.file.partition("/")[0] if "/" in rule.mark.file else pack.name


def _key(pack: Rulebook, place: Place, rule: Rule) -> tuple[str, Place]:
    return home(pack, rule), place


def _rules_by_clause(pack: Rulebook) -> dict[str, list[tuple[Place, Rule]]]:
    found: dict[str, list[tuple[Place, Rule]]] = {}
    for place, rule in rules(pack):
        for clause in cited(rule):
            found.setdefault(clause, []).append((place, rule))
    return found


class _Trial:
    """Tries what the packs claim. A rule that several packs inherit is tried once, in the first that has
    it.
    """

    def __init__(self, prove: bool, root: Path) -> None:
        self.prove = prove
        self.root = root
        self.fates: dict[tuple[str, Place], bool] = {}  # left out: there is nothing to try
        self.mutants = 0
        self.survivors: list[str] = []
        self._runs: dict[tuple[str, tuple[str, ...]], int] = {}

    def take(self, pack: Rulebook) -> None:
        """Run the examples of a pack's rules and, to prove them, their mutants."""
        fresh: dict[tuple[str, Place], bool] = {}
        for place, rule in rules(pack):
            key = _key(pack, place, rule)
            if rule.examples and key not in self.fates:
                fresh[key] = all(run_example(pack, place, example).ok for example in rule.examples)
        proved: dict[tuple[str, Place], bool] = {}
        for one in try_mutants(pack) if self.prove else ():
            key = _key(pack, one.mutant.place, one.rule)
            if key in self.fates:
                continue
            self.mutants += 1
            self.survivors += [] if one.died else [str(one)]
            proved[key] = proved.get(key, fresh.get(key, True)) and one.died
        self.fates |= proved if self.prove else fresh

    def code(self, clause: Clause) -> dict[str, bool | None]:
        """By function and test that a clause names: whether it holds; None: named but not tried."""
        if not self.prove:
            return {**dict.fromkeys(clause.code, bool(clause.tests)), **dict.fromkeys(clause.tests)}
        green = bool(clause.tests) and self._exit_code("", clause.tests) == 0
        found: dict[str, bool | None] = dict.fromkeys(clause.tests, None if green else False)
        for path in clause.code:
            found[path] = green and self._exit_code(path, clause.tests) == 1
        return found

    def _exit_code(self, switched_off: str, tests: tuple[str, ...]) -> int:
        """Run tests in a process of their own: 0 all passed, 1 some failed, more: they could not be run."""
        key = (switched_off, tests)
        if key not in self._runs:
            command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
            command += ["-p", "kefu.core.proof.switched", *tests]
            environment = os.environ | {VARIABLE: switched_off}
            done = subprocess.run(  # noqa: S603  # pytest on test ids that the packs' own clauses name
                command, cwd=self.root, env=environment, capture_output=True, check=False, timeout=600
            )
            self._runs[key] = done.returncode
        return self._runs[key]
