"""Duties, customers, staff, notices, rulebooks and the ledger through the API."""

from __future__ import annotations

import pytest

from kefu.api.tests.calling import REPAIR, Program
from tests.cast import Cast

pytestmark = pytest.mark.db


def test_customers_are_masked_until_one_value_is_revealed_with_a_reason(cast: Cast) -> None:
    manager = Program(cast.manager)
    new = {
        "kind": "natural",
        "name": "𠮷野",
        "contacts": [{"kind": "phone", "value": "138 1234 5678"}],
    }
    customer = manager.post("/customers", new)
    assert customer.status == 201, customer.json
    number, contact = customer.json["number"], customer.json["contacts"][0]

    assert contact["value"] == "138****5678"
    assert manager.get("/customers?q=13812345678").json["items"][0]["number"] == number
    assert (
        manager.post(f"/customers/{number}/reveal", {"field": contact["field"], "reason": ""}).status == 422
    )
    asked = {"field": contact["field"], "reason": "回电"}
    assert manager.post(f"/customers/{number}/reveal", asked).json["value"] == "+8613812345678"
    assert Program(cast.stranger).get(f"/customers/{number}").code == "customer.unknown"
    wrong = {"kind": "natural", "name": "王", "contacts": [{"kind": "phone", "value": "13812E45678"}]}
    assert manager.post("/customers", wrong).code == "phone.letters"


def test_the_caller_colleagues_and_departments(cast: Cast) -> None:
    agent = Program(cast.agent)

    me = agent.get("/me").json
    assert me["posts"] == [{"post": "agent", "department": cast.service_centre.pk, "standing_in_for": None}]
    names = {one["name"] for one in agent.get("/staff").json["items"]}
    assert cast.other_agent.name in names
    assert cast.stranger.name not in names
    assert agent.get(f"/staff/{cast.stranger.pk}").code == "person.unknown"
    assert agent.get(f"/staff/{10**30}").code == "person.unknown"
    assert [one["code"] for one in agent.get("/departments").json] == ["service_centre"]


def test_notices_are_ones_own_and_can_be_marked_as_read(cast: Cast) -> None:
    agent = Program(cast.agent)
    number = agent.post("/cases", REPAIR).json["number"]
    agent.post(f"/cases/{number}/moves", {"move": "accepted", "values": {"fault": "lift", "size": "small"}})
    values = {"worker": str(cast.worker.pk), "medium": "radio"}
    assert agent.post(f"/cases/{number}/moves", {"move": "dispatched", "values": values}).status == 200
    worker = Program(cast.worker)

    notices = worker.get("/notices?unread=true").json["items"]
    assert number in notices[0]["text"]
    assert agent.get("/notices").json["items"] == []
    assert worker.post("/notices/read", {"notices": [notices[0]["id"]]}).json == {"read": 1}
    assert worker.post("/notices/read", {}).json == {"read": len(notices) - 1}


def test_a_duty_is_seen_taken_and_done(cast: Cast) -> None:
    from kefu.core.ledger.readers import advance

    agent, worker = Program(cast.agent), Program(cast.worker)
    number = agent.post("/cases", REPAIR).json["number"]
    steps = [
        (agent, {"move": "accepted", "values": {"fault": "dripping_tap", "size": "small"}}),
        (agent, {"move": "dispatched", "values": {"worker": str(cast.worker.pk), "medium": "radio"}}),
        (worker, {"move": "arrived"}),
        (worker, {"move": "finished", "values": {"work_done": "换垫圈", "customer_signature": "孙"}}),
    ]
    for program, made in steps:
        answer = program.post(f"/cases/{number}/moves", made)
        assert answer.status == 200, answer.json
    while advance("reactions"):
        pass

    duty = agent.get("/duties?mine=true").json["items"][0]
    assert duty["origin"].startswith("case:")
    assert agent.get(f"/duties/{duty['number']}").json.items() >= duty.items()
    assert worker.get(f"/duties/{duty['number']}").code == "duty.unknown"
    assert agent.post(f"/duties/{duty['number']}/take", {}).json["owner"] == cast.agent.pk
    offers = agent.get(f"/duties/{duty['number']}/moves").json
    assert any(one["allowed"] or one["refused"] for one in offers), offers
    wrong = agent.post(f"/duties/{duty['number']}/moves", {"move": "nothing"})
    assert wrong.code == "flow.unknown_move"
    assert agent.post(f"/duties/{duty['number']}/moves", {"move": "done"}).code == "flow.need"
    ratings = dict.fromkeys(("timeliness", "attitude", "quality", "charge", "dress"), "5") | {
        "defect": "none_left"
    }
    done = agent.post(f"/duties/{duty['number']}/moves", {"move": "done", "values": ratings})
    assert done.json["state"] == "done"


def test_the_ledger_is_for_auditors_and_the_owner(cast: Cast) -> None:
    Program(cast.agent).post("/cases", REPAIR)

    for person in (cast.auditor, cast.owner):
        events = Program(person).get("/ledger?kind=case.opened").json["items"]
        assert [one["actor"] for one in events] == [cast.agent.actor_id]
        assert events[0]["title"]
    for person in (cast.agent, cast.manager, cast.stranger):
        answer = Program(person).get("/ledger")
        assert (answer.status, answer.code) == (403, "ledger.not_yours")
    assert Program(cast.auditor).get("/cases").json["items"] == []


def test_the_rulebook_in_force_can_be_read(cast: Cast) -> None:
    agent = Program(cast.agent)

    assert {one["name"] for one in agent.get("/rulebooks").json} == {"property", "general"}
    book = agent.get("/rulebooks/property", Accept_Language="en").json
    assert any(one["name"] == "repair" and "accepted" in one["states"] for one in book["kinds"])
    assert book["clauses"][0]["statement"]
    assert agent.get("/rulebooks/telecom").code == "rulebook.unknown"
