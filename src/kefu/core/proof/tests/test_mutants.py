"""Every way to break a rule is tried, an example that shows the edge notices, and what survives is listed."""

from __future__ import annotations

import pytest

from kefu.core.proof.survivors import try_mutants

from .packs import pack

CLOCK_BY_NAME = {
    "working time": "events: {sent: 2026-09-24T16:00}, expect: {due: 2026-09-28T16:00}",
    "at night": "given: {fault: burst}, events: {sent: 2026-09-24T22:00}, expect: {due: 2026-09-24T24:00}",
    "paused": "events: [{sent: 2026-09-21T09:00}, {asked: 2026-09-21T10:00}, {answered: 2026-09-21T11:00}],"
    " expect: {due: 2026-09-22T10:00}",
    "in time": "events: {sent: 2026-09-21T09:00, arrived: 2026-09-21T10:00}, expect: {state: met}",
    "silence": "given: {owner: fixer}, events: {sent: 2026-09-24T16:00}, at: 2026-09-28T16:00,"
    " expect: {assigned: foreman, opens: call, level: heavy}",
}
CLOCK_EXAMPLES = ", ".join(f"{{name: {name}, {example}}}" for name, example in CLOCK_BY_NAME.items())
MOVE_EXAMPLES = """{name: all, given: {by: clerk, remark: now, floor: 30},
  expect: {result: ok, state: out, assigned: fixer, opens: call}},
  {name: nothing said, given: {by: clerk, floor: 30}, expect: {result: refused}},
  {name: too high, given: {by: clerk, remark: now, floor: 31}, expect: {result: refused}},
  {name: not a colleague without a post, given: {by: wu, remark: now, floor: 30}, expect: {result: refused}},
  {name: two are out, records: [{of: repair, n: 2, state: out}], expect: {result: ok}},
  {name: three are out, records: [{of: repair, n: 3, state: out}], expect: {result: reason}},
  {name: three are back, records: [{of: repair, n: 3, state: closed}], expect: {result: ok}}"""


def alive(place: str, **examples: str) -> set[str]:
    return {
        tried.mutant.change
        for tried in try_mutants(pack(**examples))
        if not tried.died and str(tried.mutant.place) == place
    }


def all_of(place: str) -> set[str]:
    return {tried.mutant.change for tried in try_mutants(pack()) if str(tried.mutant.place) == place}


COME = "cases.repair.clocks.come"
SEND = "flows.repair.moves.sent"
TOLD = "reactions.told"
HEAVY = "grades.weight.levels.heavy"


def test_a_clock_is_broken_in_its_time_its_stops_its_pauses_and_its_own_steps():
    assert all_of(COME) == {
        "starts sent -> opened",
        "2 hours -> 3 hours",
        "2 hours -> 1 hours",
        "hours -> working hours",
        "8 working hours -> 9 working hours",
        "8 working hours -> 7 working hours",
        "working hours -> hours",
        "branch 1 dropped",
        "branch 2 dropped",
        "stop arrived dropped",
        "pause waiting dropped",
        "step due: effect escalate dropped",
        "step due: escalate leader of owner -> another",
        "step due: effect set dropped",
        "step due: effect open dropped",
    }


def test_a_move_is_broken_in_who_what_it_asks_and_what_it_does():
    assert all_of(SEND) == {
        "from open dropped",
        "to out -> another",
        "by clerk -> another",
        "by -> anyone",
        "fill remark dropped",
        "need 1 dropped",
        "need: floor at_most 30 -> 31",
        "need: floor at_most 30 -> 29",
        "need soft -> True",
        "need 2 dropped",
        "need: at most 2 -> 3",
        "need: at most 2 -> 1",
        "need soft -> False",
        "effect assign dropped",
        "assign fixer -> another",
        "effect open dropped",
    }


def test_a_condition_loses_a_test_and_its_bounds_move():
    assert all_of(HEAVY) == {
        "when dropped",
        "when: test fault is dropped",
        "when: test floor at_least dropped",
        "when: floor at_least 10 -> 11",
        "when: floor at_least 10 -> 9",
    }


def test_the_other_rules_are_broken_too():
    assert all_of("posts.clerk") == {
        "reports_to dropped",
        "reports_to head -> deputy",
        "stand-in deputy dropped",
    }
    assert all_of("forms.repair") == {"fault no longer required"}
    assert all_of(TOLD) == {
        "when dropped",
        "effect notify dropped",
        "notify head -> another",
        "effect open dropped",
    }
    assert {"move sent dropped", "move closed dropped"} <= all_of("flows.repair")
    assert {"by clerk -> another", "need 1 dropped", "start repair.closed dropped"} <= all_of("duties.call")


def test_without_examples_everything_survives():
    assert alive(COME) == all_of(COME)


def test_examples_on_each_side_of_each_edge_leave_no_survivor():
    assert alive(COME, clock=CLOCK_EXAMPLES) == set()
    assert alive(SEND, move=MOVE_EXAMPLES) == set()


@pytest.mark.parametrize(
    ("left_out", "survives"),
    [
        ("at night", "2 hours -> 3 hours"),
        ("paused", "pause waiting dropped"),
        ("in time", "stop arrived dropped"),
        ("silence", "step due: effect set dropped"),
    ],
)
def test_an_edge_without_its_example_is_listed(left_out, survives):
    kept = {name: example for name, example in CLOCK_BY_NAME.items() if name != left_out}
    examples = ", ".join(f"{{name: {name}, {example}}}" for name, example in kept.items())

    assert survives in alive(COME, clock=examples)


def test_a_rule_that_cites_no_clause_is_not_broken():
    assert all_of("flows.repair.moves.arrived") == set()


def test_a_survivor_is_named_with_file_and_line():
    (one, *_) = (tried for tried in try_mutants(pack()) if not tried.died)

    assert str(one).startswith("desk/rules.yaml:")
