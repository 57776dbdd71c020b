"""A program fills in a form, signs it, corrects it and fetches the paper, as people do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kefu.api.tests.calling import Program
from kefu.cases.models import Reach
from kefu.cases.tests.desk import repair
from kefu.documents.models import Document
from kefu.documents.tests.paperwork import ANSWERS, SIGNED, with_forms
from tests.cast import Cast

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def test_a_document_from_the_draft_to_the_correction(cast: Cast):
    with_forms(cast, timezone.now() - timedelta(days=1))
    agent, leader, stranger = Program(cast.agent), Program(cast.supervisor), Program(cast.stranger)
    wrong = agent.post("/documents", {"kind": "visit_sheet", "values": {**ANSWERS, "total": 80}})
    assert (wrong.status, wrong.code) == (422, "form.invalid")
    assert "80" in wrong.json["en"]
    assert "72" in wrong.json["en"]

    made = agent.post("/documents", {"kind": "visit_sheet", "values": ANSWERS})
    assert made.status == 201, made.json
    number = made.json["number"]
    assert (made.json["state"], made.json["fields"]["telephone"]) == ("draft", "138****5678")
    assert stranger.get(f"/documents/{number}").code == "document.unknown"
    assert leader.post(f"/documents/{number}/fill", {"values": {"opinion": "x"}}).code == "document.not_yours"
    assert agent.post(f"/documents/{number}/fill", {"values": {"opinion": "很好"}}).status == 200

    moves = f"/documents/{number}/moves"
    assert agent.post(moves, {"move": "signed", "values": SIGNED}).json["state"] == "signed"
    assert agent.post(moves, {"move": "filed", "values": {"approval": "陈静"}}).code == "flow.post"
    assert [one["number"] for one in leader.get("/documents?of=waiting").json["items"]] == [number]
    done = leader.post(moves, {"move": "filed", "values": {"approval": "赵敏"}}).json
    assert [(one["field"], one["name"], one["post"]) for one in done["signatures"]] == [
        ("customer_signature", "王芳", ""),
        ("signature", "陈静", "agent"),
        ("approval", "赵敏", "supervisor"),
    ]
    assert agent.post(f"/documents/{number}/fill", {"values": {"opinion": "改"}}).code == "document.signed"

    newer = agent.post(f"/documents/{number}/correct", {"reason": "日期写错"})
    assert (newer.status, newer.json["corrects"], newer.json["edition"]) == (201, number, 2)
    assert agent.post(f"/documents/{number}/correct", {"reason": "又错"}).status == 409


def test_a_document_is_begun_for_work_that_reached_the_caller_and_in_departments_where_the_page_allows_it(
    cast: Cast,
):
    at = timezone.now() - timedelta(days=1)
    with_forms(cast, at)
    case, elsewhere = repair(cast), Program(cast.engineering_supervisor)
    note = {"kind": "plain_note", "values": {"text": "已到场"}, "origin": f"case:{case.pk}"}
    assert elsewhere.post("/documents", note).code == "document.no_origin"
    here = {"kind": "plain_note", "values": {"text": "x"}, "department": cast.service_centre.pk}
    assert elsewhere.post("/documents", here).code == "document.elsewhere"
    assert elsewhere.post("/documents", {**here, "department": 987654}).code == "department.unknown"

    Reach.objects.create(case=case, department=cast.engineering, at=at)

    made = elsewhere.post("/documents", note)
    assert (made.status, made.json["origin"]) == (201, f"case:{case.pk}")
    assert Document.objects.get(number=made.json["number"]).department == cast.service_centre
