"""Conditions judged on typed facts."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from kefu.core.rulebook import expressions
from kefu.core.rulebook.expressions import Count, Matcher, Special, Who
from kefu.core.rulebook.match import holds, lookup
from kefu.core.rulebook.model import Facts, Ref
from kefu.core.rulebook.tests.packs import good, over_good

CALENDAR = good().calendar
OPENING = datetime(2026, 9, 24, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
CLOSING = datetime(2026, 9, 24, 10, 0, tzinfo=UTC)


def matcher(text: str) -> Matcher:
    """`text` as the condition of a clock of the good pack's enquiry."""
    clock = "title: {zh: 甲, en: a}, clause: answer, starts: opened, stops: answered, due: 1 hours"
    book = over_good(f"cases: {{enquiry: {{clocks: {{second: {{{clock}, when: {text}}}}}}}}}")
    found = book.kinds["enquiry"].clocks["second"].when
    assert found is not None
    return found


def judged(text: str, facts: Facts, found: int = 0) -> bool:
    return holds(matcher(text), facts, calendar=CALENDAR, records=lambda count, asking: found).ok


@pytest.mark.parametrize(
    ("text", "facts", "ok"),
    [
        ("{channel: phone}", {"channel": "phone"}, True),
        ("{channel: phone}", {"channel": "visit"}, False),
        ("{channel: phone}", {}, False),
        ("{channel: [phone, visit]}", {"channel": "visit"}, True),
        ("{channel: phone}", {"channel": ["visit", "phone"]}, True),
        ("{channel: any}", {"channel": "visit"}, True),
        ("{remark: any}", {"remark": "  "}, False),
        ("{remark: any}", {"remark": None}, False),
        ("{remark: none}", {"remark": ""}, True),
        ("{remark: none}", {}, True),
        ("{remark: none}", {"remark": "x"}, False),
        ("{channel: {not: phone}}", {"channel": "visit"}, True),
        ("{channel: {not: phone}}", {"channel": "phone"}, False),
        ("{channel: {not: phone}}", {}, True),
        ("{channel: {not: any}}", {}, True),
        ("{times: {at_least: 2}}", {"times": Decimal(2)}, True),
        ("{times: {at_least: 2}}", {"times": Decimal("1.99")}, False),
        ("{times: {at_least: 2}}", {}, False),
        ("{times: {at_most: 2}}", {"times": Decimal(2)}, True),
        ("{times: {at_most: 2}}", {"times": Decimal("2.01")}, False),
        ("{times: {at_most: 2}}", {}, False),
        ("{times: {not: {at_most: 2}}}", {"times": Decimal(3)}, True),
        ("{times: {at_least: 10}}", {"times": "9"}, False),
        ("{times: 2}", {"times": Decimal("2.0")}, True),
        ("{worker: {same_as: owner}}", {"worker": Ref("person", "1"), "owner": Ref("person", "1")}, True),
        ("{worker: {same_as: owner}}", {"worker": Ref("person", "1"), "owner": Ref("person", "2")}, False),
        ("{worker: {same_as: owner}}", {}, False),
        ("{worker: owner}", {"worker": Ref("person", "1"), "owner": Ref("person", "1")}, True),
        ("{opened: {inside: office_hours}}", {"opened": OPENING}, True),
        ("{opened: {inside: office_hours}}", {"opened": CLOSING}, False),
        ("{opened: {inside: office_hours}}", {}, False),
        ("{channel: phone, times: {at_least: 2}}", {"channel": "phone", "times": Decimal(1)}, False),
        ("[{channel: phone}, {times: {at_least: 2}}]", {"channel": "visit", "times": Decimal(2)}, True),
    ],
)
def test_conditions_on_facts(text, facts, ok):
    assert judged(text, facts) is ok


@pytest.mark.parametrize(
    ("bounds", "found", "ok"),
    [
        ("at_least: 1", 0, False),
        ("at_least: 1", 1, True),
        ("at_most: 2", 2, True),
        ("at_most: 2", 3, False),
        ("at_least: 1, at_most: 2", 3, False),
        ("target: 5", 0, True),
        ("at_least: to_be_set", 0, True),
    ],
)
def test_a_count_keeps_its_bounds_and_a_target_refuses_nothing(bounds, found, ok):
    assert judged(f"{{count: {{of: call, {bounds}}}}}", {}, found) is ok


def test_records_are_asked_with_the_facts_of_the_asking_work():
    asked: list[tuple[str, Facts]] = []
    facts = {"origin": Ref("case", "7")}

    def records(count: Count, asking: Facts) -> int:
        asked.append((count.of, asking))
        return 1

    assert holds(matcher("{count: {of: call, at_least: 1}}"), facts, calendar=CALENDAR, records=records).ok
    assert asked == [("call", facts)]


def test_inside_where_same_as_means_the_asking_work():
    where = (
        matcher("{count: {of: call, where: {origin: {same_as: origin}}, at_least: 1}}").any_of[0][0].operand
    )
    assert isinstance(where, Count)
    assert where.where is not None
    outer, mine, other = (
        {"origin": Ref("case", "7")},
        {"origin": Ref("case", "7")},
        {"origin": Ref("case", "8")},
    )

    def judge(record: Facts) -> bool:
        assert isinstance(where, Count)
        assert where.where is not None
        return holds(where.where, record, calendar=CALENDAR, records=lambda *_: 0, outer=outer).ok

    assert judge(mine)
    assert not judge(other)


def test_the_first_failing_test_of_the_alternative_that_came_furthest_is_the_reason():
    condition = matcher("[{channel: phone}, {channel: visit, times: {at_least: 2}}]")
    verdict = holds(condition, {"channel": "visit"}, calendar=CALENDAR, records=lambda *_: 0)

    assert verdict == (False, expressions.Test("times", "at_least", Decimal(2)))


def test_a_bound_that_is_to_be_set_holds():
    assert holds(
        Matcher(((expressions.Test("times", "at_least", Special.TO_BE_SET),),)),
        {"times": Decimal(1)},
        calendar=CALENDAR,
        records=lambda *_: 0,
    ).ok


def test_people_are_resolved_by_whoever_knows_them():
    condition = matcher("{worker: leader of owner}")
    facts = {"worker": Ref("person", "2"), "owner": Ref("person", "1")}

    def people(who: Who, asking: Facts) -> tuple[str, ...]:
        return ("2",) if asking["owner"] == Ref("person", "1") else ()

    assert holds(condition, facts, calendar=CALENDAR, records=lambda *_: 0, people=people).ok
    with pytest.raises(ValueError, match="leader of"):
        holds(condition, facts, calendar=CALENDAR, records=lambda *_: 0)


def test_a_path_goes_into_a_span_and_nowhere_else():
    span = (OPENING, CLOSING)

    assert (lookup({"leave": span}, "leave.starts"), lookup({"leave": span}, "leave.ends")) == span
    assert lookup({"leave": span}, "leave.length") is None
    assert lookup({"owner": Ref("person", "1")}, "owner.starts") is None
