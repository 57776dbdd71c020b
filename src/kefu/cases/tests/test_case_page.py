"""The page of a case: what it says, what it lets one do, and how it refuses."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kefu.cases import actions
from kefu.cases.models import Attachment, Case, Message
from kefu.cases.tests.desk import complaint, desk_of, page_of, repair, token_in
from kefu.core.ledger.models import Event
from tests.cast import Cast
from tests.printed import sizes_of, text_of

pytestmark = [pytest.mark.db, pytest.mark.django_db]
TOKENS = re.compile(r'(name="csrfmiddlewaretoken" value|name="csrf-token" content)="\w+"')
ACCEPT = {"move": "accepted", "accepted.fault": "dripping_tap", "accepted.size": "small"}


def url(case: Case, verb: str = "") -> str:
    return f"/cases/{case.number}/{verb}/" if verb else f"/cases/{case.number}/"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_says_what_and_by_when_and_why(cast: Cast, language: str) -> None:
    cast.agent.language = language
    cast.agent.save()
    case = complaint(cast)

    page = page_of(desk_of(cast.agent).get(url(case)))

    words = {
        "zh-hans": (
            "投诉",
            "已派部门",
            "首次联系客户",
            "为什么？",
            "投诉时限第",
            "派单 → 已派部门",
            "处理部门：工程部",
        ),
        "en": (
            "complaint",
            "first contact",
            "why?",
            " no. ",
            "handling department: 工程部",
        ),
    }
    for word in words[language]:
        assert word.lower() in page.lower(), word


def test_a_case_of_others_and_a_case_that_is_not_there_look_alike(cast: Cast) -> None:
    case = repair(cast)
    stranger = desk_of(cast.stranger)

    for verb in ("", "move", "message", "fill", "take", "assign", "void", "link"):
        send = stranger.post if verb else stranger.get
        known, missing = send(url(case, verb)), send(url(case, verb).replace(case.number, "WX20990101-0001"))
        assert (known.status_code, missing.status_code) == (404, 404), verb
        alike = [TOKENS.sub("", page_of(answer)) for answer in (known, missing)]
        assert alike[0].replace(case.number, "") == alike[1].replace("WX20990101-0001", "")


def test_a_move_is_made_with_its_form(cast: Cast) -> None:
    case, desk = repair(cast), desk_of(cast.agent)

    answer = desk.post(url(case, "move"), {**ACCEPT, "revision": case.revision})

    case.refresh_from_db()
    assert (answer.status_code, answer["Location"], case.state) == (302, url(case), "accepted")


def test_a_missing_field_is_said_at_the_form_and_what_was_typed_stays(cast: Cast) -> None:
    case, desk = repair(cast), desk_of(cast.agent)

    answer = desk.post(
        url(case, "move"), {"move": "accepted", "accepted.size": "medium", "accepted.fault": ""}
    )

    page = page_of(answer)
    assert answer.status_code == 422
    assert "flow.fill" in page
    assert "故障" in page
    assert 'value="medium" checked' in page
    case.refresh_from_db()
    assert case.state == "reported"


def test_a_move_by_the_wrong_post_is_refused_and_its_reason_is_shown_before(cast: Cast) -> None:
    case = repair(cast)
    manager = desk_of(cast.manager)
    assert "值班员或接待人员" in page_of(manager.get(url(case)))

    answer = manager.post(url(case, "move"), ACCEPT)

    assert answer.status_code == 403
    assert "flow.post" in page_of(answer)
    case.refresh_from_db()
    assert case.state == "reported"


def test_a_form_made_from_an_older_state_is_refused_and_kept(cast: Cast) -> None:
    case, desk = repair(cast), desk_of(cast.agent)
    seen = case.revision
    actions.add_message(case, by=cast.other_agent, at=timezone.now(), body="客户又来电", public=False)

    answer = desk.post(url(case, "move"), {**ACCEPT, "revision": seen})

    assert answer.status_code == 409
    assert "work.changed" in page_of(answer)
    assert f'name="revision" value="{seen + 1}"' in page_of(answer)  # sending it again now works


def test_a_form_sent_twice_is_done_once(cast: Cast) -> None:
    case, desk = repair(cast), desk_of(cast.agent)
    form = {"token": token_in(page_of(desk.get(url(case)))), "public": "0", "body": "已电话核实"}

    answers = [desk.post(url(case, "message"), form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Message.objects.filter(case=case, body="已电话核实").count() == 1
    desk.post(url(case, "message"), {**form, "body": "另一条"})  # the same page, other words: a new message
    assert Message.objects.filter(case=case, body="另一条").count() == 1


def test_two_people_take_one_case_and_the_second_is_told_who_was_first(cast: Cast) -> None:
    case = repair(cast)

    first = desk_of(cast.agent).post(url(case, "take"))
    second = desk_of(cast.other_agent).post(url(case, "take"))

    assert first.status_code == 302
    assert second.status_code == 409
    assert "case.taken" in page_of(second)
    assert "陈静" in page_of(second)


def test_people_of_other_departments_take_only_what_reached_them(cast: Cast) -> None:
    case = repair(cast)  # seen by the quality manager, who sees the company

    answer = desk_of(cast.quality_manager).post(url(case, "take"))

    assert answer.status_code == 403
    assert "case.may_not" in page_of(answer)


@pytest.mark.parametrize("to", ["", "abc", "999999", "9" * 30, "-1", "１"])
def test_an_id_that_nobody_has_is_refused_by_name(cast: Cast, to: str) -> None:
    case, desk = repair(cast), desk_of(cast.supervisor)

    answer = desk.post(url(case, "assign"), {"to": to})

    assert answer.status_code == 422
    assert "person.unknown" in page_of(answer)


def test_a_case_is_not_given_to_somebody_who_could_not_open_it(cast: Cast) -> None:
    case = repair(cast)

    answer = desk_of(cast.supervisor).post(url(case, "assign"), {"to": str(cast.stranger.pk)})

    assert answer.status_code == 422
    assert "case.not_visible_to" in page_of(answer)


def test_a_department_that_was_not_offered_is_refused(cast: Cast) -> None:
    case, desk = complaint(cast), desk_of(cast.agent)
    case = actions.move(
        case,
        "returned",
        by=cast.engineering_supervisor,
        at=timezone.now(),
        values={"return_reason": "非本部门"},
    )
    form = {
        "move": "dispatched",
        "dispatched.handling_department": str(cast.sales.pk),
        "dispatched.arrangement": "请处理",
    }

    answer = desk.post(url(case, "move"), form)

    assert answer.status_code == 422
    assert "form.invalid" in page_of(answer)
    assert not case.reaches.filter(department=cast.sales).exists()


def test_the_department_it_was_sent_to_takes_it_on_and_answers(cast: Cast) -> None:
    case = complaint(cast)
    engineering = desk_of(cast.engineering_supervisor)
    assert "部门接单" in page_of(engineering.get(url(case)))

    engineering.post(url(case, "move"), {"move": "taken_on"})
    told = {"move": "customer_contacted", "customer_contacted.contact_note": "已致电"}
    answer = engineering.post(url(case, "move"), told)

    case.refresh_from_db()
    assert (answer.status_code, case.state) == (302, "in_work")


def test_void_asks_for_a_reason_and_a_right(cast: Cast) -> None:
    case = repair(cast, at=timezone.now() - timedelta(days=2))

    too_late = desk_of(cast.agent).post(url(case, "void"), {"reason": "重复"})
    without = desk_of(cast.supervisor).post(url(case, "void"), {"reason": " "})
    answer = desk_of(cast.supervisor).post(url(case, "void"), {"reason": "与昨日工单重复"})

    assert "case.may_not" in page_of(too_late)
    assert "line.missing" in page_of(without)
    assert answer.status_code == 302
    assert "与昨日工单重复" in page_of(desk_of(cast.agent).get(url(case)))


def test_links_show_only_cases_that_one_may_see(cast: Cast) -> None:
    case, other = complaint(cast), repair(cast, subject="电梯异响")
    unknown = desk_of(cast.agent).post(url(case, "link"), {"other": "TS20200101-0001", "kind": "same"})
    answer = desk_of(cast.agent).post(url(case, "link"), {"other": other.number, "kind": "same"})

    assert (unknown.status_code, answer.status_code) == (422, 302)
    assert other.number in page_of(desk_of(cast.agent).get(url(case)))
    engineering = page_of(
        desk_of(cast.engineering_supervisor).get(url(case))
    )  # only the complaint reached it
    assert case.number in engineering
    assert other.number not in engineering


def test_fields_that_no_move_fills_are_completed_by_those_who_work_on_it(cast: Cast) -> None:
    case = repair(cast)

    answer = desk_of(cast.agent).post(
        url(case, "fill"), {"fill.house_number": "3-0301", "fill.surname": "王"}
    )
    refused = desk_of(cast.manager).post(url(case, "fill"), {"fill.house_number": "4"})
    empty = desk_of(cast.agent).post(url(case, "fill"), {"fill.surname": ""})

    case.refresh_from_db()
    assert (answer.status_code, case.values["house_number"]) == (302, "3-0301")
    assert "case.may_not" in page_of(refused)
    assert "form.missing" in page_of(empty)


def test_a_field_that_a_move_fills_is_not_taken_from_the_form_beside_it(cast: Cast) -> None:
    case = complaint(cast)

    desk_of(cast.agent).post(
        url(case, "fill"), {"fill.company_decision": "免责", "fill.house_number": "9-901"}
    )

    case.refresh_from_db()
    assert "company_decision" not in case.values
    assert case.values["house_number"] == "1-201"


def upload(name: str, content: bytes) -> dict[str, Any]:
    return {"public": "0", "body": "", "files": SimpleUploadedFile(name, content)}


def test_a_file_comes_back_as_opaque_bytes_and_only_through_its_case(cast: Cast) -> None:
    case, other = repair(cast), repair(cast, subject="另一单")
    desk = desk_of(cast.agent)
    content = b"<script>alert(1)</script>"
    assert desk.post(url(case, "message"), upload("现场 记录.html", content)).status_code == 302
    file = Attachment.objects.get(case=case).file_id

    answer = desk.get(f"/cases/{case.number}/files/{file}/")

    assert answer.content == content
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert desk.get(f"/cases/{other.number}/files/{file}/").status_code == 404
    assert desk_of(cast.stranger).get(f"/cases/{case.number}/files/{file}/").status_code == 404


def test_html_that_calls_itself_a_picture_is_refused_and_nothing_is_kept(cast: Cast) -> None:
    case, desk = repair(cast), desk_of(cast.agent)
    form = {**upload("现场.png", b"<html><script>alert(1)</script></html>"), "body": "请看照片"}

    answer = desk.post(url(case, "message"), form)

    assert answer.status_code == 422
    assert "file.not_what_it_says" in page_of(answer)
    assert "请看照片" in page_of(answer)
    assert not Message.objects.filter(case=case, body="请看照片").exists()


def test_a_page_of_a_long_story_asks_as_often_as_that_of_a_short_one(cast: Cast) -> None:
    case, desk = complaint(cast), desk_of(cast.agent)
    actions.add_message(case, by=cast.agent, at=timezone.now(), body="首条记录", public=False)
    desk.get(url(case))  # what a process learns once
    with CaptureQueriesContext(connection) as short:
        desk.get(url(case))
    for number in range(30):
        actions.add_message(case, by=cast.agent, at=timezone.now(), body=f"记录 {number}", public=False)

    with CaptureQueriesContext(connection) as long:
        desk.get(url(case))

    assert len(long) == len(short) < 45


@pytest.mark.parametrize("sheet", ["register", "dispatch", "liaison"])
def test_paper_forms_are_printed_by_those_who_may_see_the_case(cast: Cast, sheet: str) -> None:
    case = complaint(cast)

    answer = desk_of(cast.agent).get(f"/cases/{case.number}/print/{sheet}/")

    assert answer["Content-Type"] == "application/pdf"
    assert sizes_of(answer.content) == [(210, 297)]
    for said in (case.number, "厨房水管滴水", "云庭物业 客服中心"):
        assert said in text_of(answer.content)
    assert desk_of(cast.stranger).get(f"/cases/{case.number}/print/{sheet}/").status_code == 404
    assert desk_of(cast.agent).get(f"/cases/{case.number}/print/salary/").status_code == 404


def test_text_is_shown_as_text(cast: Cast) -> None:
    case = repair(cast, subject="<script>alert('主题')</script>", body="<img src=x onerror=alert(1)>")

    raw = desk_of(cast.agent).get(url(case)).content.decode()

    assert "<script>alert" not in raw
    assert "<img src=x" not in raw
    assert Event.objects.filter(subject_kind="case", subject_id=str(case.pk)).exists()


@pytest.mark.parametrize("number", ["%00", "TS%00", "%F0%9F%98%80", "..%2F..", "TS" + "9" * 200])
def test_a_number_that_nobody_gave_is_unknown(cast: Cast, number: str) -> None:
    desk = desk_of(cast.agent)

    assert desk.get(f"/cases/{number}/").status_code == 404
    assert desk.get(f"/duties/{number}/").status_code == 404
    linked = desk.post(url(repair(cast), "link"), {"other": "TS\x00", "kind": "same"})
    assert "case.unknown" in page_of(linked)


def test_a_paper_that_a_move_asks_for_is_kept_with_the_case(cast: Cast) -> None:
    at = timezone.now()
    values = {"subject": "major_change", "decided_at": "2026-11-20 10:00"}
    case = actions.register(
        "committee_bulletin",
        department=cast.service_centre,
        by=cast.agent,
        at=at,
        subject="更换物业用房",
        values=values,
    )
    desk, paper = desk_of(cast.agent), SimpleUploadedFile("签收单.pdf", b"%PDF-1.7 signed")

    without = desk.post(url(case, "move"), {"move": "delivered", "delivered.text": "通报"})
    answer = desk.post(
        url(case, "move"), {"move": "delivered", "delivered.text": "通报", "delivered.signed_copy": paper}
    )

    assert "flow.fill" in page_of(without)
    assert answer.status_code == 302
    page = page_of(desk.get(url(case)))
    assert "签收件：签收单.pdf" in page
    assert f"/files/{Attachment.objects.get(case=case).file_id}/" in page
