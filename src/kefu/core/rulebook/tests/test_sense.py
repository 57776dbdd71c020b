"""What the checks let pass and what not: contradictions are proved, everything else loads."""

from __future__ import annotations

import pytest

from kefu.core.rulebook import RulebookRefused
from kefu.core.rulebook.expressions import Effect
from kefu.core.rulebook.fields import values_with
from kefu.core.rulebook.model import Ref
from kefu.core.rulebook.tests.packs import good, over_good


def codes(text: str) -> list[str]:
    try:
        over_good(text)
    except RulebookRefused as refused:
        return [found.code for found in refused.mistakes]
    return []


def reactions(**rules: str) -> str:
    return "reactions:\n" + "".join(f"  {name}: {{clause: answer, {rule}}}\n" for name, rule in rules.items())


def move(body: str) -> str:
    return (
        "flows: {enquiry: {moves: {extra: {title: {zh: 甲, en: a}, from: open, to: open, by: agent, "
        + body
        + "}}}}"
    )


def test_reactions_to_one_event_may_write_one_field_when_they_cannot_both_apply():
    phone = "after: enquiry.answered, when: {channel: phone}, do: [{set: {weight: heavy}}]"
    visit = "after: enquiry.answered, when: {channel: visit}, do: [{set: {weight: light}}]"
    other = "after: enquiry.asked, do: [{set: {weight: light}}]"

    assert codes(reactions(first=phone, second=visit, third=other)) == []
    assert codes(reactions(first=phone, second=phone)) == []
    assert codes(reactions(first=phone, second=visit.replace("{channel: visit}", "{times: any}"))) == [
        "slot_twice"
    ]


def test_two_owners_for_one_event_compete():
    first = "after: enquiry.answered, do: [{assign: manager}]"
    second = "after: enquiry.answered, when: {times: {at_least: 2}}, do: [{assign: agent}]"

    with pytest.raises(RulebookRefused, match=r"for owner, for example when times: 2"):
        over_good(reactions(first=first, second=second))


def test_a_circle_of_reactions_is_broken_by_a_condition():
    there = "after: call.opened, do: [{open: enquiry}]"
    back = "after: enquiry.opened, do: [{open: call}]"
    unless = "after: enquiry.opened, when: {channel: phone}, do: [{open: call}]"

    assert codes(reactions(there=there, back=back)) == ["reaction_cycle", "reaction_cycle"]
    assert codes(reactions(there=there, back=unless)) == []


def test_a_duty_that_starts_by_itself_and_what_a_move_does_belong_to_the_circle():
    assert codes(
        reactions(again="after: call.opened, do: [{move: done}]", more="after: call.done, do: [{open: call}]")
    )
    assert codes(reactions(more="after: call.opened, do: [{open: enquiry}]")) == []
    assert codes(
        "duties: {call: {clause: answer, starts: [enquiry.answered, enquiry.opened]}}\n"
        + reactions(more="after: call.opened, do: [{open: enquiry}]")
    ) == ["reaction_cycle"]
    assert codes(
        move("then: [{open: enquiry}]") + "\n" + reactions(more="after: enquiry.opened, do: [{move: extra}]")
    )


@pytest.mark.parametrize(
    ("needs", "found"),
    [
        ("{that: {channel: phone}}, {that: {times: {at_least: 1}}}", []),
        ("{that: {channel: phone}}, {that: {channel: visit}}", ["needs_contradict"]),
        ("{that: {channel: phone}}, {soft: true, that: {channel: visit}}", []),
        ("{when: {channel: phone}, that: {times: any}}, {when: {times: any}, that: {channel: visit}}", []),
        (
            "{when: {channel: any}, that: {times: any}}, {that: {channel: phone, times: none}}",
            ["needs_contradict"],
        ),
    ],
)
def test_needs_of_a_move_must_leave_one_record_that_satisfies_them(needs, found):
    assert codes(move(f"needs: [{needs}]")) == found


def test_a_field_that_the_move_fills_cannot_be_asked_to_be_empty():
    assert codes(move("fill: [remark], needs: [{that: {remark: none}}]")) == ["needs_contradict"]


def test_the_needs_of_a_duty_are_judged_with_the_move_that_ends_it():
    needs = "needs: [{that: {remark: any}}, {that: {remark: none}}]"

    assert codes(f"duties: {{call: {{clause: answer, form: enquiry, {needs}}}}}") == ["needs_contradict"]


@pytest.mark.parametrize(
    ("by", "found"),
    [
        ("[leader of manager, agent]", []),
        ("leader of manager", ["move_by_nobody"]),
        ("team of agent", ["move_by_nobody"]),
        ("team of manager", []),
        ("leader of owner", []),
    ],
)
def test_somebody_must_be_able_to_make_a_move(by, found):
    assert codes(move("").replace("by: agent", f"by: {by}")) == found


@pytest.mark.parametrize(
    ("clock", "found"),
    [
        ("starts: opened, stops: answered", []),
        ("starts: asked, stops: resumed", []),
        ("starts: agreed_at, stops: answered", []),
        ("starts: answered, stops: asked", ["clock_never_stops"]),
        ("starts: opened, stops: answered, restarts: {resumed: agreed_at}", []),
        ("starts: opened, stops: answered, restarts: {answered: agreed_at}", ["restart_without_reason"]),
    ],
)
def test_a_clock_must_be_able_to_stop_and_a_restart_to_say_why(clock, found):
    body = f"{{title: {{zh: 甲, en: a}}, clause: answer, due: 1 hours, {clock}}}"

    assert codes(f"cases: {{enquiry: {{clocks: {{second: {body}}}}}}}") == found


def test_a_post_may_not_report_to_itself():
    assert codes("posts: {manager: {reports_to: manager}}") == ["line_cycle"]


def test_a_flow_shared_by_two_kinds_is_told_of_once():
    text = "cases: {second: {title: {zh: 乙, en: b}, flow: enquiry, form: enquiry, grades: weight}}\n" + move(
        "fill: [colour]"
    )

    with pytest.raises(RulebookRefused) as refused:
        over_good(text)
    assert [found.code for found in refused.value.mistakes] == ["field_unknown"]


def test_a_word_that_is_an_option_there_and_a_field_here_is_refused():
    field = "forms: {enquiry: {fields: {phone: {title: {zh: 电话, en: telephone}, type: text}}}}\n"

    assert codes(field + move("then: [{open: enquiry, with: {channel: phone}}]")) == ["word_twofold"]
    assert codes(field + move("then: [{open: enquiry, with: {channel: visit, remark: phone}}]")) == []
    assert codes(move("then: [{open: enquiry, with: {channel: fax}}]")) == ["option_unknown"]
    assert codes(move("then: [{open: enquiry, with: {channel: channel}}]")) == []
    assert codes(move("then: [{open: enquiry, with: {colour: red}}]")) == ["field_unknown"]


def test_values_of_new_work_are_copied_from_fields_and_else_stand_for_themselves():
    effect = Effect(
        "open",
        "enquiry",
        with_={"remark": "remark", "channel": "phone", "worker": "owner", "answer": "origin"},
    )
    facts = {"owner": Ref("person", "1"), "origin": Ref("case", "2"), "remark": " "}

    assert values_with(effect, good().kinds["enquiry"], facts) == {
        "channel": "phone",
        "worker": Ref("person", "1"),
        "answer": Ref("case", "2"),
    }
