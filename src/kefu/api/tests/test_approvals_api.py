"""A program asks for something, decides, sends back and submits again, as people do."""

from __future__ import annotations

import pytest

from kefu.api.tests.calling import Program
from tests.cast import Cast

pytestmark = [pytest.mark.db, pytest.mark.django_db]
PERMIT = {
    "kind": "take_out_permit",
    "values": {
        "goods": "投影仪",
        "goods_kind": "office_goods",
        "reason": "客户培训",
        "return_on": "2026-12-01",
    },
}


def test_an_approval_from_the_asking_to_the_answer(cast: Cast):
    agent, leader, stranger = Program(cast.agent), Program(cast.supervisor), Program(cast.stranger)
    made = agent.post("/approvals", PERMIT)
    assert made.status == 201, made.json
    number = made.json["number"]
    assert (made.json["state"], made.json["turn"]) == ("asked", [cast.supervisor.pk])
    assert stranger.get(f"/approvals/{number}").code == "approval.unknown"
    assert [one["number"] for one in leader.get("/approvals?of=waiting").json["items"]] == [number]

    moves = f"/approvals/{number}/moves"
    assert agent.post(moves, {"move": "approved"}).code == "approval.not_yours"
    assert leader.post(moves, {"move": "returned"}).code == "approval.remark"
    returned = leader.post(moves, {"move": "returned", "reason": "写明用途"})
    assert returned.json["decisions"][0]["remark"] == "写明用途"
    assert leader.get("/approvals?of=waiting").json["items"] == []
    assert agent.get("/approvals?of=waiting").json["items"][0]["number"] == number
    assert agent.post(moves, {"move": "resubmitted"}).json["state"] == "asked"

    done = leader.post(moves, {"move": "approved", "revision": 1})
    assert done.code == "work.changed", "it was submitted again since revision 1"
    done = leader.post(moves, {"move": "approved"})
    assert done.json["state"] == "approved"
    assert leader.post(moves, {"move": "refused", "reason": "不行"}).code == "approval.decided"
    assert [one["verdict"] for one in done.json["decisions"]] == ["returned", "approved"]


def test_a_number_that_is_not_masked_is_not_revealed(cast: Cast):
    made = Program(cast.agent).post("/approvals", PERMIT)
    asked = {"field": "goods", "reason": "核对"}

    assert (
        Program(cast.supervisor).post(f"/approvals/{made.json['number']}/reveal", asked).code
        == "reveal.field"
    )
