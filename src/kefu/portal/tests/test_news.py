"""Customers are told of news: once, by a link to the one case, without a word of anybody, three times a day at most."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kefu.cases import actions as cases
from kefu.cases.models import Case
from kefu.core.db import write
from kefu.core.jobs.models import Job
from kefu.core.ledger import readers
from kefu.core.ledger.models import Event
from kefu.portal import delivery
from kefu.portal.models import Submission
from kefu.portal.tests.street import OTHER_PHONE, open_as, sent_in, work_off
from tests.cast import Cast

pytestmark = pytest.mark.db
MAIL = "wang@example.com"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
sent: list[delivery.Text] = []
fails: list[str] = []


def post(text: delivery.Text) -> None:
    """A way of delivery that is out of order as long as `fails` holds something."""
    if fails:
        fails.pop()
        raise OSError("the line is busy")
    sent.append(text)


@pytest.fixture(autouse=True)
def delivered(settings: Any) -> None:
    settings.KEFU_DELIVER = {"phone": "", "mail": f"{__name__}.post"}
    sent[:], fails[:] = [], []


@pytest.fixture
def case(cast: Cast) -> Case:
    """A question sent in by the web and confirmed."""
    made = sent_in(Client(), timezone.now(), kind="complaint", mail=MAIL)
    work_off(timezone.now())
    sent.clear()
    return made


def later(after: timedelta = 2 * MINUTE) -> datetime:
    """Let the readers read and what waits be done, some time from now."""
    at = timezone.now() + after
    readers.advance("portal.news")
    work_off(at)
    return at


def answer(case: Case, cast: Cast, body: str = "今天下午上门") -> None:
    cases.add_message(case, by=cast.agent, at=timezone.now(), body=body, public=True)


def close(case: Case, cast: Cast) -> Case:
    """To the state in which the customer may rate it."""
    given: dict[str, dict[str, Any]] = {
        "accepted": {
            "house_number": "1-201",
            "validity": "valid",
            "difficulty": "ordinary",
            "clarification": "致歉",
        },
        "graded": {"cause": "service_faulty", "severity": "important"},
        "handled_directly": {"arrangement": "前台处理"},
        "resolved": {"result": "已更换", "department_signature": "陈静"},
    }
    for name, values in given.items():
        case = cases.move(case, name, by=cast.agent, at=timezone.now(), values=values)
    return case


def test_an_answer_is_told_once_by_a_link_that_opens_this_case_alone(
    case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    neighbours = sent_in(Client(), timezone.now(), phone=OTHER_PHONE, name="赵小明")
    answer(case, cast, "加微信 evil123")

    later(timedelta(seconds=30))
    assert sent == []
    for _ in range(3):
        at = later()

    (told,) = sent
    assert told.contact == MAIL
    assert told.subject == f"云庭物业 {case.number}"
    assert told.body.startswith(f"【云庭物业】您的申请 {case.number} 有新的回复。")
    for word in ("evil", "厨房", "王大明", cast.agent.name):
        assert word not in told.body
    (link,) = re.findall(r"https?://[^/]+(/portal/open/\S+/)", told.body)
    monkeypatch.setattr("kefu.portal.views.entering.instant_of", lambda _: at)
    browser = Client()
    assert browser.get(link)["Location"] == f"/portal/requests/{case.number}/"
    assert browser.get(f"/portal/requests/{case.number}/").status_code == 200
    assert browser.get(f"/portal/requests/{neighbours.number}/").status_code == 404
    recorded = Event.objects.filter(kind="portal.told", subject_id=str(case.pk)).get()
    assert recorded.data == {"channel": "mail", "what": ["answered"]}


def test_the_link_expires(case: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(case, cast)
    at = later()
    (link,) = re.findall(r"(/portal/open/\S+/)", sent[0].body)

    for age, status in ((29 * DAY, 302), (30 * DAY + MINUTE, 422)):
        monkeypatch.setattr("kefu.portal.views.entering.instant_of", lambda _, age=age: at + age)
        assert Client().get(link).status_code == status


def test_an_answer_and_the_end_within_a_minute_are_one_message(case: Case, cast: Cast) -> None:
    close(case, cast)
    answer(case, cast)

    later()

    (told,) = sent
    assert f"您的申请 {case.number} 有新的回复，已处理完毕。" in told.body
    asked = {"follow_up_result": "satisfied"}
    cases.move(Case.objects.get(pk=case.pk), "followed_up", by=cast.agent, at=timezone.now(), values=asked)
    later()
    assert len(sent) == 1  # what is finished is told once, not at each step after it


def test_the_language_is_that_of_the_form(cast: Cast) -> None:
    client = Client(headers={"Accept-Language": "en"})
    case = sent_in(client, timezone.now(), kind="complaint", mail=MAIL)
    work_off(timezone.now())
    answer(case, cast)
    later()

    assert f"your request {case.number} has a new answer." in sent[-1].body


def test_neither_notes_nor_steps_between_nor_what_the_customer_did_are_news(case: Case, cast: Cast) -> None:
    at = timezone.now()
    cases.add_message(case, by=cast.agent, at=at, body="客户上月已投诉", public=False)
    values = {"house_number": "1-201", "validity": "valid", "difficulty": "ordinary", "clarification": "致歉"}
    cases.move(case, "accepted", by=cast.agent, at=at, values=values)
    open_as(browser := Client(), case, at)
    browser.post(f"/portal/requests/{case.number}/reply/", {"body": "有人吗", "token": "t"})

    later()

    assert sent == []
    assert not Job.objects.filter(handler__in=["portal.tell", "portal.send_news"]).exists()


def test_who_came_to_look_meanwhile_is_not_told(case: Case, cast: Cast) -> None:
    answer(case, cast)
    open_as(Client(), case, timezone.now())

    later()

    assert sent == []


def test_an_answer_that_was_taken_back_tells_nobody(case: Case, cast: Cast) -> None:
    def answer_and_fail() -> None:
        with write():
            answer(case, cast)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        answer_and_fail()

    later()

    assert sent == []


def test_three_a_day_to_one_address_and_the_rest_together_when_it_is_over(case: Case, cast: Cast) -> None:
    other = sent_in(Client(), timezone.now(), kind="complaint", mail=MAIL)
    work_off(timezone.now())  # two confirmations today
    for body in ("一", "二", "三"):
        answer(case, cast, body)
        later()
    answer(other, cast)
    later()

    assert [text.key.split(":")[0] for text in sent] == ["portal.send_confirmation", "portal.send_news"]
    later(DAY - MINUTE)
    assert len(sent) == 2
    later(DAY + 5 * MINUTE)
    assert sorted(text.subject for text in sent[2:]) == sorted(
        f"云庭物业 {one.number}" for one in (case, other)
    )
    later(2 * DAY)
    assert len(sent) == 4


def test_what_could_not_be_sent_is_tried_again_under_one_key(case: Case, cast: Cast) -> None:
    fails[:] = ["busy"] * 3
    answer(case, cast)
    for hours in range(6):
        later(timedelta(hours=hours, minutes=2))

    (told,) = sent
    assert told.key == f"portal.send_news:{case.pk}:{Submission.objects.get(case=case).told_seq}"


def test_a_case_that_staff_registered_and_a_desk_without_delivery_tell_nobody(
    case: Case, cast: Cast, settings: Any
) -> None:
    values = {"surname": "王", "telephone": "13812345678", "content": "电梯停运"}
    phoned = cases.register(
        "complaint",
        department=cast.service_centre,
        by=cast.agent,
        at=timezone.now(),
        subject="电梯",
        values=values,
        customer=case.customer,
    )
    answer(phoned, cast)
    settings.KEFU_DELIVER = {"phone": "", "mail": ""}
    answer(case, cast)

    later()

    assert sent == []
    assert not Job.objects.filter(handler="portal.tell").exists()


# --- the open page ------------------------------------------------------------------------------------------------


def mark(client: Client, case: Case) -> str:
    """What the page is told when it asks."""
    answer = client.get(f"/portal/requests/{case.number}/news/")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert set(answer.json()) == {"mark"}
    return answer.json()["mark"]


def test_an_open_page_learns_of_what_it_would_show_and_of_nothing_else(
    client: Client, case: Case, cast: Cast
) -> None:
    at = timezone.now()
    open_as(client, case, at)
    shown = mark(client, case)
    assert f'data-mark="{shown}"' in client.get(f"/portal/requests/{case.number}/").content.decode()

    cases.add_message(case, by=cast.agent, at=at, body="内部", public=False)
    assert mark(client, case) == shown

    seen = {shown}
    answer(case, cast)
    seen.add(mark(client, case))
    case = cases.take(Case.objects.get(pk=case.pk), by=cast.agent, at=at)
    seen.add(mark(client, case))
    values = {"house_number": "1-201", "validity": "valid", "difficulty": "ordinary", "clarification": "致歉"}
    case = cases.move(case, "accepted", by=cast.agent, at=at, values=values)
    seen.add(mark(client, case))
    cases.void(case, by=cast.supervisor, at=at, reason="重复")
    seen.add(mark(client, case))
    assert len(seen) == 5


def test_it_answers_only_who_may_see_the_case(client: Client, case: Case) -> None:
    assert client.get(f"/portal/requests/{case.number}/news/").status_code == 404
    assert client.get("/portal/requests/TS19990101-0001/news/").status_code == 404
    open_as(client, case, timezone.now())
    assert client.get(f"/portal/requests/{case.number}/news/").status_code == 200
    client.post("/portal/sign-out/")
    assert client.get(f"/portal/requests/{case.number}/news/").status_code == 404


def test_asking_costs_the_same_however_long_the_story(client: Client, case: Case, cast: Cast) -> None:
    open_as(client, case, timezone.now())
    mark(client, case)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            mark(client, case)
        return len(queries)

    before = asked()
    for number in range(5):
        answer(case, cast, f"第 {number} 条")
    assert asked() == before <= 16
