"""One request on its customer's page: how far it is, what was promised, what they may do; nothing internal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from kefu.cases import actions as cases
from kefu.cases.joining import merge
from kefu.cases.models import Case, Rating, Urge
from kefu.cases.tests.desk import page_of
from kefu.core.files.actions import store
from kefu.core.ledger.models import Event
from kefu.portal.progress import steps
from kefu.portal.tests.street import open_as, sent_in
from kefu.staff.models import Notice
from tests.cast import Cast, browse, present

pytestmark = pytest.mark.db
ACCEPTED = {"house_number": "1-201", "validity": "valid", "difficulty": "ordinary", "clarification": "致歉"}


@pytest.fixture
def case(client: Client, cast: Cast) -> Case:
    """A complaint sent in by the web; the browser follows the link of its confirmation."""
    at = timezone.now()
    made = sent_in(client, at, kind="complaint")
    open_as(client, made, at)
    return made


def page(client: Client, case: Case) -> str:
    return page_of(client.get(f"/portal/requests/{case.number}/"))


def handled(cast: Cast, case: Case, *names: str) -> Case:
    """The staff's moves, each with what it asks for."""
    asked: dict[str, tuple[Any, Any]] = {
        "accepted": (cast.agent, ACCEPTED),
        "graded": (cast.agent, {"cause": "service_faulty", "severity": "important"}),
        "dispatched": (
            cast.agent,
            {"handling_department": str(cast.engineering.pk), "arrangement": "今日查看"},
        ),
        "taken_on": (cast.engineering_supervisor, {}),
        "asked_customer": (cast.engineering_supervisor, {}),
        "resolved": (cast.engineering_supervisor, {"result": "已更换", "department_signature": "周涛"}),
    }
    for name in names:
        by, values = asked[name]
        case = cases.move(case, name, by=by, at=timezone.now(), values=values)
    return case


def test_progress_is_told_in_the_customers_words(case: Case, cast: Cast) -> None:
    case = handled(cast, case, "accepted", "graded", "dispatched", "taken_on")

    shown = [(one.title, one.standing) for one in steps(case, "zh")]

    assert shown == [
        ("已提交", "done"),
        ("已受理", "done"),
        ("已派单", "done"),
        ("处理中", "now"),
        ("待评价", "ahead"),
        ("已办结", "ahead"),
    ]


def test_a_step_passed_over_is_left_out_and_one_gone_back_to_lies_ahead_again(case: Case, cast: Cast) -> None:
    case = handled(cast, case, "accepted", "graded")
    at = timezone.now()
    case = cases.move(case, "handled_directly", by=cast.agent, at=at, values={"arrangement": "前台处理"})

    assert [one.title for one in steps(case, "zh") if one.standing != "ahead"] == [
        "已提交",
        "已受理",
        "处理中",
    ]


def test_nothing_internal_is_shown(client: Client, case: Case, cast: Cast) -> None:
    at = timezone.now()
    cases.add_message(case, by=cast.agent, at=at, body="客户上月已投诉两次", public=False)
    internal = cases.add_message(case, by=cast.agent, at=at, body="见附件", public=False)
    for name, message in (("内部.txt", internal), ("底稿.txt", None)):
        cases.attach(case, store(b"text", name, by=cast.agent, at=at), by=cast.agent, at=at, message=message)
    said = cases.add_message(case, by=cast.agent, at=at, body="今天下午上门", public=True)
    cases.attach(case, store(b"text", "通知.txt", by=cast.agent, at=at), by=cast.agent, at=at, message=said)

    shown = page(client, case)

    assert "今天下午上门" in shown
    assert "通知.txt" in shown
    for hidden in ("已投诉两次", "见附件", "内部.txt", "底稿.txt", "138", "important"):
        assert hidden not in shown
    for attachment in case.attachments.all():
        answer = client.get(f"/portal/requests/{case.number}/files/{attachment.file_id}/")
        assert answer.status_code == (200 if attachment.message == said else 404)


def test_a_reply_with_a_picture_is_the_answer_that_was_waited_for(
    client: Client, case: Case, cast: Cast
) -> None:
    handled(cast, case, "accepted", "graded", "dispatched", "taken_on", "asked_customer")
    assert "等待您答复" in page(client, case)

    picture = SimpleUploadedFile("灯.png", b"\x89PNG\r\n\x1a\n" + bytes(40))
    answer = client.post(
        f"/portal/requests/{case.number}/reply/", {"body": "周三都在家", "files": picture, "token": "t"}
    )

    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.state == "in_work"
    message = case.messages.latest("pk")
    assert (message.body, message.public, message.customer_id) == ("周三都在家", True, case.customer_id)
    assert message.attachments.get().file.name == "灯.png"
    assert Notice.objects.filter(kind="case.customer_wrote").get().person == cast.engineering_supervisor
    told = Event.objects.filter(kind="case.moved").latest("seq")
    assert (told.actor, told.data["name"]) == (f"customer:{case.customer_id}", "customer_answered")


def test_a_double_click_says_it_once(client: Client, case: Case) -> None:
    for _ in range(2):
        client.post(f"/portal/requests/{case.number}/reply/", {"body": "有人吗？", "token": "t"})

    assert case.messages.filter(body="有人吗？").count() == 1


def test_urging_is_told_to_the_owner_and_the_leader_once_for_a_promise(
    client: Client, case: Case, cast: Cast
) -> None:
    present(cast.engineering_supervisor, timezone.now())
    case = handled(cast, case, "accepted", "graded", "dispatched")
    Notice.objects.all().delete()
    first = client.post(f"/portal/requests/{case.number}/urge/", {"token": "a"})

    assert first.status_code == 302
    assert Urge.objects.get().person is None
    told = set(Notice.objects.filter(kind="case.nudged").values_list("person__login", flat=True))
    assert {"zhou", "li"} <= told  # engineering's supervisor has it, the manager is next up

    assert "催办</button>" not in page(client, case)
    second = client.post(f"/portal/requests/{case.number}/urge/", {"token": "b"})
    assert "portal.urged" in page_of(second)
    assert Urge.objects.count() == 1


def test_what_is_solved_is_confirmed_rated_and_taken_up_again_where_it_is_not(
    client: Client, case: Case, cast: Cast
) -> None:
    address = f"/portal/requests/{case.number}"
    assert "已经解决" not in page(client, case)
    early = client.post(f"{address}/rating/", {"marks": "5", "token": "0"})
    assert "rating.not_now" in page_of(early)

    case = handled(cast, case, "accepted", "graded", "dispatched", "taken_on", "resolved")
    client.post(f"{address}/move/", {"move": "confirmed", "token": "1"})
    client.post(
        f"{address}/rating/",
        {"marks": "4", "tags": ["prompt", "friendly"], "words": "谢谢", "token": "2"},
    )

    rating = Rating.objects.get()
    assert (rating.marks, rating.tags, rating.words) == (4, ["prompt", "friendly"], "谢谢")
    assert Event.objects.get(kind="case.rated").data == {"marks": 4, "tags": ["prompt", "friendly"]}
    desk = page_of(browse(Client(), cast.agent).get(f"/cases/{case.number}/"))
    assert "★★★★☆ 响应及时 态度好 · 谢谢" in desk
    assert ">客户<" in desk
    assert "<dd>网页</dd>" in desk
    shown = page(client, case)
    assert "已经解决</button>" not in shown
    assert "还没有解决" in shown

    refused = client.post(
        f"{address}/move/", {"move": "reopened", "reopened.reopen_reason": " ", "token": "3"}
    )
    assert refused.status_code == 422
    client.post(f"{address}/move/", {"move": "reopened", "reopened.reopen_reason": "灯又灭了", "token": "4"})

    case.refresh_from_db()
    assert case.state == "in_work"
    assert case.messages.latest("pk").body == "灯又灭了"


def test_no_move_of_the_staff_can_be_made_from_here(client: Client, case: Case) -> None:
    answer = client.post(f"/portal/requests/{case.number}/move/", {"move": "accepted", "token": "1"})

    assert answer.status_code == 403
    assert "flow.post" in page_of(answer)


def test_thirty_times_an_hour_is_enough(client: Client, case: Case) -> None:
    for n in range(30):
        client.post(f"/portal/requests/{case.number}/reply/", {"body": f"第 {n} 次", "token": str(n)})

    answer = client.post(f"/portal/requests/{case.number}/reply/", {"body": "再来一次", "token": "x"})

    assert answer.status_code == 429
    assert "再来一次" in page_of(answer)
    assert case.messages.count() == 31


def test_the_page_costs_the_same_whatever_the_length_of_the_story(
    client: Client, case: Case, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    at = timezone.now() - timedelta(minutes=1)
    for n in range(30):
        cases.add_message(case, by=cast.agent if n % 2 else cast.supervisor, at=at, body=f"{n}", public=True)

    with django_assert_max_num_queries(40):
        client.get(f"/portal/requests/{case.number}/")


def test_a_request_merged_into_another_of_the_same_customer_goes_on_there(
    client: Client, case: Case, cast: Cast
) -> None:
    at = timezone.now()
    second = sent_in(client, at, kind="complaint", body="还是那盏灯")
    open_as(client, second, at)
    merge(second, case, by=cast.supervisor, at=timezone.now())
    cases.add_message(case, by=cast.agent, at=timezone.now(), body="两份一起处理", public=True)

    assert f"/portal/requests/{case.number}/" in page(client, second)
    shown = page(client, case)
    assert "还是那盏灯" in shown
    assert "两份一起处理" in shown
    assert "合并" in page_of(client.get("/portal/requests/"))
