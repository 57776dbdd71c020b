"""A requirement counts as carried only if something notices when what carries it is gone."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kefu.core.proof.coverage import Coverage, coverage
from kefu.core.proof.switched import find
from kefu.core.rulebook.model import Rulebook

from .packs import pack
from .test_mutants import CLOCK_EXAMPLES


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    file = tmp_path / "requirements.csv"
    file.write_text("id,rule\nR-1,line\nR-2,time\nR-3,course\nR-4,nothing\n", encoding="utf-8")
    return file


def status(found: Coverage) -> dict[str, str]:
    return {row.id: row.status for row in found.rows}


def with_code(rules: Rulebook, *, code: tuple[str, ...], tests: tuple[str, ...] = ()) -> Rulebook:
    """The pack whose clause `line` names code and tests, and no rule cites it."""
    line = replace(rules.clauses["line"], code=code, tests=tests)
    posts = {name: replace(post, clauses=()) for name, post in rules.posts.items()}
    return replace(rules, posts=posts, clauses={**rules.clauses, "line": line})


def test_what_nothing_cites_is_not_yet_carried(catalogue):
    assert status(coverage([pack()], catalogue))["R-4"] == "not_yet"


def test_a_cited_rule_without_examples_carries_only_part(catalogue):
    found = coverage([pack()], catalogue)

    assert status(found) == {"R-1": "partly", "R-2": "partly", "R-3": "partly", "R-4": "not_yet"}
    assert not found.proved


def test_a_red_example_carries_nothing(catalogue):
    good, bad = "{name: up, expect: {assigned: head}}", "{name: up, expect: {assigned: deputy}}"

    assert status(coverage([pack(post=good)], catalogue))["R-1"] == "carried"
    found = coverage([pack(post=bad)], catalogue)
    assert status(found)["R-1"] == "partly"
    assert next(row for row in found.rows if row.id == "R-1").missing == ("desk posts.clerk",)


def test_to_be_proved_every_mutant_must_die(catalogue):
    weak = coverage([pack(post="{name: up, expect: {assigned: head}}")], catalogue, prove=True)

    assert status(weak)["R-1"] == "partly"
    assert weak.proved
    assert [line for line in weak.survivors if "stand-in deputy" in line]
    assert 0 < len(weak.survivors) <= weak.mutants


def test_the_answer_names_what_carries_it_and_is_json(catalogue):
    found = json.loads(json.dumps(coverage([pack(clock=CLOCK_EXAMPLES)], catalogue).as_json()))

    (time,) = (row for row in found["requirements"] if row["id"] == "R-2")
    assert time["by"] == ["desk cases.repair.clocks.come", "desk duties.call", "desk duties.call.clocks.due"]
    assert time["status"] == "carried"


def test_a_clause_that_answers_an_unknown_requirement_is_told(tmp_path):
    file = tmp_path / "requirements.csv"
    file.write_text("id\nR-1\nR-2\n", encoding="utf-8")

    assert coverage([pack()], file).unknown == ("R-3",)


def test_two_packs_with_one_rule_try_it_once(catalogue):
    once = coverage([pack()], catalogue, prove=True)
    twice = coverage([pack(), pack()], catalogue, prove=True)

    assert (twice.mutants, twice.survivors) == (once.mutants, once.survivors)


MODULE = "def double(n):\n    return 2 * n\n\n\ndef idle():\n    return None\n"
TESTS = """
from shop import double

KEPT = [double]  # a registry holds the function itself


def test_double():
    assert KEPT[0](2) == 4


def test_wrong():
    assert double(2) == 5
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own, with one function, one that nobody tests, and a test that fails."""
    import kefu

    (tmp_path / "shop.py").write_text(MODULE, encoding="utf-8")
    (tmp_path / "test_shop.py").write_text(TESTS, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    source = Path(kefu.__file__).parents[1]
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{source}")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    return tmp_path


@pytest.mark.parametrize(
    ("code", "test", "expected"),
    [
        ("shop:double", "test_shop.py::test_double", "carried"),
        ("shop:idle", "test_shop.py::test_double", "partly"),
        ("shop:double", "test_shop.py::test_wrong", "partly"),
        ("shop:missing", "test_shop.py::test_double", "partly"),
        ("shop:double", "test_shop.py::test_nowhere", "partly"),
    ],
)
def test_code_is_carried_only_if_its_test_is_green_and_turns_red_without_it(
    shop, catalogue, code, test, expected
):
    rules = with_code(pack(), code=(code,), tests=(test,))

    assert status(coverage([rules], catalogue, prove=True, root=shop))["R-1"] == expected


def test_code_without_a_test_is_not_carried(shop, catalogue):
    rules = with_code(pack(), code=("shop:double",))

    assert status(coverage([rules], catalogue))["R-1"] == "partly"
    assert status(coverage([rules], catalogue, prove=True, root=shop))["R-1"] == "partly"


@pytest.mark.parametrize(
    "path", ["nothing.here:f", "kefu.core.errors:nothing", "kefu.core.errors", "math:pi"]
)
def test_a_path_that_names_no_function_is_refused(path):
    with pytest.raises(LookupError):
        find(path)


def test_a_function_is_found_below_its_class_and_decorators():
    assert find("kefu.core.errors:Refused.text").__name__ == "text"
