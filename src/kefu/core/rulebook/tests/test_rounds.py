"""What comes round, chains, documents and registers: how they are read and what is refused of them."""

from __future__ import annotations

from datetime import time
from decimal import Decimal

import pytest

from kefu.core.rulebook.expressions import Branch, Count, Instant, Share, Who
from kefu.core.rulebook.model import Computed, Kind, Layout, Stage
from kefu.core.rulebook.tests.packs import over_good
from kefu.core.rulebook.tests.test_sense import codes
from kefu.core.worktime import Amount, Period, Recurrence, Unit

FIXED = "title: {zh: 甲, en: a}, clause: answer, by: agent"


def duty(body: str) -> str:
    return f"duties: {{second: {{{FIXED}, {body}}}}}"


def counting(body: str) -> str:
    return duty(f"every: week, needs: [{{that: {{count: {{of: call, {body}}}}}}}]")


def approval(body: str) -> str:
    return f"approvals: {{credit: {{{FIXED}, {body}}}}}"


def form(body: str) -> str:
    return f"forms: {{sheet: {{{FIXED}, {body}}}}}"


def register(body: str) -> str:
    return f"registers: {{calls: {{title: {{zh: 台账, en: calls}}, {body}}}}}"


def field(body: str, name: str = "total") -> str:
    return f"{name}: {{title: {{zh: 甲, en: a}}, {body}}}"


def read(text: str, name: str) -> Kind:
    return over_good(text).kinds[name]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("working day", Recurrence(Period.WORKING_DAY)),
        ("day at 09:30", Recurrence(Period.DAY, at=time(9, 30))),
        ("week on monday at 18:00", Recurrence(Period.WEEK, weekday=0, at=time(18))),
        ("month on day 22 at 24:00", Recurrence(Period.MONTH, day=22)),
        ("month on last day", Recurrence(Period.MONTH, last=True)),
        ("month on friday on or before day 25", Recurrence(Period.MONTH, weekday=4, day=25)),
        ("half year on day 10", Recurrence(Period.HALF_YEAR, day=10)),
    ],
)
def test_a_recurrence_says_period_day_and_time(written, meant):
    kind = read(duty(f"every: {written}"), "second")

    assert kind.every == meant
    assert kind.clocks["due"].due == (Branch(None, meant),)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("month on friday", "recurrence_day"),
        ("week on day 3", "recurrence_day"),
        ("day on monday", "recurrence_day"),
        ("working day on last day", "recurrence_day"),
        ("month on day 0", "recurrence_day"),
        ("month on the 31st", "recurrence_form"),
        ("month on day 31st", "recurrence_form"),
        ("fortnight", "recurrence_form"),
        ("week on fri", "recurrence_form"),
        ("week on friday at 25:00", "recurrence_form"),
        ("week on friday at 9:00", "recurrence_form"),
    ],
)
def test_a_recurrence_that_means_no_day_is_refused(written, found):
    assert codes(duty(f"every: {written}")) == [found]


def test_a_holiday_rule_belongs_to_the_day_that_comes_round_or_to_the_due_that_is_said():
    assert read(duty("every: week on friday, holiday: back"), "second").every.holiday == "back"
    said = read(duty("every: week, due: 3 days, holiday: back"), "second")
    assert (said.every.holiday, said.clocks["due"].holiday) == (None, "back")


def test_a_series_falls_due_as_its_opening_planned_it_and_keeps_the_holiday_rule_of_the_calendar():
    stages = "[{every: month, times: 12}, {every: 10 days, times: 2}]"
    kind = read(
        duty(f"starts: enquiry.answered, plan: {stages}"),
        "second",
    )

    assert kind.plan == (Stage(Amount(Decimal(1), Unit.MONTHS), 12), Stage(Amount(Decimal(10), Unit.DAYS), 2))
    assert kind.clocks["due"].due == (Branch(None, Instant("planned")),)
    assert kind.clocks["due"].holiday == "forward"


def test_tries_are_needed_before_somebody_counts_as_not_reached():
    kind = read(duty("starts: enquiry.answered, attempts: {at_most: 3, spacing: 4 hours}"), "second")
    move = kind.flow.moves["not_reached"]

    assert [test.operand for tests in move.needs[0].that.any_of for test in tests] == [Decimal(3)]
    assert not kind.flow.proves(move)
    assert kind.flow.proves(kind.flow.moves["done"])


def test_a_chain_is_links_in_turn_of_people_together():
    kind = read(approval("chain: [leader of author, [manager, agent]]"), "credit")

    leader, manager, agent = (
        Who("leader of", of=Who("field", "author")),
        Who("post", "manager"),
        Who("post", "agent"),
    )
    assert kind.chain == (Branch(None, ((leader,), (manager, agent))),)
    assert list(kind.flow.moves) == ["approved", "refused", "returned", "resubmitted", "withdrawn"]


def test_a_branch_of_a_chain_may_ask_nobody():
    kind = read(approval("chain: [{when: {owner: none}, is: none}, {is: [manager]}]"), "credit")

    assert [branch.value for branch in kind.chain] == [(), ((Who("post", "manager"),),)]


def test_a_form_that_somebody_fills_in_is_a_kind_with_the_flow_of_a_document():
    fields = f"{field('type: text', 'first')}, {field('type: number, computed: {count: [first]}', 'second')}"
    layout = "layout: {page: landscape, rows: [[first, second]]}"
    kind = read(form(f"keep: 36 months, {layout}, fields: {{{fields}}}"), "sheet")

    assert (kind.chapter, list(kind.flow.states)) == ("forms", ["draft", "filed"])
    assert kind.form.layout == Layout("landscape", (("first", "second"),))
    assert kind.form.keep == Amount(Decimal(36), Unit.MONTHS)
    assert kind.form.fields["second"].computed == Computed("count", ("first",))


def test_a_form_without_by_is_no_kind():
    assert "enquiry" in over_good("").forms
    assert over_good("").kinds["enquiry"].chapter == "cases"


def test_a_share_is_a_bound_of_its_own():
    kind = read(counting("during: month, where: {state: done}, at_least: 80%"), "second")
    ((test,),) = kind.needs[0].that.any_of
    count = test.operand

    assert isinstance(count, Count)
    assert count.at_least == Share(Decimal("0.8"))
    assert (count.during, str(count.at_least)) == ("month", "80%")


PRICE, AMOUNT = (
    field("type: number", "price"),
    field("type: number, computed: {product: [price, times]}", "amount"),
)
ROWS = f"items: {{title: {{zh: 明细, en: items}}, type: rows, fields: {{{PRICE}, {AMOUNT}}}}}"


def summing(path: str) -> str:
    total = field(f"type: number, computed: {{sum: [{path}]}}")
    return form(f"fields: {{{ROWS}, {field('type: number', 'times')}, {total}}}")


def holding(body: str) -> str:
    return form(f"fields: {{{field(body)}}}")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (duty("every: week, each: {of: ghost}"), ["kind_unknown"]),
        (duty("every: week, each: {of: person, where: {colour: red}}"), ["field_unknown"]),
        (duty("every: week, each: {of: person, where: {post: agent}}").replace("by: agent", "by: each"), []),
        (duty("every: week, each: {of: customer}").replace("by: agent", "by: each"), ["not_a_person"]),
        (duty("every: week, each: {of: enquiry, where: {channel: fax}}"), ["option_unknown"]),
        (duty("every: week, copies: {leader of owner: 1, manager: 6}"), []),
        (duty("every: week, copies: {ghost: 1}"), ["post_unknown"]),
        (duty("every: week, copies: {manager: some}"), ["whole_number_form"]),
        (duty("every: week, plan: [{every: month, times: 2}]"), ["every_and_starts", "plan_without_starts"]),
        (duty("starts: enquiry.answered, attempts: {at_most: 2, inside: nights}"), ["hours_unknown"]),
        (counting("where: {colour: any}, during: week, at_least: 1"), ["field_unknown"]),
        (counting("during: fortnight, at_least: 1"), ["word_unknown"]),
        (counting("where: {state: done}, among: {colour: any}, at_least: 80%"), ["field_unknown"]),
        (approval("needs: []"), ["key_missing", "list_empty"]),
        (approval("chain: [ghost]"), ["post_unknown"]),
        (approval("chain: [leader of times]"), ["post_unknown"]),
        (approval("chain: [{when: {colour: any}, is: [manager]}, {is: [manager]}]"), ["field_unknown"]),
        (approval("chain: [manager], every: week"), ["key_unknown"]),
        (approval("chain: [manager]").replace(" clause: answer,", ""), ["clause_missing"]),
        (form(f"fields: {{{field('type: number')}}}, layout: {{rows: [[colour]]}}"), ["field_unknown"]),
        (summing("items.amount"), []),
        (summing("items.colour"), ["field_unknown"]),
        (holding("type: text, computed: {count: [total]}"), ["computed_type", "computed_cycle"]),
        (holding("type: text, prefill: origin.remark"), []),
        (holding("type: text, prefill: author"), []),
        (holding("type: text, prefill: origin.colour"), ["prefill_unknown"]),
        (holding("type: span, prefill: period.before"), ["prefill_unknown"]),
        (holding("type: number, prefill: registers.ghosts"), ["prefill_unknown"]),
        (register("of: [call, ghost], columns: [number]"), ["kind_unknown"]),
        (register("of: call, columns: [colour]"), ["field_unknown"]),
        (register("of: call, where: {state: asleep}, columns: [number]"), ["option_unknown"]),
        (register("of: customer, columns: [name, colour]"), ["field_unknown"]),
        (register("of: enquiry, group: [channel], sum: [times], order: [-times]"), []),
        (register("of: enquiry, columns: [number], sum: [remark]"), ["operator_type"]),
        (register("of: enquiry, clause: manners, columns: [number]"), ["clause_unknown"]),
    ],
)
def test_names_and_keys_that_do_not_go_together_are_refused(text, found):
    assert codes(text) == found
