"""The desk's verbs as pages: what stands around a case, many at once, kept lists, who can be given what."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kefu.api.tests.calling import Program
from kefu.cases import actions, following, joining, urging
from kefu.cases.models import BulkRun, Capacity, Case, SavedView
from kefu.cases.tests.desk import complaint, desk_of, page_of, repair, token_in
from tests.cast import Cast

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def posted(desk: Client, path: str, **values: Any) -> Any:
    return desk.post(path, values)


def test_what_stands_around_a_case_is_a_fragment_and_a_page(cast: Cast) -> None:
    earlier, case = repair(cast), repair(cast)
    desk = desk_of(cast.agent)

    fragment = page_of(desk.get(f"/cases/{case.number}/beside/", headers={"HX-Request": "true"}))
    page = page_of(desk.get(f"/cases/{case.number}/beside/"))

    assert earlier.number in fragment
    assert "<html" not in fragment
    assert "<html" in page


def test_a_duplicate_is_merged_by_page_and_both_pages_say_so(cast: Cast) -> None:
    main, duplicate = repair(cast), repair(cast)
    actions.add_message(duplicate, by=cast.agent, at=timezone.now(), body="漏到楼下了", public=True)
    desk = desk_of(cast.agent)

    answer = posted(desk, f"/cases/{duplicate.number}/merge/", other=main.number)

    assert answer.status_code == 302
    assert f'href="/cases/{main.number}/"' in page_of(desk.get(f"/cases/{duplicate.number}/"))
    page = page_of(desk.get(f"/cases/{main.number}/"))
    assert "漏到楼下了" in page
    assert f'href="/cases/{duplicate.number}/"' in page


def test_who_sees_one_side_of_a_merge_is_not_told_of_the_other(cast: Cast) -> None:
    main, duplicate = repair(cast), complaint(cast)  # the complaint was sent to engineering
    actions.add_message(duplicate, by=cast.worker, at=timezone.now(), body="灯座已换", public=False)
    joining.merge(duplicate, main, by=cast.supervisor, at=timezone.now())
    desk, program = desk_of(cast.worker), Program(cast.worker)

    page, told = page_of(desk.get(f"/cases/{duplicate.number}/")), program.get(f"/cases/{duplicate.number}")

    assert "灯座已换" in page, "what they wrote stands there still"
    assert main.number not in page + str(told.json)
    assert told.json["merged_into"] is None
    assert desk.get(f"/cases/{main.number}/").status_code == 404
    seen = Program(cast.supervisor).get(f"/cases/{main.number}").json
    assert (seen["took_in"], seen["merged_into"]) == ([duplicate.number], None)


def test_a_refused_form_comes_back_with_what_was_typed(cast: Cast) -> None:
    case = repair(cast)
    desk = desk_of(cast.supervisor)

    answer = posted(
        desk, f"/cases/{case.number}/supervise/", reason="今日反馈进展", feedback_by="2020-01-01T10:00"
    )

    assert answer.status_code == 422
    assert "supervision.past" in page_of(answer)
    assert "今日反馈进展" in page_of(answer)


def test_a_case_of_others_looks_like_none(cast: Cast) -> None:
    case = repair(cast)
    desk = desk_of(cast.stranger)

    for verb in (
        "merge",
        "split",
        "watch",
        "pin",
        "remind",
        "nudge",
        "supervise",
        "answer",
        "again",
        "give-out",
    ):
        assert posted(desk, f"/cases/{case.number}/{verb}/").status_code == 404
    assert desk.get(f"/cases/{case.number}/beside/").status_code == 404


def test_one_follows_a_case_by_page(cast: Cast) -> None:
    case = repair(cast)
    desk = desk_of(cast.agent)
    for verb in ("watch", "pin"):
        posted(desk, f"/cases/{case.number}/{verb}/", on="1")
    at = timezone.localtime(timezone.now() + timedelta(hours=2))
    posted(desk, f"/cases/{case.number}/remind/", due_at=f"{at:%Y-%m-%dT%H:%M}", note="回电给王先生")

    page = page_of(desk.get(f"/cases/{case.number}/beside/", headers={"HX-Request": "true"}))
    assert page.count('aria-pressed="true"') == 2
    assert "回电给王先生" in page
    assert case.number in page_of(desk.get("/cases/?list=mine"))

    found = re.search(r'name="reminder" value="(\d+)"', page)
    assert found
    posted(desk, f"/cases/{case.number}/forget/", reminder=found[1])
    posted(desk, f"/cases/{case.number}/pin/", on="0")
    assert not case.reminders.exists()
    assert following.pinned(cast.agent, timezone.now()) == []


def test_a_supervision_is_answered_by_page(cast: Cast) -> None:
    case = actions.take(repair(cast), by=cast.agent, at=timezone.now())
    until = timezone.now() + timedelta(hours=2)
    urge = urging.supervise(case, by=cast.manager, at=timezone.now(), reason="今日反馈", feedback_by=until)

    posted(desk_of(cast.agent), f"/cases/{case.number}/answer/", urge=urge.pk, words="已约明早")

    assert "已约明早" in page_of(desk_of(cast.manager).get(f"/cases/{case.number}/beside/"))


def test_a_part_is_split_off_by_page(cast: Cast) -> None:
    case = repair(cast)
    said = actions.add_message(case, by=cast.agent, at=timezone.now(), body="另外电梯停了", public=True)
    desk = desk_of(cast.agent)

    answer = posted(
        desk, f"/cases/{case.number}/split/", message=said.pk, kind="complaint", subject="电梯停运"
    )

    made = Case.objects.get(subject="电梯停运")
    assert answer.status_code == 302
    assert case.number in page_of(desk.get(f"/cases/{made.number}/"))


def test_the_next_case_is_opened(cast: Cast) -> None:
    case = repair(cast, by=cast.supervisor)
    desk = desk_of(cast.agent)

    assert posted(desk, "/cases/next/").headers["Location"] == f"/cases/{case.number}/"
    assert "case.none_left" in page_of(posted(desk, "/cases/next/"))


def test_many_cases_are_chosen_looked_at_and_done(cast: Cast) -> None:
    free, taken = repair(cast, "甲"), repair(cast, "乙")
    actions.take(taken, by=cast.other_agent, at=timezone.now())
    desk = desk_of(cast.agent)
    chosen = page_of(posted(desk, "/cases/bulk/", case=[free.pk, taken.pk]))
    token = token_in(chosen)

    answer = posted(desk, "/cases/bulk/", case=[free.pk, taken.pk], verb="take", token=token)
    again = posted(desk, "/cases/bulk/", case=[free.pk, taken.pk], verb="take", token=token)
    looked_at = page_of(desk.get(answer.headers["Location"]))
    free.refresh_from_db()

    assert again.headers["Location"] == answer.headers["Location"]
    assert BulkRun.objects.count() == 1
    assert cast.other_agent.name in looked_at
    assert free.owner_id is None
    posted(desk, answer.headers["Location"] + "start/")
    free.refresh_from_db()
    assert free.owner_id == cast.agent.pk


def test_the_whole_list_is_meant_as_it_is_filtered(cast: Cast) -> None:
    for _ in range(3):
        repair(cast)
    desk = desk_of(cast.agent)

    answer = posted(
        desk, "/cases/bulk/", all="1", list="unassigned", kind="repair", verb="note", body="统一回复"
    )

    assert BulkRun.objects.get().total == 3
    assert answer.status_code == 302


def test_what_is_not_said_in_full_is_asked_again(cast: Cast) -> None:
    case = repair(cast)
    desk = desk_of(cast.agent)

    empty = posted(desk, "/cases/bulk/")
    nobody = posted(desk, "/cases/bulk/", case=case.pk, verb="assign", to="")
    foreign = posted(desk_of(cast.stranger), "/cases/bulk/", case=case.pk, verb="take")

    assert "bulk.none" in page_of(empty)
    assert "person.unknown" in page_of(nobody)
    assert "bulk.none" in page_of(foreign)


def test_a_list_is_kept_shown_and_deleted(cast: Cast) -> None:
    repair(cast)
    desk = desk_of(cast.agent)

    answer = posted(desk, "/cases/views/", do="save", name="待领报修", query="list=unassigned&kind=repair")

    assert answer.headers["Location"] == "/cases/?list=unassigned&kind=repair&sort=due"
    assert "待领报修" in page_of(desk.get("/cases/"))
    view = SavedView.objects.get()
    assert posted(desk_of(cast.other_agent), "/cases/views/", do="delete", view=view.pk).status_code == 422
    posted(desk, "/cases/views/", do="delete", view=view.pk)
    assert not SavedView.objects.exists()


def test_leaders_say_by_page_what_a_colleague_can_be_given(cast: Cast) -> None:
    desk = desk_of(cast.supervisor)
    assert 'href="/cases/capacities/"' in page_of(desk.get("/team/")), "reached from the board"
    assert cast.agent.name in page_of(desk.get("/cases/capacities/"))

    posted(desk, f"/cases/capacities/{cast.agent.pk}/", kind=["repair"], most="8")

    assert Capacity.objects.get(person=cast.agent).most == 8
    refused = posted(desk, f"/cases/capacities/{cast.agent.pk}/", most="viel")
    assert "capacity.most" in page_of(refused)
    assert posted(desk_of(cast.agent), f"/cases/capacities/{cast.agent.pk}/", most="1").status_code == 403


def test_registering_warns_of_what_was_said_before(cast: Cast) -> None:
    case = repair(cast, "三号楼电梯停运无人处理")
    desk = desk_of(cast.agent)
    asked = {"kind": "repair", "subject": "三号楼电梯停运", "customer": "new"}

    assert case.number in page_of(desk.get("/cases/alike/", asked))
    assert case.number not in page_of(desk_of(cast.stranger).get("/cases/alike/", asked))
    assert case.number not in page_of(desk.get("/cases/alike/", asked | {"subject": "灯"}))


def test_a_row_says_how_often_it_was_nudged(cast: Cast) -> None:
    case = repair(cast)
    urging.nudge(case, by=cast.other_agent, at=timezone.now(), reason="客户又来电")

    assert 'title="催办：1"' in page_of(desk_of(cast.agent).get("/cases/?list=all"))
