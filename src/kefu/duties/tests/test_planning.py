"""What a plan makes due, counted from its beginning."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from kefu.core.rulebook import load_files
from kefu.core.rulebook.model import Kind, Stage
from kefu.core.rulebook.plans import plan_item
from kefu.core.worktime import Amount, Unit
from kefu.duties.planning import due_duties
from tests.cast import local

from .office import PACK, RULES

DUTIES = """
duties:
  call: {clause: [one], title: {zh: 回访, en: call}, by: clerk, starts: project.completed,
    plan: [{every: month, times: 12}, {every: quarter, times: 4}]}
  report: {clause: [one], title: {zh: 周报, en: report}, by: manager, every: week on friday}
  check: {clause: [one], title: {zh: 巡查, en: check}, by: leader, every: working day at 18:00}
"""
BOOK = load_files(
    "office", {"office/pack.yaml": PACK.encode(), "office/rules.yaml": (RULES + DUTIES).encode()}
)


def at(item: int, began: str, kind: Kind = BOOK.kinds["call"]) -> tuple[str, str] | None:
    found = plan_item(kind, BOOK.calendar, local(began), item)
    if found is None:
        return None
    opens, planned = (BOOK.calendar.local(one) for one in (found.opens, found.planned))
    return f"{opens:%Y-%m-%d %H:%M}", f"{planned:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("item", "opens", "planned"),
    [
        (1, "2026-09-24 10:00", "2026-10-24 10:00"),
        (2, "2026-10-24 10:00", "2026-11-24 10:00"),
        (12, "2027-08-24 10:00", "2027-09-24 10:00"),
        (13, "2027-09-24 10:00", "2027-12-24 10:00"),
        (16, "2028-06-24 10:00", "2028-09-24 10:00"),
    ],
)
def test_the_first_year_monthly_then_quarterly(item: int, opens: str, planned: str) -> None:
    assert at(item, "2026-09-24 10:00") == (opens, planned)


def test_after_the_last_one_there_is_none() -> None:
    assert at(17, "2026-09-24 10:00") is None


def test_a_short_month_does_not_pull_the_later_ones_forward() -> None:
    assert at(1, "2026-01-31 10:00") == ("2026-01-31 10:00", "2026-02-28 10:00")
    assert at(2, "2026-01-31 10:00") == ("2026-02-28 10:00", "2026-03-31 10:00")


def test_days_and_months_follow_one_another() -> None:
    days = Stage(Amount(Decimal(7), Unit.DAYS), 2)
    months = Stage(Amount(Decimal(1), Unit.MONTHS))
    kind = replace(BOOK.kinds["call"], plan=(days, months))

    assert [at(item, "2026-09-01 10:00", kind) for item in (1, 2, 3, 4)] == [
        ("2026-09-01 10:00", "2026-09-08 10:00"),
        ("2026-09-08 10:00", "2026-09-15 10:00"),
        ("2026-09-15 10:00", "2026-10-15 10:00"),
        ("2026-10-15 10:00", "2026-11-15 10:00"),
    ]
    assert at(99, "2026-09-01 10:00", kind) is not None


def test_what_falls_due_in_a_span_comes_in_order_of_its_opening() -> None:
    found = due_duties(BOOK, local("2026-09-17 23:00"), local("2026-09-21 00:00"))

    assert [(one.kind.name, one.period.label) for one in found] == [
        ("check", "2026-09-18"),
        ("check", "2026-09-20"),  # the make-up Sunday
        ("report", "2026-W39"),
        ("check", "2026-09-21"),
    ]
