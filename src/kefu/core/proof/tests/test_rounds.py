"""Examples of what comes round and of chains: the days, the people, and that a broken rule is noticed."""

from __future__ import annotations

import pytest

from kefu.core.proof import run_examples
from kefu.core.proof.survivors import try_mutants
from kefu.core.rulebook import load_files
from kefu.core.rulebook.model import Rulebook

RULES = """
posts:
  clerk: {title: {zh: 文员, en: clerk}, reports_to: manager}
  cashier: {title: {zh: 出纳, en: cashier}, reports_to: manager}
  manager: {title: {zh: 经理, en: manager}, reports_to: director, stands_in: [cashier]}
  director: {title: {zh: 总经理, en: director}}
calendar:
  office: {zone: Asia/Shanghai, hours: {office_hours: mon-fri 08:30-12:00 13:30-18:00}, holidays: china,
    working_day: 8 hours}
clauses:
  rule: {chapter: {zh: 一, en: one}, statement: {zh: 规定, en: the rule}}
cases:
  repair: {title: {zh: 报修, en: repair}, by: clerk, flow: repair_flow}
flows:
  repair_flow: {states: {open: {title: {zh: 开, en: open}}, closed: {title: {zh: 关, en: closed}}},
    moves: {closed: {title: {zh: 关闭, en: close}, from: open, to: closed, by: clerk}}}
forms:
  refund: {title: {zh: 退款, en: refund}, fields: {amount: {title: {zh: 金额, en: amount}, type: number},
    reason: {title: {zh: 理由, en: reason}, type: text}}}
"""
DUTY = "duties: {report: {title: {zh: 报告, en: report}, clause: rule, by: clerk, %s, examples: [%s]}}"
APPROVAL = (
    "approvals: {refund: {title: {zh: 退款, en: refund}, clause: rule, by: anyone, %s, examples: [%s]}}"
)
BOTH = "[leader of author, [cashier, director]]"
STEPS = f"chain: [{{when: {{amount: {{at_most: 500}}}}, is: [leader of author]}}, {{is: {BOTH}}}]"


def pack(rule: str) -> Rulebook:
    files = {
        "desk/pack.yaml": b"name: desk\ntitle: {zh: x, en: desk}\n",
        "desk/a.yaml": RULES.encode(),
        "desk/b.yaml": rule.encode(),
    }
    return load_files("desk", files)


def duty(rule: str, *examples: str) -> Rulebook:
    return pack(DUTY % (rule, _listed(examples)))


def approval(rule: str, *examples: str) -> Rulebook:
    return pack(APPROVAL % (rule, _listed(examples)))


def _listed(examples: tuple[str, ...]) -> str:
    return ", ".join(f"{{name: {index}, {one}}}" for index, one in enumerate(examples))


def green(rulebook: Rulebook) -> bool:
    found = run_examples(rulebook)
    assert found
    return all(one.ok for one in found)


@pytest.mark.parametrize(
    ("rule", "example"),
    [
        (
            "every: week on friday, holiday: back",
            "at: 2026-09-21T00:00, expect: {days: [2026-09-24, 2026-09-30]}",
        ),
        ("every: week on friday", "at: 2026-09-14T00:00, expect: {days: 2026-09-18}"),
        ("every: week on monday at 18:00", "at: 2026-09-15T00:00, expect: {days: [2026-09-21T18:00]}"),
        ("every: month on day 22", "at: 2026-09-01T00:00, expect: {days: [2026-09-22, 2026-10-22]}"),
        ("every: month, due: 3 days", "at: 2026-09-01T00:00, expect: {days: [2026-09-03, 2026-10-03]}"),
        ("every: working day", "at: 2026-09-24T12:00, expect: {days: [2026-09-24, 2026-09-28]}"),
        (
            "starts: repair.closed, plan: [{every: month, times: 2}, {every: quarter, times: 1}]",
            "at: 2026-09-15T10:00, expect: {days: [2026-10-15T10:00, 2026-11-16T10:00, 2027-02-15T10:00]}",
        ),
    ],
)
def test_an_example_says_the_days_on_which_it_falls_due(rule, example):
    assert green(duty(rule, example))
    assert not green(duty(rule, example.replace("-09-", "-08-").replace("-10-", "-07-")))


@pytest.mark.parametrize(
    "example",
    [
        "given: {by: clerk, amount: 500}, expect: {chain: [manager]}",
        "given: {by: clerk, amount: 501}, expect: {chain: [manager, [director, cashier]]}",
        "given: {by: cashier, amount: 501}, expect: {chain: [manager, director]}",
        "given: {by: manager, amount: 501}, expect: {chain: [director, cashier]}",
        "given: {by: director, amount: 1}, expect: {chain: [nobody]}",
    ],
)
def test_an_example_says_who_signs(example):
    assert green(approval(STEPS, example))


def test_a_chain_that_does_not_apply_asks_nobody():
    assert green(
        approval(f"when: {{amount: any}}, {STEPS}", "given: {by: clerk, amount: none}, expect: {chain: none}")
    )


def test_who_stands_in_signs_while_somebody_is_away_and_the_applicant_who_stands_in_does_not():
    here = "given: {by: clerk, away: manager}, expect: {chain: [cashier]}"
    assert green(approval("chain: [manager]", here))
    assert green(
        approval("chain: [manager]", "given: {by: cashier, away: manager}, expect: {chain: [manager]}")
    )


def survivors(rulebook: Rulebook) -> list[str]:
    return [one.mutant.change for one in try_mutants(rulebook) if not one.died]


def test_every_broken_recurrence_is_noticed_by_an_example_at_its_edge():
    rule = "every: month on friday on or before day 25 at 18:00, holiday: back"
    thursday = "at: 2026-09-01T00:00, expect: {days: [2026-09-24T18:00, 2026-10-23T18:00]}"

    assert survivors(duty(rule, thursday, "given: {owner: none}, expect: {assigned: clerk}")) == []


def test_a_recurrence_without_an_example_at_its_edge_survives():
    friday = "at: 2026-10-01T00:00, expect: {days: [2026-10-23]}"

    assert "day 25 -> 24" in survivors(duty("every: month on friday on or before day 25", friday))


def test_every_broken_series_is_noticed():
    rule = "starts: repair.closed, plan: [{every: month, times: 2}, {every: 10 days, times: 1}]"
    days = "2026-10-15T10:00, 2026-11-16T10:00, 2026-11-25T10:00, none"
    last = f"at: 2026-09-15T10:00, expect: {{days: [{days}]}}"
    more = "events: {repair.closed: 2026-09-15T10:00}, expect: {opens: report, assigned: clerk}"
    assert survivors(duty(rule, last, more)) == []


def test_every_broken_chain_is_noticed():
    few = "given: {by: clerk, amount: 500}, expect: {chain: [manager]}"
    many = "given: {by: clerk, amount: 501}, expect: {chain: [manager, [cashier, director]]}"
    may = "given: {by: clerk}, expect: {result: ok}"

    assert survivors(approval(STEPS, few, many, may)) == []


def test_how_many_tries_are_enough_is_shown_on_both_sides_of_the_edge():
    rule = "starts: repair.closed, due: 3 days, attempts: {at_most: 3, spacing: 4 hours}"
    few, enough = "given: {tries: 2}, expect: {result: refused}", "given: {tries: 3}, expect: {result: ok}"

    assert green(duty(rule, few, enough))
    assert [one for one in survivors(duty(rule, few)) if "tries" in one] == ["3 tries -> 4"]
    assert [one for one in survivors(duty(rule, few, enough)) if "tries" in one] == []
