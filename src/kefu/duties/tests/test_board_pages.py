"""The pages of many duties, as those who owe and those who lead see them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kefu.cases import actions as cases
from kefu.core import worktime
from kefu.customers.models import ContactPoint
from kefu.duties.arrangement import draft
from kefu.duties.models import Attempt, DayItem, DaySheet, Duty
from kefu.staff.models import Person
from kefu.staff.rights import rulebook_of
from tests.cast import browse

from .office import Office, catch_up, live_until, office

pytestmark = pytest.mark.db

DUTIES = """
check: {title: {zh: 每日巡查, en: daily check}, every: day, each: {of: person, where: {post: clerk}}, by: each}
report: {title: {zh: 周报, en: weekly report}, every: week on sunday, by: leader, holiday: keep}
patrol: {title: {zh: 交班, en: handover}, every: day, by: clerk}
call: {title: {zh: 回访电话, en: follow-up call}, starts: project.completed, by: clerk, due: 72 hours, form: note,
  attempts: {at_most: 3, spacing: 4 hours}}
task: {title: {zh: 临时任务, en: task}, by: clerk, form: order, due: wanted_by}
done: {title: {zh: 每月巡查, en: checks of the month}, every: month, by: each,
  each: {of: person, where: {post: clerk}},
  needs: [{that: {count: {of: check, during: month, where: {owner: {same_as: each}}, at_least: 20}},
  say: {zh: 每月巡查二十次, en: twenty checks a month}}]}
"""
NOW = datetime.now(UTC)  # pages are asked as of now


@pytest.fixture
def desk(db: None) -> Office:
    made = office(DUTIES, at=NOW - timedelta(days=2))
    live_until(NOW - timedelta(days=2))
    live_until(NOW)
    return made


def page(client: Client, person: Person, name: str, **query: str) -> str:
    answer = browse(client, person).get(reverse(name), query)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def called(desk: Office) -> Duty:
    project = cases.move(
        desk.project(NOW, customer=desk.customer("王芳", NOW)), "commenced", by=desk.clerk, at=NOW
    )
    cases.move(project, "completed", by=desk.clerk, at=NOW)
    catch_up()
    return Duty.objects.get(kind="call")


def test_one_sees_ones_own_with_the_progress_of_quotas(client: Client, desk: Office) -> None:
    text = page(client, desk.clerk, "duties:list")

    mine = Duty.objects.filter(owner=desk.clerk)
    assert all(duty.number in text for duty in mine)
    assert "0 / 20" in text
    assert Duty.objects.filter(owner=desk.clerks[1])[0].number not in text


def test_what_a_post_shares_is_taken_from_the_list(client: Client, desk: Office) -> None:
    duty = Duty.objects.filter(kind="patrol", department=desk.department).latest("pk")
    assert duty.number in page(client, desk.clerk, "duties:list", list="posts")

    browse(client, desk.clerk).post(reverse("duties:take", args=[duty.number]))

    duty.refresh_from_db()
    assert duty.owner_id == desk.clerk.pk


def test_a_leader_sees_the_team_and_hands_out_what_nobody_took(client: Client, desk: Office) -> None:
    text = page(client, desk.leader, "duties:list", list="team")
    assert reverse("duties:handing", args=[desk.department.pk]) in text

    browse(client, desk.leader).post(reverse("duties:handing", args=[desk.department.pk]))

    assert not Duty.objects.filter(department=desk.department, owner=None).exists()


def test_nobody_of_another_department_hands_out_or_sees(client: Client, desk: Office) -> None:
    for person in (desk.stranger, desk.clerk):
        answer = browse(client, person).get(reverse("duties:handing", args=[desk.department.pk]))
        assert answer.status_code == 404
    ours = Duty.objects.filter(department=desk.department).values_list("number", flat=True)
    text = page(client, desk.stranger, "duties:list", list="team")
    assert not any(number in text for number in ours)


def test_the_month_shows_what_fell_due_and_what_will(client: Client, desk: Office) -> None:
    text = page(client, desk.leader, "duties:month")
    assert "周报" in text
    later = page(client, desk.leader, "duties:month", month=f"{NOW + timedelta(days=40):%Y-%m}")
    assert "周报" in later
    assert "周报" in page(client, desk.leader, "duties:month", month="nonsense")


def test_a_month_of_a_year_without_a_notice_of_days_off_says_so(client: Client, desk: Office) -> None:
    assert "2039" in page(client, desk.leader, "duties:month", month="2039-05")
    assert "放假安排" in page(client, desk.leader, "duties:month", month="2039-05")
    assert "放假安排" not in page(client, desk.leader, "duties:month", month="2026-05")


def test_a_try_is_one_button_and_reaching_somebody_leads_to_the_form(client: Client, desk: Office) -> None:
    duty = called(desk)
    shown = page(client, desk.clerk, "duties:calls")
    assert "王芳" in shown
    assert "138****8000" in shown
    ContactPoint.objects.all().delete()
    assert "没有登记电话" in page(client, desk.clerk, "duties:calls")

    answer = browse(client, desk.clerk).post(
        reverse("duties:try", args=[duty.number]), {"channel": "telephone", "result": "no_answer"}
    )
    assert answer.status_code == 302
    again = client.post(
        reverse("duties:try", args=[duty.number]), {"channel": "telephone", "result": "reached"}
    )

    assert again.status_code == 422  # four hours lie between
    assert "4 小时" in again.content.decode()
    assert Attempt.objects.count() == 1
    shown = browse(client, desk.clerk).get(reverse("duties:show", args=[duty.number])).content.decode()
    assert "无人接听" in shown


def look_at(monkeypatch: pytest.MonkeyPatch, at: datetime) -> datetime:
    """Have the day's page asked as of then."""
    monkeypatch.setattr("kefu.duties.views.day.instant_of", lambda _: at)
    return at


def a_day(desk: Office, *, worked: bool) -> datetime:
    """Ten in the morning of the next day that is worked, or is off."""
    calendar = rulebook_of(desk.department, NOW).calendar
    day = worktime.day_of(calendar, NOW) + timedelta(days=1)
    while worktime.is_working_day(calendar, day) is not worked:
        day += timedelta(days=1)
    return calendar.wall(day, 600)


def test_on_a_day_off_the_page_says_so_and_offers_nothing(
    client: Client, desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_at(monkeypatch, a_day(desk, worked=False))

    text = page(client, desk.clerk, "duties:day")
    refused = browse(client, desk.clerk).post(reverse("duties:keep_day"), {"do": "draft"})

    assert "今日休息" in text
    assert "08:00" in text  # when the next sheet lies ready
    assert 'value="draft"' not in text
    assert 'value="add"' not in text
    assert (refused.status_code, DaySheet.objects.count()) == (422, 0)
    assert "day.off" in refused.content.decode()


def test_when_the_hours_are_over_nothing_is_drafted_any_more(
    client: Client, desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = a_day(desk, worked=True)
    assert 'value="draft"' in page_at(client, desk, monkeypatch, at)

    evening = page_at(client, desk, monkeypatch, at + timedelta(hours=8))

    assert 'value="draft"' not in evening
    assert "今日工作时间已结束" in evening


def page_at(client: Client, desk: Office, monkeypatch: pytest.MonkeyPatch, at: datetime) -> str:
    look_at(monkeypatch, at)
    return page(client, desk.clerk, "duties:day")


def test_the_day_is_ticked_off_on_its_page(
    client: Client, desk: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_at(monkeypatch, a_day(desk, worked=True))
    calendar = rulebook_of(desk.department, NOW).calendar
    sheet = draft(desk.clerk, calendar, by=desk.clerk, at=a_day(desk, worked=True))
    item = sheet.items.all()[0]
    assert "每日巡查" in page(client, desk.clerk, "duties:day")
    keep = reverse("duties:keep_day")

    for body in (
        {"do": "tick", "item": item.pk},
        {"do": "add", "text": "整理资料柜"},
        {"do": "explain", "item": item.pk, "reason": "客户改约"},
    ):
        assert browse(client, desk.clerk).post(keep, body).status_code == 302
    refused = browse(client, desk.clerks[1]).post(keep, {"do": "tick", "item": item.pk})

    item = DayItem.objects.get(pk=item.pk)
    assert (item.done_at is not None, item.reason) == (True, "客户改约")
    assert refused.status_code == 422
    assert "整理资料柜" in page(client, desk.clerk, "duties:day")


def test_a_task_is_given_on_its_page_and_a_refusal_keeps_what_was_typed(client: Client, desk: Office) -> None:
    assert "陈静" in page(client, desk.leader, "duties:give")
    body = {"to": "陈静", "kind": "task", "task.task": "盘点物资", "task.wanted_by": "2031-01-05T18:00"}

    refused = browse(client, desk.clerks[1]).post(reverse("duties:give"), body)
    given = browse(client, desk.leader).post(reverse("duties:give"), body)

    assert refused.status_code == 403
    assert "盘点物资" in refused.content.decode()
    assert "赵敏" in refused.content.decode()
    assert given.status_code == 302
    assert Duty.objects.get(kind="task").owner_id == desk.clerk.pk


def test_one_of_two_with_the_same_name_is_given_a_task_by_login(client: Client, desk: Office) -> None:
    Person.objects.filter(login="liu").update(name="陈静")
    body = {"kind": "task", "task.task": "盘点物资", "task.wanted_by": "2031-01-05T18:00"}
    assert "陈静 (liu)" in page(client, desk.leader, "duties:give")

    refused = browse(client, desk.leader).post(reverse("duties:give"), body | {"to": "陈静"})
    browse(client, desk.leader).post(reverse("duties:give"), body | {"to": "陈静 (liu)"})

    assert "task.whom_of_several" in refused.content.decode()
    assert Duty.objects.get(kind="task").owner_id == desk.clerks[1].pk


def test_a_quota_is_called_as_its_duty_and_a_duty_after_what_its_case_is_about(
    client: Client, desk: Office
) -> None:
    called(desk)
    Duty.objects.filter(kind="call").update(owner=desk.clerk)

    text = page(client, desk.clerk, "duties:list")

    assert "阳光花园" in text
    assert re.search(r'<a class="truncate"[^>]*>每月巡查</a>', text)
    assert text.index(">每月巡查</a>") < text.index("每月巡查二十次")


def test_a_task_is_told_from_others_by_what_is_to_be_done(client: Client, desk: Office) -> None:
    body = {"to": "陈静", "kind": "task", "task.task": "盘点物资", "task.wanted_by": "2031-01-05T18:00"}
    browse(client, desk.leader).post(reverse("duties:give"), body)

    assert "盘点物资" in page(client, desk.clerk, "duties:list")


@pytest.mark.parametrize("name", ["duties:list", "duties:calls", "duties:day"])
def test_more_rows_ask_no_more_of_the_database(client: Client, desk: Office, name: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(client, desk.clerk, name)
        return len(asked)

    called(desk)
    Duty.objects.filter(kind="call").update(owner=desk.clerk)
    draft(desk.clerk, rulebook_of(desk.department, NOW).calendar, by=desk.clerk, at=NOW)
    queries()
    few = queries()
    for number in range(3):
        later = NOW + timedelta(seconds=number)
        project = cases.move(desk.project(later), "commenced", by=desk.clerk, at=later)
        cases.move(project, "completed", by=desk.clerk, at=later)
    catch_up()
    Duty.objects.filter(kind="call").update(owner=desk.clerk)

    assert queries() <= few
