"""A name that means nothing is refused wherever it stands."""

from __future__ import annotations

import pytest

from kefu.core.rulebook.tests.test_sense import codes, move, reactions

SPAN = "forms: {enquiry: {fields: {leave: {title: {zh: 请假, en: leave}, type: span}}}}\n"


def clock(body: str) -> str:
    fixed = "title: {zh: 甲, en: a}, clause: answer, stops: answered"
    return f"cases: {{enquiry: {{clocks: {{second: {{{fixed}, {body}}}}}}}}}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (move("needs: [{that: {count: {of: ghost, at_least: 1}}}]"), ["kind_unknown"]),
        (move("needs: [{that: {count: {of: call, where: {colour: any}, at_least: 1}}}]"), ["field_unknown"]),
        (move("needs: [{that: {count: {of: call, where: {state: asleep}, at_least: 1}}}]"), ["option_unknown"]),
        (move("needs: [{that: {count: {of: call, same: [colour], at_least: 1}}}]"), ["field_unknown"]),
        (move("needs: [{that: {count: {of: call, where: {owner: {same_as: worker}}, at_least: 1}}}]"), []),
        (move("needs: [{clause: manners, that: {remark: any}}]"), ["clause_unknown"]),
        (move("needs: [{when: {colour: any}, that: {remark: any}}]"), ["field_unknown"]),
        (move("then: [{set: {weight: middling}}]"), ["option_unknown"]),
        (move("then: [{set: {colour: red}}]"), ["field_unknown"]),
        (move("then: [{move: shut}]"), ["move_unknown"]),
        (move("then: [{assign: leader of worker}]"), []),
        (move("to: asleep").replace("to: open, ", ""), ["state_unknown"]),
        ("flows: {enquiry: {moves_to: {gone: asleep}}}", ["state_unknown"]),
        (clock("starts: opened, due: 1 hours, restarts: {asked: remark}"), ["anchor_unknown"]),
        (clock("starts: opened, due: 2 hours before channel"), ["anchor_unknown"]),
        (clock("starts: opened, due: [{when: {channel: fax}, is: 1 hours}, {is: 1 hours}]"), ["option_unknown"]),
        (clock("starts: opened, due: 1 hours, steps: [{at: due, do: [{open: ghost}]}]"), ["kind_unknown"]),
        (clock("starts: opened, due: 1 hours, examples: [{name: a, given: {colour: red}, expect: {due: none}}]"), [
            "field_unknown"
        ]),
        (clock("starts: opened, due: 1 hours, examples: [{name: a, given: {channel: fax}, expect: {due: none}}]"), [
            "option_unknown"
        ]),
        (clock("starts: opened, due: 1 hours, examples: [{name: a, given: {by: agent}, expect: {due: none}}]"), []),
        (
            clock(
                "starts: opened, due: 1 hours,"
                " examples: [{name: a, events: {shut: 2026-09-24T10:00}, expect: {due: none}}]"
            ),
            ["move_unknown"],
        ),
        ("duties: {call: {clause: answer, starts: enquiry.shut}}", ["move_unknown"]),
        ("duties: {call: {clause: answer, starts: order.opened}}", ["kind_unknown"]),
        ("duties: {call: {clause: answer, by: leader of remark}}", ["post_unknown"]),
        (reactions(one="after: enquiry.shut, do: [{notify: agent}]"), ["move_unknown"]),
        (reactions(one="after: enquiry.answered, when: {colour: any}, do: [{notify: agent}]"), ["field_unknown"]),
        ("grades: {weight: {of: order}}", ["kind_unknown"]),
        ("grades: {weight: {levels: {heavy: {when: {colour: any}}}}}", ["field_unknown"]),
        ("forms: {enquiry: {fields: {site: {title: {zh: 甲, en: a}, type: record, of: site}}}}", ["kind_unknown"]),
        (SPAN + clock("starts: leave.starts, due: leave.ends"), []),
        (SPAN + clock("starts: opened, due: leave.length"), ["anchor_unknown"]),
        (SPAN + clock("starts: opened, due: 1 hours, when: {leave.starts: {inside: office_hours}}"), []),
        (clock("starts: opened, due: 1 hours, when: {owner.post: agent}"), ["field_unknown"]),
        (clock("starts: opened, due: end of month"), []),
    ],
)  # fmt: skip
def test_a_name_that_means_nothing_is_refused(text, found):
    assert codes(text) == found
