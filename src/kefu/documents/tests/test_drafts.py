"""Drafts: one for each person and page, nobody else's, and never over what another window did."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from kefu.cases.tests.desk import desk_of
from kefu.core.db import write
from kefu.core.jobs import actions as jobs
from kefu.core.jobs.models import Job
from kefu.core.ledger import queries as ledger
from kefu.documents import drafts
from kefu.documents.models import Draft
from kefu.staff.models import Person
from tests.cast import FOUNDED, Cast, refuses

pytestmark = pytest.mark.db
PLACE = "/cases/WX20261122-0001/"
MORNING = FOUNDED + timedelta(days=10)
TYPED = {"message": {"body": ["已联系业主"], "public": ["1"]}}


def save(
    person: Person, forms: Any, version: str = "", place: str = PLACE, at: Any = MORNING
) -> Draft | None:
    return drafts.save(person, place, forms, version=version, at=at)


def test_a_draft_is_its_authors_alone_and_not_on_the_ledger(cast: Cast) -> None:
    seq = ledger.head()
    save(cast.agent, TYPED)

    assert drafts.draft_of(cast.agent, PLACE).forms == TYPED
    assert drafts.draft_of(cast.other_agent, PLACE) is None
    assert drafts.draft_of(cast.agent, "/cases/register/") is None
    assert ledger.head() == seq


def test_each_form_is_saved_and_dropped_by_itself(cast: Cast) -> None:
    first = save(cast.agent, TYPED)
    second = save(cast.agent, {"accepted": {"accepted.size": ["small"]}}, first.version)
    third = save(cast.agent, {"message": None}, second.version)

    assert third.forms == {"accepted": {"accepted.size": ["small"]}}
    assert save(cast.agent, {"accepted": None}, third.version) is None
    assert not Draft.objects.exists()


def test_two_windows_do_not_write_over_each_other(cast: Cast) -> None:
    first = save(cast.agent, TYPED)
    second = save(cast.agent, {"message": {"body": ["已联系业主，今日上门"]}}, first.version)

    with refuses("draft.changed"):
        save(cast.agent, {"message": {"body": ["另一个窗口"]}}, first.version)
    with refuses("draft.changed"):
        save(cast.agent, {"message": {"body": ["没有见过草稿的窗口"]}})
    assert drafts.draft_of(cast.agent, PLACE).forms == second.forms
    assert save(cast.agent, second.forms, first.version).version == second.version, (
        "the same again is no conflict"
    )


def test_a_window_that_does_not_know_of_the_sending_cannot_bring_the_draft_back(cast: Cast) -> None:
    draft = save(cast.agent, TYPED)
    with write():
        drafts.forget(cast.agent, PLACE, "message")

    with refuses("draft.changed"):
        save(cast.agent, {"message": {"body": ["已联系业主!"]}}, draft.version)
    assert not Draft.objects.exists()


def test_what_is_sent_takes_only_its_form_out_of_the_draft(cast: Cast) -> None:
    save(cast.agent, TYPED | {"accepted": {"accepted.size": ["small"]}})
    with write():
        drafts.forget(cast.agent, PLACE, "message")

    assert drafts.draft_of(cast.agent, PLACE).forms == {"accepted": {"accepted.size": ["small"]}}


def test_what_was_taken_back_does_not_push_out_what_stands_there(cast: Cast) -> None:
    save(cast.agent, {"message": {"body": ["新的话"]}})
    with write():
        drafts.give_back(cast.agent, PLACE, "message", {"body": ["撤回的话"]}, at=MORNING)
        drafts.give_back(cast.other_agent, PLACE, "message", {"body": ["撤回的话"]}, at=MORNING)

    assert drafts.draft_of(cast.agent, PLACE).forms["message"]["body"] == ["新的话"]
    assert drafts.draft_of(cast.other_agent, PLACE).forms["message"]["body"] == ["撤回的话"]


def test_what_is_too_long_or_no_form_is_refused(cast: Cast) -> None:
    with refuses("draft.too_long"):
        save(cast.agent, {"message": {"body": ["长" * drafts.LONGEST]}})
    for wrong in ({"message": "text"}, {"message": {"body": "text"}}, {"message": {"body": [1]}}):
        with refuses("draft.unreadable"):
            save(cast.agent, wrong)
    with refuses("draft.unreadable"):
        save(cast.agent, TYPED, place="https://elsewhere/")
    assert not Draft.objects.exists()


def test_the_oldest_page_gives_way_when_there_are_too_many(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MOST", 3)
    for number in range(5):
        save(cast.agent, TYPED, place=f"/cases/{number}/", at=MORNING + timedelta(minutes=number))
    save(cast.other_agent, TYPED)

    kept = Draft.objects.filter(person=cast.agent).order_by("place").values_list("place", flat=True)
    assert list(kept) == ["/cases/2/", "/cases/3/", "/cases/4/"]
    assert Draft.objects.count() == 4


def test_after_ninety_days_a_draft_is_gone(cast: Cast) -> None:
    save(cast.agent, TYPED, at=MORNING - drafts.KEPT - timedelta(minutes=1))
    save(cast.agent, TYPED, place="/cases/register/", at=MORNING - drafts.KEPT + timedelta(minutes=1))
    jobs.arm_ticks(at=MORNING)
    Job.objects.exclude(handler="documents.drafts").delete()
    for run in jobs.take(at=MORNING, worker="w", limit=1):
        jobs.carry_out(run, at=MORNING)

    assert [draft.place for draft in Draft.objects.all()] == ["/cases/register/"]


def test_the_browser_saves_and_is_told_of_another_window(cast: Cast) -> None:
    desk = desk_of(cast.agent)
    sent = {"place": PLACE, "version": "", "forms": json.dumps(TYPED)}

    first = desk.post("/drafts/", sent)
    again = desk.post("/drafts/", sent | {"forms": json.dumps({"message": {"body": ["别的"]}})})
    wrong = desk.post("/drafts/", sent | {"forms": "[" * 100_000})

    draft = Draft.objects.get()
    assert first.json() == {
        "version": draft.version,
        "saved": f"{timezone.localtime(draft.saved_at, timezone.get_default_timezone()):%H:%M}",
    }
    assert (again.status_code, again.json()["code"], again.json()["forms"]) == (409, "draft.changed", TYPED)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "draft.unreadable")
