"""An example is green when every expected key is equal, and red when any is not."""

from __future__ import annotations

import pytest

from kefu.core.proof import Place, Result, run_examples
from kefu.core.proof.examples import run_example
from kefu.core.rulebook.model import Example

from .packs import pack


def result(place: str, example: str) -> Result:
    (found,) = run_examples(pack(**{place: f"{{name: it, {example}}}"}))
    return found


SENT = "events: {sent: 2026-09-24T16:00}"
TRY = "given: {by: clerk, remark: now, floor: 3}"
GREEN = [
    ("move", "records: [{of: call, n: 3}], expect: {result: ok}"),
    ("clock", f"{SENT}, expect: {{due: 2026-09-28T16:00, state: running}}"),
    ("clock", "given: {fault: burst}, events: {sent: 2026-09-24T22:00}, expect: {due: 2026-09-24T24:00}"),
    (
        "clock",
        "events: {sent: 2026-09-24T16:00, arrived: 2026-09-28T16:00}, expect: {state: met, assigned: none}",
    ),
    ("clock", "events: {sent: 2026-09-24T16:00, arrived: 2026-09-28T16:01}, expect: {state: missed}"),
    (
        "clock",
        "events: [{sent: 2026-09-21T09:00}, {asked: 2026-09-21T10:00}, {answered: 2026-09-21T11:00}], "
        "expect: {due: 2026-09-22T10:00}",
    ),
    (
        "clock",
        f"given: {{owner: fixer}}, {SENT}, at: 2026-09-28T16:00, "
        "expect: {assigned: foreman, opens: call, level: heavy, value: {weight: heavy}}",
    ),
    (
        "clock",
        f"{SENT}, at: 2026-09-28T15:59, expect: {{opens: none, assigned: none, level: none, value: none}}",
    ),
    ("clock", f"{SENT}, at: 2026-09-28T16:00, expect: {{assigned: leader of owner}}"),
    ("clock", "events: {opened: 2026-09-24T16:00}, expect: {due: none, state: none}"),
    ("move", f"{TRY}, expect: {{result: ok, state: out, assigned: fixer, opens: call}}"),
    (
        "move",
        "given: {by: fixer, remark: now, floor: 3}, expect: {result: refused, assigned: none, state: open}",
    ),
    ("move", "given: {by: deputy, away: clerk, remark: now, floor: 3}, expect: {result: ok}"),
    ("move", "given: {by: clerk, floor: 3}, expect: {result: refused}"),
    ("move", "given: {floor: 3}, expect: {result: ok}"),
    ("move", "given: {remark: none}, expect: {result: refused}"),
    ("move", "given: {floor: 31}, expect: {result: refused}"),
    ("move", "given: {remark: now}, expect: {result: ok}"),
    ("move", "given: {state: there}, expect: {result: refused}"),
    ("move", "records: [{of: repair, n: 3}], expect: {result: reason}"),
    ("move", "records: [{of: repair, n: 2}, {of: repair, n: 9, state: closed}], expect: {result: ok}"),
    (
        "flow",
        "events: {sent: 2026-09-24T16:00, arrived: 2026-09-24T17:00}, expect: {state: there, result: ok}",
    ),
    ("flow", "events: {arrived: 2026-09-24T17:00}, expect: {state: open, result: refused}"),
    ("flow", "given: {state: there}, events: {closed: 2026-09-24T17:00}, expect: {state: closed}"),
    ("case", "given: {by: clerk}, expect: {result: ok}"),
    ("case", "given: {by: fixer}, expect: {result: refused}"),
    ("duty", "events: {opened: 2026-09-24T16:00}, expect: {due: 2026-09-25T16:00}"),
    ("duty", "records: [{of: repair}], expect: {result: ok, assigned: clerk, opens: none}"),
    ("duty", "records: [{of: repair, state: closed}], expect: {result: ok}"),
    ("duty", "records: [{of: repair, state: out}], expect: {result: refused}"),
    ("duty", "expect: {result: refused}"),
    ("grade", "given: {fault: burst, floor: 10}, expect: {level: heavy}"),
    ("grade", "given: {fault: burst, floor: 9}, expect: {level: none}"),
    ("grade", "given: {fault: drip, weight: heavy}, expect: {level: heavy}"),
    ("reaction", "given: {fault: burst}, expect: {assigned: head, opens: call}"),
    ("reaction", "given: {fault: drip}, expect: {assigned: none, opens: none}"),
    ("post", "expect: {assigned: head}"),
    ("post", "given: {away: head}, expect: {assigned: deputy}"),
    ("form", "given: {fault: burst, floor: 3}, expect: {result: ok}"),
    ("form", "given: {floor: 3}, expect: {result: refused}"),
    ("form", "given: {fault: fire}, expect: {result: refused}"),
    ("form", "given: {fault: burst, colour: red}, expect: {result: refused}"),
]


@pytest.mark.parametrize(("place", "example"), GREEN)
def test_what_the_rule_does_is_green(place, example):
    found = result(place, example)

    assert found.ok, str(found)


RED = [
    ("clock", f"{SENT}, expect: {{due: 2026-09-28T16:01}}"),
    ("clock", f"{SENT}, expect: {{due: none}}"),
    ("clock", f"{SENT}, expect: {{state: met}}"),
    ("clock", f"{SENT}, expect: {{due: 2026-09-28T16:00, state: met}}"),
    ("clock", f"{SENT}, at: 2026-09-28T16:00, expect: {{opens: none}}"),
    ("move", f"{TRY}, expect: {{result: refused}}"),
    ("move", f"{TRY}, expect: {{assigned: [fixer, head]}}"),
    ("flow", "events: {sent: 2026-09-24T16:00}, expect: {state: there}"),
    ("case", "given: {by: clerk}, expect: {result: refused}"),
    ("duty", "events: {opened: 2026-09-24T16:00}, expect: {due: 2026-09-25T17:00}"),
    ("grade", "given: {fault: burst, floor: 10}, expect: {level: light}"),
    ("reaction", "given: {fault: burst}, expect: {opens: none}"),
    ("post", "expect: {assigned: deputy}"),
    ("form", "given: {floor: 3}, expect: {result: ok}"),
]


@pytest.mark.parametrize(("place", "example"), RED)
def test_what_the_rule_does_not_do_is_red(place, example):
    found = result(place, example)

    assert not found.ok, str(found)
    assert "expected" in str(found)
    assert found.mark.line > 0


def test_an_event_that_starts_a_duty_opens_it():
    example = Example(
        name="after the repair", events=(("repair.closed", "2026-09-24T16:00"),), expect={"opens": "call"}
    )

    assert run_example(pack(), Place("duties", "call"), example).ok


GRADE, CLOCK = Place("grades", "weight"), Place("cases", "repair", "clocks", "come")
LEVEL = Place("grades", "weight", "levels", "feather")


@pytest.mark.parametrize(
    ("place", "example", "code"),
    [
        (GRADE, Example(name="it", given={"fault": "fire"}, expect={"level": "none"}), "example.value"),
        (GRADE, Example(name="it", given={"floor": "many"}, expect={"level": "none"}), "example.value"),
        (GRADE, Example(name="it", given={"fault": "drip"}, expect={"chain": "none"}), "example.key"),
        (CLOCK, Example(name="it", expect={"due": "none"}), "example.no_time"),
        (LEVEL, Example(name="it", expect={"level": "none"}), "no such rule"),
    ],
)
def test_an_example_that_means_nothing_is_red_and_says_why(place, example, code):
    found = run_example(pack(), place, example)

    assert not found.ok
    assert code in str(found)
