"""Thirty visits a month: how many are done, how many working days are left, and what it comes to at this pace."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from kefu.cases import actions as cases
from kefu.core.rulebook import load_files
from kefu.core.worktime import Bounds, Period, period_bounds
from kefu.documents import actions as documents
from kefu.duties import actions as duties
from kefu.duties.models import Duty
from kefu.duties.quotas import progress, quotas, working_days_left
from kefu.staff.models import Person
from tests.cast import local

from .office import PACK, RULES, Office, catch_up, live_until, office

CALENDAR = load_files(
    "office", {"office/pack.yaml": PACK.encode(), "office/rules.yaml": RULES.encode()}
).calendar
SEPTEMBER = period_bounds(CALENDAR, Period.MONTH, local("2026-09-15 12:00").date())


@pytest.mark.parametrize(
    ("at", "left"),
    [
        ("09-01 08:00", 22),  # 22 weekdays less Mid-Autumn, and the make-up Sunday
        ("09-18 09:00", 9),
        ("09-18 18:00", 8),  # today's hours are over
        ("09-19 10:00", 8),
        ("09-30 17:59", 1),
        ("09-30 18:00", 0),
        ("10-05 09:00", 0),
    ],
)
def test_days_left_are_working_days_and_today_counts_until_it_closes(at: str, left: int) -> None:
    assert working_days_left(CALENDAR, SEPTEMBER, local(f"2026-{at}")) == left


@pytest.mark.parametrize(
    ("at", "done", "forecast", "standing"),
    [
        ("09-01 08:00", 0, None, "on_course"),  # nothing can be said against it yet
        ("09-15 12:00", 12, 25, "behind"),
        ("09-15 12:00", 15, 32, "on_course"),
        ("09-18 18:00", 30, 47, "met"),
        ("09-30 18:00", 27, 27, "behind"),
    ],
)
def test_the_pace_is_that_of_working_time(at: str, done: int, forecast: int | None, standing: str) -> None:
    found = progress(CALENDAR, SEPTEMBER, local(f"2026-{at}"), done=done, wanted=30)

    assert (found.forecast, found.standing) == (forecast, standing)


def test_a_holiday_does_not_slow_the_pace() -> None:
    before, after = (
        progress(CALENDAR, october(), local(f"2026-10-{at}"), done=3, wanted=30)
        for at in ("09 09:00", "11 20:00")
    )

    assert (before.forecast, after.forecast) == (51, 18)  # 144 working hours, of which 8.5 and 24 are gone


def october() -> Bounds:
    return period_bounds(CALENDAR, Period.MONTH, local("2026-10-15 12:00").date())


QUOTAS = """
visit: {title: {zh: 家访, en: home visit}, by: clerk, starts: project.commenced, form: note}
thirty: {title: {zh: 每月家访, en: visits of the month}, every: month, by: each,
  each: {of: person, where: {post: clerk}},
  needs: [{that: {count: {of: visit, during: month, where: {owner: {same_as: each}}, at_least: 3}},
  say: {zh: 每月家访三户, en: three visits a month}}]}
all: {title: {zh: 全部满意, en: all content}, every: month, by: leader,
  needs: [{that: {count: {of: visit, during: month, where: {satisfied: very}, at_least: 80%}},
  say: {zh: 八成以上非常满意, en: four of five are very content}}]}
"""


def visited(desk: Office, person: Person, at: str, satisfied: str = "very") -> None:
    when = local(f"2026-09-{at}")
    cases.move(desk.project(when), "commenced", by=desk.clerk, at=when)
    catch_up()
    duty = Duty.objects.filter(kind="visit", closed_at=None).latest("pk")
    values = {"said": "好", "satisfied": satisfied}
    duties.move(duty, "done", by=person, at=when, values=values)


@pytest.mark.db
def test_a_quota_counts_for_each_person_what_they_did(db: None) -> None:
    desk = office(QUOTAS)
    live_until(local("2026-09-14 09:00"))
    for at in ("14 10:00", "15 10:00"):
        visited(desk, desk.clerks[0], at)
    visited(desk, desk.clerks[1], "15 11:00")

    found = quotas(thirty(desk), local("2026-09-16 09:00"))

    assert [(one.progress.done, one.progress.wanted) for one in found] == [(2, 3), (1, 3), (0, 3)]
    assert found[0].rule
    assert found[0].rule.zh == "每月家访三户"


@pytest.mark.db
def test_a_share_is_of_what_there_is_by_now(db: None) -> None:
    desk = office(QUOTAS)
    live_until(local("2026-09-14 09:00"))
    for at, satisfied in (("14 10:00", "very"), ("14 11:00", "very"), ("14 12:00", "no")):
        visited(desk, desk.clerks[0], at, satisfied)

    (found,) = quotas(Duty.objects.filter(kind="all", department=desk.department), local("2026-09-16 09:00"))

    assert (found.progress.done, found.progress.of, found.progress.wanted) == (2, 3, 3)
    assert str(found.progress.share) == "80%"
    assert found.progress.standing == "behind"


SHEETS = """  sheet:
    title: {zh: 回访单, en: visit sheet}
    by: clerk
    fields:
      house: {title: {zh: 房号, en: house}, type: text}
      satisfied: {title: {zh: 满意, en: satisfied}, type: choice,
        options: {very: {zh: 非常满意, en: very}, no: {zh: 不满意, en: no}}}
  heard:
    title: {zh: 监听表, en: call heard}
    by: leader
    fields:
      representative: {title: {zh: 专员, en: representative}, type: record, of: person}
"""
COUNTED = """
each_three: {title: {zh: 每人三户, en: three each}, every: month, by: each, each: {of: person, where: {post: clerk}},
  needs: [{that: {count: {of: sheet, where: {author: {same_as: each}}, during: month, at_least: 3}}}]}
team_five: {title: {zh: 全班五户, en: five households}, every: month, by: leader,
  needs: [{that: {count: {of: sheet, where: {state: filed}, same: [house], during: month, at_least: 5}}}]}
heard_each: {title: {zh: 通话监听, en: monitoring}, every: month, by: leader, each: {of: person, where: {post: clerk}},
  needs: [{that: {count: {of: heard, where: {representative: {same_as: each}}, during: month,
    at_least: 1, target: 5}}}]}
all_very: {title: {zh: 全部满意, en: all content}, every: month, by: leader,
  needs: [{that: {count: {of: sheet, where: {satisfied: very}, during: month, at_least: 100%}}}]}
"""
# By hand, on Wednesday 16 September at 09:00: 11 of 22 working days and half an hour are gone, 88.5 of 176 hours, so
# that one done makes 1.99 of the month; left are 16-18, Sunday 20, 21-24 and 28-30.
# quota       whose  done wanted aim of   left forecast standing
TABLE = """
  each_three  陈静   2    3      3   -    11   4        on_course
  each_three  刘洋   1    3      3   -    11   2        behind
  each_three  孙磊   0    3      3   -    11   0        behind
  team_five   -      2    5      5   -    11   4        behind
  heard_each  陈静   2    1      5   -    11   4        met
  heard_each  刘洋   0    1      5   -    11   0        behind
  heard_each  孙磊   1    1      5   -    11   2        met
  all_very    -      2    3      3   3    11   2        behind
"""


@pytest.mark.db
def test_what_is_counted_for_a_person_a_team_an_object_and_a_share_is_what_one_counts_by_hand(
    db: None,
) -> None:
    desk = office(COUNTED, at=local("2026-09-01 00:00"), forms=SHEETS)
    live_until(local("2026-09-01 00:00"))
    for clerk, day, house, satisfied in (
        (desk.clerks[0], "02 10:00", "1-101", "very"),
        (desk.clerks[0], "14 10:00", "2-202", "no"),
        (desk.clerks[1], "15 10:00", "1-101", "very"),  # the same household again
    ):
        filed(desk, "sheet", clerk, day, house=house, satisfied=satisfied)
    for heard in (desk.clerks[0], desk.clerks[0], desk.clerks[2]):
        filed(desk, "heard", desk.leader, "10 10:00", representative=str(heard.pk))

    duties_ = Duty.objects.filter(department=desk.department)
    found = quotas(duties_.order_by("pk"), local("2026-09-16 09:00"))

    people = dict(Person.objects.values_list("pk", "name"))
    lines = {
        (
            one.duty.kind,
            people[int(one.duty.each_id)] if one.duty.each_id else "-",
            *(
                str(n)
                for n in (p.done, p.wanted, p.aim, "-" if p.of is None else p.of, p.days_left, p.forecast)
            ),
            p.standing,
        )
        for one in found
        for p in [one.progress]
    }
    assert lines == {tuple(line.split()) for line in TABLE.strip().splitlines()}
    (team,) = (one for one in found if one.duty.kind == "team_five")
    assert team.by == ((desk.clerks[0].pk, 2), (desk.clerks[1].pk, 1))
    assert not any(one.is_proof for one in found)


def filed(desk: Office, kind: str, by: Person, day: str, **values: object) -> None:
    at = local(f"2026-09-{day}")
    paper = documents.begin(kind, department=desk.department, by=by, at=at, values=values)
    documents.move(paper, "filed", by=by, at=at)


@pytest.mark.db
def test_what_was_done_in_another_month_does_not_count(db: None) -> None:
    desk = office(QUOTAS, at=local("2026-08-31 09:00"))
    live_until(local("2026-08-31 09:30"))
    cases.move(
        desk.project(local("2026-08-31 10:00")), "commenced", by=desk.clerk, at=local("2026-08-31 10:00")
    )
    catch_up()
    duty = Duty.objects.get(kind="visit")
    duties.move(duty, "done", by=desk.clerk, at=local("2026-08-31 11:00"), values={"said": "好"})
    live_until(local("2026-09-01 00:00"))

    found = quotas(thirty(desk).filter(period="2026-09"), local("2026-09-02 09:00"))

    assert [one.progress.done for one in found] == [0, 0, 0]


@pytest.mark.db
def test_more_people_ask_no_more_of_the_database(db: None) -> None:
    desk = office(QUOTAS)
    live_until(local("2026-09-14 09:00"))
    rows = list(thirty(desk))

    def queries(number: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            quotas(rows[:number], local("2026-09-16 09:00"))
        return len(asked)

    queries(1)
    assert queries(3) == queries(1)


def thirty(desk: Office) -> QuerySet[Duty]:
    return Duty.objects.filter(kind="thirty", department=desk.department).order_by("pk")
