"""From text to typed values, with the defaults that the vocabulary promises."""

from __future__ import annotations

from datetime import time
from decimal import Decimal

import pytest

from kefu.core.rulebook import RulebookRefused, expressions
from kefu.core.rulebook.expressions import Branch, Count, Effect, Instant, Special, Who
from kefu.core.rulebook.model import Clock, Kind, Step
from kefu.core.rulebook.tests.packs import good, over_good
from kefu.core.worktime import AT_ONCE, parse_amount

OWNER = Who("field", "owner")


def clock(text: str) -> Clock:
    """The clock `second` of the enquiry, `text` added to a plain one."""
    given = {"starts": "opened", "stops": "answered", "due": "1 hours"}
    given |= dict(line.split(": ", 1) for line in text.splitlines() if line)
    body = "\n".join(f"        {key}: {value}" for key, value in given.items())
    head = "cases:\n  enquiry:\n    clocks:\n      second:\n        title: {zh: 甲, en: a}\n"
    return over_good(head + body).kinds["enquiry"].clocks["second"]


def duty(text: str) -> Kind:
    return over_good(
        "duties:\n  visit:\n    title: {zh: 上门, en: visit}\n    clause: answer\n" + text
    ).kinds["visit"]


def not_(path: str, inner: expressions.Test) -> expressions.Test:
    return expressions.Test(path, "not", inner)


def test_a_clock_reminds_its_owner_and_escalates_unless_it_says_otherwise():
    assert good().kinds["enquiry"].clocks["reply"].steps == (
        Step(Decimal("0.75"), (Effect("notify", for_=OWNER),)),
        Step(Instant("due"), (Effect("escalate", for_=Who("leader of", of=OWNER)),)),
    )
    assert clock("steps: [{at: 2 hours before due, do: [{notify: anyone}]}]").steps == (
        Step(
            Instant("due", amount=parse_amount("2 hours"), side="before"),
            (Effect("notify", for_=Who("anyone")),),
        ),
    )


def test_a_duty_is_done_by_its_owner_and_its_due_is_a_clock():
    visit = duty("    due: 2 working days\n    holiday: forward\n")

    assert list(visit.flow.states) == ["open", "done"]
    assert visit.flow.moves["done"].by == (Branch(None, (OWNER,)),)
    due = visit.clocks["due"]
    assert (due.starts, due.stops, due.holiday) == (Instant("opened"), ("done",), "forward")
    assert due.due == (Branch(None, parse_amount("2 working days")),)
    assert due.clauses == ("answer",)
    assert len(due.steps) == 2


def test_a_duty_with_a_flow_of_its_own_stops_at_the_moves_that_end_it():
    assert duty("    flow: enquiry\n    form: enquiry\n    due: 1 days\n").clocks["due"].stops == (
        "answered",
    )


def test_examples_of_a_duty_go_to_its_clock_unless_they_judge_its_needs():
    visit = duty(
        "    due: 1 days\n    examples:\n"
        "      - {name: a day, events: {opened: 2026-09-24T10:00}, expect: {due: 2026-09-25T10:00}}\n"
        "      - {name: nothing written, expect: {result: refused}}\n"
    )

    assert [example.name for example in visit.clocks["due"].examples] == ["a day"]
    assert [example.name for example in visit.examples] == ["nothing written"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8 working hours", parse_amount("8 working hours")),
        ("at_once", AT_ONCE),
        ("to_be_set", Special.TO_BE_SET),
        ("agreed_at", Instant("agreed_at")),
        ("end of month", Instant("month", edge="end of")),
        ("end of working day", Instant("working day", edge="end of")),
        ("15 days before agreed_at", Instant("agreed_at", amount=parse_amount("15 days"), side="before")),
        (
            "1 days after agreed_at at 24:00",
            Instant("agreed_at", amount=parse_amount("1 days"), side="after", end_of_day=True),
        ),
        ("agreed_at at 12:00", Instant("agreed_at", at=time(12))),
    ],
)
def test_durations_and_instants_are_told_apart_by_their_words(text, value):
    assert clock(f"due: {text}").due == (Branch(None, value),)


def test_branches_are_tried_in_order_and_the_last_has_no_condition():
    first, last = clock("due: [{when: {channel: phone}, is: 1 hours}, {is: 2 hours}]").due

    assert first.when is not None
    assert first.when.any_of == ((expressions.Test("channel", "is", ("phone",)),),)
    assert (last.when, last.value) == (None, parse_amount("2 hours"))


@pytest.mark.parametrize(
    ("text", "any_of"),
    [
        ("{channel: [phone, visit]}", ((expressions.Test("channel", "is", ("phone", "visit")),),)),
        ("{channel: any, remark: none}", ((expressions.Test("channel", "any"), expressions.Test("remark", "none")),)),
        ("[{channel: phone}, {times: {at_least: 2, at_most: 3}}]", (
            (expressions.Test("channel", "is", ("phone",)),),
            (expressions.Test("times", "at_least", Decimal(2)), expressions.Test("times", "at_most", Decimal(3))),
        )),
        ("{times: {not: {at_most: 3}}}", ((not_("times", expressions.Test("times", "at_most", Decimal(3))),),)),
        ("{channel: {not: phone}}", ((not_("channel", expressions.Test("channel", "is", ("phone",))),),)),
        ("{opened: {inside: office_hours}}", ((expressions.Test("opened", "inside", "office_hours"),),)),
        ("{worker: {same_as: owner}}", ((expressions.Test("worker", "same_as", "owner"),),)),
        ("{worker: leader of owner}", ((expressions.Test("worker", "is", (Who("leader of", of=OWNER),)),),)),
        ("{worker: owner}", ((expressions.Test("worker", "is", (OWNER,)),),)),
    ],
)  # fmt: skip
def test_conditions(text, any_of):
    when = clock(f"when: {text}").when

    assert when is not None
    assert when.any_of == any_of


def test_a_count_keeps_its_parts():
    when = clock(
        "when: {count: {of: call, where: {origin: {same_as: origin}}, same: [owner], at_least: 1}}"
    ).when

    assert when is not None
    count = when.any_of[0][0].operand
    assert isinstance(count, Count)
    assert (count.of, count.same, count.at_least, count.at_most) == ("call", ("owner",), Decimal(1), None)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("agent", Who("post", "agent")),
        ("owner", OWNER),
        ("leader of agent", Who("leader of", of=Who("post", "agent"))),
        ("team of leader of owner", Who("team of", of=Who("leader of", of=OWNER))),
        ("line of owner to manager", Who("line of", "manager", OWNER)),
        ("on duty agent", Who("on duty", "agent")),
        ("anyone", Who("anyone")),
    ],
)
def test_who_expressions(text, who):
    (step,) = clock(f"steps: [{{at: due, do: [{{notify: {text}}}]}}]").steps

    assert step.do == (Effect("notify", for_=who),)


def test_a_step_may_stand_at_any_share_of_the_time():
    (step,) = clock("steps: [{at: 12.5%, do: [{notify: owner}]}]").steps

    assert step.at == Decimal("0.125")


def test_a_move_that_comes_twice_in_an_example_is_written_as_a_list():
    (example,) = clock(
        "examples: [{name: twice, expect: {due: none},"
        " events: [{asked: 2026-09-24T10:00}, {asked: 2026-09-24T24:00}]}]"
    ).examples

    assert example.events == (("asked", "2026-09-24T10:00"), ("asked", "2026-09-24T24:00"))


@pytest.mark.parametrize(
    "moment", ["2026-09-24", "2026-02-30T10:00", "2026-09-24T24:01", "2026-09-24T25:00", "x"]
)
def test_times_of_examples_are_real(moment):
    with pytest.raises(RulebookRefused) as refused:
        clock(f"examples: [{{name: a, events: {{opened: {moment}}}, expect: {{due: none}}}}]")

    assert [found.code for found in refused.value.mistakes] == ["moment_form"]
