"""An answer that can be taken back for ten seconds, and never goes out twice."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from kefu.cases import actions, outgoing
from kefu.cases.models import Case, Message
from kefu.cases.tests.desk import desk_of, page_of, repair, token_in
from kefu.core.jobs import actions as jobs
from kefu.core.jobs.models import Job
from kefu.core.jobs.running import Run
from kefu.core.ledger import queries as ledger
from kefu.core.ledger.models import Event
from kefu.documents import drafts
from kefu.staff.actions import leave_company
from kefu.staff.models import Notice
from tests.cast import Cast, refuses

pytestmark = pytest.mark.db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def case(cast: Cast) -> Case:
    return repair(cast)


def url(case: Case, verb: str = "") -> str:
    return f"/cases/{case.number}/" + (f"{verb}/" if verb else "")


def answer(case: Case, cast: Cast, at: datetime, body: str = "师傅今日上门", **more: Any) -> Job | None:
    return outgoing.answer(case, by=cast.agent, at=at, body=body, **{"token": body, **more})


def work(at: datetime) -> int:
    """What a worker does of the answers at the instant."""
    runs = jobs.take(at=at, worker="w", limit=5)
    for run in runs:
        jobs.carry_out(run, at=at)
    return len(runs)


def bodies(case: Case) -> list[str]:
    return list(case.messages.order_by("pk").values_list("body", flat=True))


def place(case: Case) -> str:
    return url(case)


def test_an_answer_goes_out_after_ten_seconds_and_not_before(case: Case, cast: Cast, now: datetime) -> None:
    before, head = bodies(case), ledger.head()
    answer(case, cast, now)

    assert work(now + timedelta(seconds=9)) == 0
    assert (bodies(case), ledger.head()) == (before, head), "until then nothing has happened"
    assert work(now + outgoing.HOLD) == 1
    assert bodies(case) == [*before, "师傅今日上门"]
    assert Message.objects.latest("pk").public
    assert Message.objects.latest("pk").at == now + outgoing.HOLD
    assert Job.objects.get(handler="cases.answer").arguments == {}, "its text is not kept twice"


def test_taken_back_it_is_a_draft_again_and_never_goes(case: Case, cast: Cast, now: datetime) -> None:
    before, job = bodies(case), answer(case, cast, now)
    with refuses("case.answer_gone"):
        outgoing.take_back(case, job.pk, by=cast.supervisor, at=now)

    outgoing.take_back(case, job.pk, by=cast.agent, at=now + timedelta(seconds=9))

    assert work(now + timedelta(hours=1)) == 0
    assert bodies(case) == before
    draft = drafts.draft_of(cast.agent, place(case))
    assert draft.forms == {"message": {"body": ["师傅今日上门"], "public": ["1"]}}
    assert Job.objects.get(handler="cases.answer").arguments == {}


def test_once_gone_it_cannot_be_taken_back(case: Case, cast: Cast, now: datetime) -> None:
    job = answer(case, cast, now)
    work(now + outgoing.HOLD)
    with refuses("case.answer_gone"):
        outgoing.take_back(case, job.pk, by=cast.agent, at=now + outgoing.HOLD)
    assert drafts.draft_of(cast.agent, place(case)) is None


def test_what_is_just_going_cannot_be_taken_back(case: Case, cast: Cast, now: datetime) -> None:
    job = answer(case, cast, now)
    (run,) = jobs.take(at=now + outgoing.HOLD, worker="w", limit=1)
    with refuses("case.answer_gone"):
        outgoing.take_back(case, job.pk, by=cast.agent, at=now + outgoing.HOLD)
    assert outgoing.let_go(case, by=cast.agent, at=now + outgoing.HOLD)

    jobs.carry_out(run, at=now + outgoing.HOLD)
    assert bodies(case).count("师傅今日上门") == 1


def test_what_would_be_refused_is_refused_at_once(case: Case, cast: Cast, now: datetime) -> None:
    head = ledger.head()
    with refuses("message.empty"):
        answer(case, cast, now, body=" ", token="a")
    with refuses("flow.unknown_move"):
        answer(case, cast, now, move="no_such_move")
    with refuses("work.changed"):
        answer(case, cast, now, revision=case.revision + 1)
    assert not outgoing.waiting(case, cast.agent)
    assert ledger.head() == head


def test_what_cannot_go_any_more_comes_back_with_the_reason(case: Case, cast: Cast, now: datetime) -> None:
    answer(case, cast, now)
    actions.void(case, by=cast.supervisor, at=now, reason="登记错误")

    work(now + outgoing.HOLD)

    assert "师傅今日上门" not in bodies(case)
    assert drafts.draft_of(cast.agent, place(case)).forms["message"]["body"] == ["师傅今日上门"]
    notice = Notice.objects.get(person=cast.agent, kind="case.answer_not_sent")
    assert "已作废" in notice.data["zh"]


def test_who_left_meanwhile_says_nothing_more(case: Case, cast: Cast, now: datetime) -> None:
    answer(case, cast, now)
    leave_company(cast.agent, by=cast.owner, at=now)
    work(now + outgoing.HOLD)
    assert "师傅今日上门" not in bodies(case)


def test_what_one_does_next_comes_after_what_one_said(case: Case, cast: Cast, now: datetime) -> None:
    answer(case, cast, now, body="第一句")
    answer(case, cast, now, body="第二句")

    assert bodies(case)[-1] == "第一句"
    assert [job.arguments["body"] for job in outgoing.waiting(case, cast.agent)] == ["第二句"]
    desk = desk_of(cast.agent)
    desk.post(
        url(case, "move"), {"move": "accepted", "accepted.fault": "dripping_tap", "accepted.size": "small"}
    )

    kinds = list(Event.objects.filter(subject_id=str(case.pk)).order_by("seq").values_list("kind", flat=True))
    assert bodies(case)[-2:] == ["第一句", "第二句"]
    assert kinds.index("case.moved") > max(
        at for at, kind in enumerate(kinds) if kind == "case.message_added"
    )


def test_an_answer_and_its_move_go_together(cast: Cast, now: datetime) -> None:
    asked = actions.register("enquiry", department=cast.sales, by=cast.stranger, at=now, subject="问询")
    outgoing.answer(asked, by=cast.stranger, at=now, body="已记录", move="taken", token="t")
    asked.refresh_from_db()
    state = asked.state

    work(now + outgoing.HOLD)

    asked.refresh_from_db()
    assert (state, asked.state) == (asked.flow.start, asked.flow.moves["taken"].to)
    assert bodies(asked) == ["已记录"]


def test_what_has_long_gone_leaves_no_job(case: Case, cast: Cast, now: datetime) -> None:
    answer(case, cast, now)
    work(now + outgoing.HOLD)
    outgoing.drop_old(Run(0, "w", 0, {}, ""), now + outgoing.HOLD + outgoing.KEPT)
    assert Job.objects.filter(handler="cases.answer").exists()
    outgoing.drop_old(Run(0, "w", 0, {}, ""), now + timedelta(days=3))
    assert not Job.objects.filter(handler="cases.answer").exists()


def test_close_to_a_due_promise_it_goes_at_once(case: Case, cast: Cast, now: datetime) -> None:
    due = Case.objects.get(pk=case.pk).due_at
    assert due is not None
    assert answer(case, cast, due - timedelta(seconds=30)) is None
    assert bodies(case)[-1] == "师傅今日上门"
    assert answer(case, cast, due - timedelta(minutes=2), body="不急") is not None


def test_two_presses_of_one_form_are_one_answer(case: Case, cast: Cast, now: datetime) -> None:
    desk = desk_of(cast.agent)
    sent = {"body": "师傅今日上门", "public": "1", "token": token_in(page_of(desk.get(url(case))))}
    for _ in range(2):
        assert desk.post(url(case, "message"), sent).status_code == 302
    work(timezone.now() + outgoing.HOLD)
    assert desk.post(url(case, "message"), sent).status_code == 302  # the network tries again, later
    work(timezone.now() + outgoing.HOLD * 2)

    assert bodies(case).count("师傅今日上门") == 1


def test_its_author_alone_sees_it_wait(case: Case, cast: Cast, now: datetime) -> None:
    desk = desk_of(cast.agent)
    desk.post(url(case, "message"), {"body": "师傅今日上门", "public": "1"})
    (job,) = outgoing.waiting(case, cast.agent)

    assert "师傅今日上门" in page_of(desk.get(url(case)))
    assert "师傅今日上门" not in page_of(desk_of(cast.supervisor).get(url(case)))

    refused = desk_of(cast.supervisor).post(url(case, "take-back"), {"answer": job.pk})
    assert (refused.status_code, "case.answer_gone" in page_of(refused)) == (422, True)
    assert desk.post(url(case, "take-back"), {"answer": job.pk}).status_code == 302
    kept = re.search(r'<script id="draft"[^>]*>(.*?)</script>', desk.get(url(case)).content.decode())
    assert json.loads(kept[1])["forms"]["message"]["body"] == ["师傅今日上门"], "for the composer again"
    assert not outgoing.waiting(case, cast.agent)


def test_somebody_elses_answer_meanwhile_is_shown_before_a_second_one_goes(case: Case, cast: Cast) -> None:
    desk = desk_of(cast.agent)
    shown = page_of(desk.get(url(case)))
    seen = timezone.now().isoformat()
    actions.add_message(case, by=cast.supervisor, at=timezone.now(), body="已回复业主", public=True)
    sent = {"body": "师傅今日上门", "public": "1", "revision": case.revision, "seen": seen}

    refused = desk.post(url(case, "message"), sent | {"token": token_in(shown)})
    page = page_of(refused)

    assert (refused.status_code, "work.changed" in page) == (409, True)
    assert "师傅今日上门" in page
    assert page.count(" fresh") == 1
    case.refresh_from_db()
    again = desk.post(url(case, "message"), sent | {"revision": case.revision, "token": token_in(page)})
    assert again.status_code == 302
    note = sent | {"public": "0", "revision": "1", "body": "内部记录", "token": "n"}
    assert desk.post(url(case, "message"), note).status_code == 302, "a note disturbs nobody"
