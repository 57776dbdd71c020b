"""The finite search: what cannot hold together is proved, everything else has a witness."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest

from kefu.core.rulebook import expressions, possible
from kefu.core.rulebook.expressions import Matcher
from kefu.core.rulebook.match import holds
from kefu.core.rulebook.tests.packs import good
from kefu.core.rulebook.tests.test_match import matcher

OPTIONS = {"channel": ("phone", "visit")}


def witness(*texts: str) -> possible.Witness | None:
    return possible.witness(
        [possible.true(matcher(text)) for text in texts], lambda path: OPTIONS.get(path, ())
    )


@pytest.mark.parametrize(
    "texts",
    [
        ("{channel: phone}", "{channel: visit}"),
        ("{channel: {not: phone}, remark: any}", "{channel: {not: visit}}", "{channel: any}"),
        ("{remark: any}", "{remark: none}"),
        ("{remark: none}", "{remark: {not: none}}"),
        ("{times: {at_least: 3}}", "{times: {at_most: 2}}"),
        ("{times: {at_least: 3}}", "{times: {not: {at_least: 3}}}"),
        ("{times: {at_most: 3}}", "{times: {not: {at_most: 3}}}"),
        ("{opened: {inside: office_hours}}", "{opened: {not: {inside: office_hours}}}"),
        ("{worker: {same_as: owner}}", "{worker: {not: {same_as: owner}}}"),
        ("{count: {of: call, at_least: 1}}", "{count: {of: call, at_most: 0}}"),
        ("[{channel: phone}, {times: {at_least: 2}}]", "{channel: visit}", "{times: {at_most: 1}}"),
    ],
)
def test_what_cannot_hold_together_has_no_witness(texts):
    assert witness(*texts) is None


@pytest.mark.parametrize(
    ("texts", "record"),
    [
        (("{channel: [phone, visit]}", "{channel: {not: phone}}"), {"channel": "visit"}),
        (("{times: {at_least: 3}}", "{times: {at_most: 3}}"), {"times": "3"}),
        (("{times: {not: {at_most: 3}}}", "{times: any}"), {"times": "more than 3"}),
        (("{channel: {not: phone}}",), {"channel": "none"}),
        (("[{channel: phone}, {remark: any}]", "{channel: visit}"), {"channel": "visit", "remark": "any"}),
    ],
)
def test_what_can_hold_together_has_a_witness(texts, record):
    assert witness(*texts) == record


def test_the_opposite_of_a_condition_and_the_condition_share_no_record_and_leave_none_out():
    """Against the evaluator, on every record of a small world."""
    tests = [
        expressions.Test("channel", "is", ("phone",)),
        expressions.Test("channel", "none"),
        expressions.Test("times", "at_least", Decimal(2)),
        expressions.Test("times", "not", expressions.Test("times", "at_most", Decimal(1))),
    ]
    calendar = good().calendar
    world = [
        {"channel": channel, "times": times}
        for channel in (None, "phone", "visit")
        for times in (None, Decimal(1), Decimal(2))
    ]
    for first, second in itertools.product(itertools.combinations(tests, 2), repeat=2):
        one, other = Matcher((first,)), Matcher((second,))
        together = [
            record
            for record in world
            if holds(one, record, calendar=calendar, records=lambda *_: 0).ok
            and not holds(other, record, calendar=calendar, records=lambda *_: 0).ok
        ]
        found = possible.witness(
            [possible.true(one), possible.false(other)], lambda path: OPTIONS.get(path, ())
        )
        assert (found is not None) is bool(together), (first, second, together)
