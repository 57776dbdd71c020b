"""Duties that come round with the calendar open by themselves, each once, and fall due when the rule says."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from kefu.core.work.queries import explained
from kefu.duties.models import Duty, Rounds
from kefu.duties.queries import open_duties_for
from kefu.duties.rounds import open_all
from kefu.staff.actions import mark_away, mark_back
from kefu.staff.models import Notice
from tests.cast import local

from .office import FOUNDED, clocks_are_right, live_until, office, opened, publish_duties

pytestmark = pytest.mark.db

WEEKLY = """weekly_report: {title: {zh: 周报, en: weekly report}, every: week on friday at 18:00, by: manager,
  holiday: back}"""
EACH = """visits: {title: {zh: 走访, en: visits}, every: month on last day,
  each: {of: person, where: {post: clerk}}, by: each}"""
POST = "handover: {title: {zh: 交班, en: handover}, every: working day at 17:30, by: clerk}"


def test_the_running_week_is_owed_from_the_start_and_each_next_one_when_it_begins(db: None) -> None:
    desk = office(WEEKLY)
    live_until(FOUNDED)
    live_until(local("2026-09-20 23:59"))
    assert opened(desk.department) == [("2026-W38", "09-18 18:00")]

    live_until(local("2026-09-21 00:00"))

    # Friday is Mid-Autumn, so Thursday
    assert opened(desk.department)[-1] == ("2026-W39", "09-24 18:00")
    assert clocks_are_right(local("2026-09-21 00:00"))


def test_a_period_whose_due_day_is_over_is_not_owed_when_the_department_begins(db: None) -> None:
    desk = office(WEEKLY, at=local("2026-09-18 19:00"))

    live_until(local("2026-09-18 19:00"))

    assert opened(desk.department) == []


def test_a_second_run_and_a_second_worker_open_nothing_more(db: None) -> None:
    desk = office(WEEKLY)
    open_all(at=FOUNDED)

    assert open_all(at=FOUNDED) == 0
    # a worker that read the row before the first one wrote it
    Rounds.objects.filter(department=desk.department).update(opened_until=local("2026-09-13 23:00"))
    assert open_all(at=FOUNDED) == 0
    assert len(opened(desk.department)) == 1


def test_the_database_itself_keeps_a_duty_from_coming_twice(db: None) -> None:
    desk = office(WEEKLY)
    open_all(at=FOUNDED)
    duty = Duty.objects.get(department=desk.department)

    duty.pk, duty.number = None, "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        duty.save()


def test_after_a_stand_still_what_was_missed_is_opened_at_its_instant_and_told_at_once(db: None) -> None:
    desk = office(WEEKLY)
    live_until(FOUNDED)
    Notice.objects.all().delete()

    live_until(local("2026-10-15 10:00"))

    assert opened(desk.department) == [
        ("2026-W38", "09-18 18:00"),
        ("2026-W39", "09-24 18:00"),
        ("2026-W40", "09-30 18:00"),
        ("2026-W41", "10-09 18:00"),
        ("2026-W42", "10-16 18:00"),
    ]
    assert [
        f"{local_of(duty):%m-%d %H:%M}"
        for duty in Duty.objects.filter(department=desk.department).order_by("pk")
    ][1:] == [
        "09-21 00:00",
        "09-28 00:00",
        "10-05 00:00",
        "10-12 00:00",
    ]
    came = Notice.objects.filter(person=desk.manager, kind="duties.came")
    assert [notice.data["count"] for notice in came] == [4]
    assert clocks_are_right(local("2026-10-15 10:00"))


def test_the_explanation_says_which_day_of_which_period(db: None) -> None:
    office(WEEKLY)
    live_until(FOUNDED)
    duty = Duty.objects.first()
    assert duty is not None

    lines = explained(duty, FOUNDED)[0].text("zh")

    assert any("每周" in line for line in lines), lines
    assert any("2026-09-18 18:00" in line for line in lines), lines


def test_a_year_without_a_notice_says_so(db: None) -> None:
    office(WEEKLY, at=local("2031-03-03 09:00"))

    live_until(local("2031-03-03 09:00"))

    assert explained(Duty.objects.get(department__code="office"), local("2031-03-03 09:00"))[
        0
    ].state.unconfirmed == (2031,)


def test_a_duty_of_a_post_with_several_holders_belongs_to_nobody_until_it_is_taken(db: None) -> None:
    desk = office(POST)

    live_until(FOUNDED)

    duty = Duty.objects.get(department=desk.department)
    assert (duty.owner_id, duty.post) == (None, "clerk")
    assert duty in open_duties_for(desk.clerks[2], FOUNDED)
    assert duty not in open_duties_for(desk.stranger, FOUNDED)


def test_no_working_day_no_duty(db: None) -> None:
    desk = office(POST)
    live_until(FOUNDED)

    live_until(local("2026-09-28 08:00"))

    # the make-up Sunday is worked, Mid-Autumn and the week-end are not
    assert [period for period, _ in opened(desk.department)] == [
        f"2026-09-{day}" for day in (14, 15, 16, 17, 18, 20, 21, 22, 23, 24, 28)
    ]


def test_each_person_has_one_of_their_own(db: None) -> None:
    desk = office(EACH)

    live_until(FOUNDED)

    duties = Duty.objects.filter(department=desk.department).order_by("pk")
    assert [duty.owner_id for duty in duties] == [one.pk for one in desk.clerks]
    assert [duty.facts()["each"] for duty in duties] == [one.ref for one in desk.clerks]


def test_who_is_away_the_whole_period_owes_nothing_and_who_comes_back_owes_the_running_one(db: None) -> None:
    desk = office(EACH)
    away, late, _ = desk.clerks
    live_until(FOUNDED)
    for person in (away, late):
        mark_away(person, by=person, at=local("2026-09-30 17:00"))

    live_until(local("2026-10-01 00:00"))
    assert october(away) == october(late) == []
    mark_back(late, by=late, at=local("2026-10-12 09:00"))
    live_until(local("2026-10-12 09:01"))
    mark_back(away, by=away, at=local("2026-11-01 09:00"))
    live_until(local("2026-11-01 09:01"))

    assert october(away) == []
    assert october(late) == [("2026-10", "10-31 00:00")]
    assert clocks_are_right(local("2026-11-01 09:01"))


def october(person: object) -> list[tuple[str, str]]:
    return opened(owner=person, period="2026-10")


def test_a_changed_rulebook_changes_the_duty_at_its_next_opening(db: None) -> None:
    desk = office(WEEKLY)
    live_until(FOUNDED)
    publish_duties(WEEKLY.replace("friday at 18:00", "tuesday at 12:00"), at=local("2026-09-16 09:00"))

    live_until(local("2026-09-21 00:00"))

    assert opened(desk.department) == [("2026-W38", "09-18 18:00"), ("2026-W39", "09-22 12:00")]


def local_of(duty: Duty) -> object:
    return duty.opened_at.astimezone(FOUNDED.tzinfo)


def test_a_post_held_in_a_department_without_a_rulebook_has_the_duties_of_the_one_it_goes_by(
    db: None,
) -> None:
    desk = office(POST)
    desk.other.pack = ""
    desk.other.save()

    live_until(FOUNDED)

    duty = Duty.objects.get()
    assert duty in open_duties_for(desk.clerk, FOUNDED)
    assert duty in open_duties_for(desk.stranger, FOUNDED)
