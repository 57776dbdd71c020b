"""The day's arrangement: drafted in the morning, heaviest first, ticked off, closed in the evening."""

from __future__ import annotations

import pytest

from kefu.cases import actions as cases
from kefu.core.ledger.models import Event
from kefu.core.work import actions as work
from kefu.documents import actions as documents
from kefu.duties import actions as duties
from kefu.duties.arrangement import add, explain, keep_day, tick
from kefu.duties.models import DayItem, DaySheet, Duty
from kefu.duties.weighing import LATER, OVERDUE, SOON, TODAY, urgency
from kefu.staff.actions import mark_away
from kefu.staff.models import Notice
from tests.cast import local, refuses

from .office import FOUNDED, Office, catch_up, live_until, office

pytestmark = pytest.mark.db

ORDER = """  note_of_day:
    title: {zh: 日志, en: note of the day}
    by: clerk
    fields:
      said: {title: {zh: 内容, en: said}, type: text}
"""
DUTIES = """
check: {title: {zh: 巡查, en: check}, every: working day, each: {of: person, where: {post: clerk}}, by: each}
report: {title: {zh: 周报, en: report}, every: week on friday, by: leader}
"""
MORNING = local("2026-09-15 08:05")
EVENING = local("2026-09-15 18:00")


def morning() -> Office:
    desk = office(DUTIES)
    live_until(FOUNDED)
    live_until(MORNING)
    keep_day(desk.department, at=MORNING)
    return desk


def sheet(desk: Office) -> DaySheet:
    return DaySheet.objects.get(person=desk.clerk)


def test_in_the_morning_everybody_who_is_here_has_a_sheet(db: None) -> None:
    desk = office(DUTIES)
    live_until(FOUNDED)
    live_until(MORNING)
    mark_away(desk.clerks[2], by=desk.clerks[2], at=MORNING)

    keep_day(desk.department, at=local("2026-09-15 07:59"))
    assert not DaySheet.objects.exists()
    keep_day(desk.department, at=MORNING)
    keep_day(desk.department, at=MORNING)

    people = DaySheet.objects.values_list("person_id", flat=True)
    assert desk.clerk.pk in people
    assert desk.clerks[2].pk not in people
    assert desk.stranger.pk not in people
    assert [(str(item.day), len(item.items.all())) for item in [sheet(desk)]] == [("2026-09-15", 2)]


def test_there_is_none_on_a_day_off(db: None) -> None:
    desk = office(DUTIES)
    friday = local("2026-09-25 09:00")  # Mid-Autumn
    live_until(friday)

    keep_day(desk.department, at=friday)

    assert not DaySheet.objects.exists()


def test_what_is_overdue_comes_before_what_is_due_today(db: None) -> None:
    desk = morning()

    first, second = sheet(desk).items.all()

    # Monday's check is missed, today's is not
    assert [Duty.objects.get(pk=one.work_id or 0).period for one in (first, second)] == [
        "2026-09-14",
        "2026-09-15",
    ]
    assert [(one.weight, one.routine) for one in (first, second)] == [(4, True), (3, True)]


@pytest.mark.parametrize(
    ("due", "found"),
    [
        ("15 08:00", OVERDUE),
        ("15 17:00", TODAY),
        ("16 00:00", TODAY),
        ("17 09:00", SOON),
        ("25 09:00", LATER),
    ],
)
def test_urgency_is_how_near_the_promise_is(due: str, found: int) -> None:
    assert urgency(local(f"2026-09-{due}"), MORNING, local("2026-09-16 00:00")) == found


def test_lines_are_ticked_off_by_their_owner_alone(db: None) -> None:
    desk = morning()
    item = sheet(desk).items.all()[0]

    assert tick(item, True, by=desk.clerk, at=MORNING).done_at == MORNING
    assert tick(item, False, by=desk.clerk, at=MORNING).done_at is None
    for person in (desk.leader, desk.clerks[1]):
        with refuses("day.not_yours"):
            tick(item, True, by=person, at=MORNING)


def test_routine_work_left_undone_goes_to_the_leader_at_the_end_of_the_day(db: None) -> None:
    desk = morning()
    old, today = sheet(desk).items.all()
    duty = Duty.objects.get(pk=old.work_id or 0)
    duties.move(duty, "done", by=desk.clerk, at=local("2026-09-15 10:00"))
    explain(today, "客户改约明天", by=desk.clerk, at=local("2026-09-15 17:50"))
    add(sheet(desk), "整理资料柜", by=desk.clerk, at=local("2026-09-15 09:00"))

    keep_day(desk.department, at=local("2026-09-15 17:59"))
    assert not Notice.objects.filter(kind="day.unfinished").exists()
    keep_day(desk.department, at=local("2026-09-15 18:05"))
    keep_day(desk.department, at=local("2026-09-15 18:10"))

    told = Notice.objects.filter(kind="day.unfinished", person=desk.leader, subject_id=str(desk.clerk.pk))
    assert [one.data["count"] for one in told] == [1]
    assert sheet(desk).closed_at == EVENING
    assert DayItem.objects.get(pk=today.pk).reason == "客户改约明天"


def test_after_the_day_only_reasons_are_still_taken(db: None) -> None:
    desk = morning()
    item = sheet(desk).items.all()[0]
    keep_day(desk.department, at=EVENING)

    with refuses("day.closed"):
        tick(item, True, by=desk.clerk, at=local("2026-09-15 19:00"))
    explain(item, "忘了", by=desk.clerk, at=local("2026-09-15 19:00"))


def test_cases_stand_on_the_sheet_of_whoever_has_them(db: None) -> None:
    desk = office(DUTIES)
    project = cases.take(desk.project(MORNING), by=desk.clerk, at=MORNING)
    live_until(FOUNDED)
    live_until(MORNING)

    keep_day(desk.department, at=MORNING)

    assert ("case", project.pk) in sheet(desk).items.values_list("work_kind", "work_id")


APPOINTED = """
watch: {title: {zh: 观察, en: watch}, starts: project.commenced, by: clerk, due: 20 days, form: met}
"""
MET = """  met:
    title: {zh: 约定, en: met}
    fields:
      agreed_at: {title: {zh: 约定时间, en: agreed}, type: instant}
"""


def test_an_appointment_of_today_comes_before_what_is_due_later_and_one_that_was_does_not(db: None) -> None:
    desk = office(APPOINTED, forms=MET)
    watched = []
    for agreed in ("2026-09-15 14:30", "2026-09-14 14:30", ""):
        cases.move(desk.project(FOUNDED), "commenced", by=desk.clerk, at=FOUNDED)
        catch_up()
        duty = work.assign(Duty.objects.latest("pk"), desk.clerk.pk, by=desk.leader, at=FOUNDED)
        watched.append(work.set_values(duty, {"agreed_at": agreed or None}, by=desk.clerk, at=FOUNDED))

    keep_day(desk.department, at=MORNING)

    lines = {item.work_id: item for item in sheet(desk).items.filter(work_kind="duty")}
    first, was, none = (lines[one.pk] for one in watched)
    assert (first.weight, first.at) == (TODAY, local("2026-09-15 14:30"))
    assert (was.weight, none.weight) == (LATER, LATER)
    assert was.at == none.at == watched[1].due_at


def test_papers_to_write_stand_on_the_sheet_until_they_are_filed(db: None) -> None:
    desk = office("", forms=ORDER)
    paper = documents.begin("note_of_day", department=desk.department, by=desk.clerk, at=FOUNDED)

    keep_day(desk.department, at=MORNING)

    (line,) = sheet(desk).items.filter(work_kind="document")
    assert line.work_id == paper.pk
    documents.move(paper, "filed", by=desk.clerk, at=MORNING)
    keep_day(desk.department, at=EVENING)
    told = Event.objects.get(kind="day.closed", subject_id=str(desk.clerk.pk))
    assert told.data["left"] == 0
