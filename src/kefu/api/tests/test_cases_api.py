"""Cases through the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kefu.api.tests.calling import REPAIR, Program
from kefu.cases.models import Case
from kefu.core.ledger.models import Event
from kefu.core.search import lists, weighing
from tests.cast import Cast

pytestmark = pytest.mark.db


@pytest.fixture
def agent(cast: Cast) -> Program:
    return Program(cast.agent)


def registered(program: Program, **more: object) -> dict:
    answer = program.post("/cases", {**REPAIR, **more})
    assert answer.status == 201, answer.json
    return answer.json


def test_a_case_is_registered_read_and_listed(agent: Program) -> None:
    case = registered(agent)

    assert case["state"] == "reported"
    assert case["fields"]["telephone"] == "****03"
    assert agent.get(f"/cases/{case['number']}").json == case
    assert [one["number"] for one in agent.get("/cases").json["items"]] == [case["number"]]


def test_the_same_create_sent_twice_makes_one_case_and_one_answer(agent: Program) -> None:
    first = agent.post("/cases", REPAIR, Idempotency_Key="k-1")
    second = agent.post("/cases", REPAIR, Idempotency_Key="k-1")

    assert (first.status, second.status) == (201, 201)
    assert first.json == second.json
    assert Case.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(agent: Program) -> None:
    agent.post("/cases", REPAIR, Idempotency_Key="k-1")

    answer = agent.post("/cases", {**REPAIR, "subject": "灯不亮"}, Idempotency_Key="k-1")

    assert (answer.status, answer.code) == (422, "idempotency.other_request")
    assert Case.objects.count() == 1


def test_keys_of_two_people_do_not_meet(cast: Cast, agent: Program) -> None:
    agent.post("/cases", REPAIR, Idempotency_Key="k-1")

    assert Program(cast.other_agent).post("/cases", REPAIR, Idempotency_Key="k-1").status == 201
    assert Case.objects.count() == 2


def test_a_refused_create_may_be_mended_under_its_key(agent: Program) -> None:
    assert agent.post("/cases", {**REPAIR, "values": {}}, Idempotency_Key="k").code == "form.missing"

    assert agent.post("/cases", REPAIR, Idempotency_Key="k").status == 201


@pytest.mark.parametrize("key", ["x" * 201, "\tx"])
def test_a_key_that_cannot_be_kept_is_refused(agent: Program, key: str) -> None:
    assert agent.post("/cases", REPAIR, Idempotency_Key=key).code == "idempotency.key"


def test_unknown_fields_and_parameters_are_refused_by_name(agent: Program) -> None:
    answer = agent.post("/cases", {**REPAIR, "prioritiy": 1})
    assert (answer.status, answer.code) == (422, "request.invalid")
    assert "prioritiy" in answer.json["errors"][0]["field"]

    answer = agent.get("/cases?ownner=me")
    assert (answer.status, answer.code) == (422, "request.invalid")
    assert answer.json["errors"][0]["field"] == "query.ownner"

    assert agent.post("/cases", {**REPAIR, "values": {"colour": "red"}}).code == "form.invalid"


def test_what_is_no_json_and_no_method_is_said_so(agent: Program) -> None:
    bad = agent.client.generic(
        "POST",
        "/api/v1/cases",
        data="{",
        content_type="application/json",
        headers={"Authorization": f"Bearer {agent.key}"},
    )
    assert bad.status_code == 400
    assert bad.headers["Content-Type"].startswith("application/problem+json")


def test_pages_follow_one_another_without_gap_or_repeat(agent: Program) -> None:
    made = [registered(agent)["number"] for _ in range(5)]

    seen, cursor = [], ""
    while True:
        page = agent.get(f"/cases?limit=2&cursor={cursor}").json
        seen += [one["number"] for one in page["items"]]
        if len(seen) == 2:
            registered(agent)  # what is added meanwhile shifts nothing
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == made[::-1]


@pytest.mark.parametrize(
    "query", ["state=flying", "kind=telephone", "kind=complaint&state=on_site", "owner=x", "owner=²"]
)
def test_a_filter_that_means_nothing_is_refused(agent: Program, query: str) -> None:
    assert agent.get(f"/cases?{query}").code == "list.filter"


@pytest.mark.parametrize("cursor", ["!!", "a2FiYw", "999", "a" * 60, "a3h4eHg"])
def test_a_cursor_of_ones_own_making_is_refused(agent: Program, cursor: str) -> None:
    assert agent.get(f"/cases?cursor={cursor}").code == "cursor.invalid"


def test_a_list_costs_the_same_number_of_queries_for_one_case_and_many(agent: Program) -> None:
    registered(agent)
    with CaptureQueriesContext(connection) as one:
        agent.get("/cases")
    for _ in range(5):
        registered(agent)
    with CaptureQueriesContext(connection) as many:
        agent.get("/cases")
    assert len(many) == len(one)


def test_lists_are_narrowed_by_state_owner_and_words(cast: Cast, agent: Program) -> None:
    number = registered(agent)["number"]
    registered(agent, subject="路灯不亮")

    assert len(agent.get("/cases?q=水龙头滴水").json["items"]) == 1
    assert agent.get("/cases?owner=me").json["items"] == []
    agent.post(f"/cases/{number}/take", {})
    assert [one["number"] for one in agent.get("/cases?owner=me").json["items"]] == [number]
    assert len(agent.get("/cases?owner=none").json["items"]) == 1
    assert agent.get("/cases?owner=owner__password").code == "list.filter"
    assert len(agent.get("/cases?state=reported&open=true").json["items"]) == 2
    assert agent.get("/cases?open=false").json["items"] == []


@pytest.mark.parametrize("many", [2000, 2], ids=["rare", "common"])
def test_what_words_find_comes_page_by_page_as_well(
    many: int, agent: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weighing, "MANY", many)
    monkeypatch.setattr(lists, "STEPS", (1, 2))
    made = [
        registered(agent, subject=f"{'水龙头' if number in (0, 1, 5) else '路灯'}坏了")["number"]
        for number in range(7)
    ]

    seen: list[str] = []
    cursor, pages = "", 0
    while cursor is not None:
        page = agent.get(f"/cases?q=水龙头&limit=2&cursor={cursor}").json
        assert len(page["items"]) <= 2
        seen += [one["number"] for one in page["items"]]
        cursor, pages = page["next"], pages + 1

    assert seen == [made[5], made[1], made[0]]
    assert pages == (2 if many == 2000 else 4)


def test_a_move_is_offered_made_and_refused_with_its_reason(cast: Cast, agent: Program) -> None:
    number = registered(agent)["number"]
    offers = {one["name"]: one for one in agent.get(f"/cases/{number}/moves").json}
    assert offers["accepted"]["allowed"]
    assert set(offers["accepted"]["asks"]) == {"fault", "size"}

    missing = agent.post(f"/cases/{number}/moves", {"move": "accepted"})
    assert (missing.status, missing.code) == (422, "flow.fill")
    made = {"move": "accepted", "values": {"fault": "dripping_tap", "size": "small"}}
    assert agent.post(f"/cases/{number}/moves", made).json["state"] == "accepted"
    assert agent.post(f"/cases/{number}/moves", made).code == "flow.state"


def test_telephone_numbers_of_the_form_are_masked_for_everybody(cast: Cast, agent: Program) -> None:
    number = registered(agent)["number"]

    for program in (agent, Program(cast.quality_manager)):
        seen = program.get(f"/cases/{number}").json["fields"]
        assert (seen["telephone"], seen["surname"]) == ("****03", "孙")


def test_who_saw_an_older_case_is_told_so(agent: Program) -> None:
    case = registered(agent)
    agent.post(f"/cases/{case['number']}/messages", {"body": "业主在家"})

    made = {"move": "accepted", "values": {"fault": "dripping_tap", "size": "small"}, "revision": 1}
    answer = agent.post(f"/cases/{case['number']}/moves", made)

    assert (answer.status, answer.code) == (409, "work.changed")


def test_two_take_one_case_and_the_second_is_told_who_was_first(cast: Cast, agent: Program) -> None:
    number = registered(agent)["number"]
    Program(cast.manager).post(f"/cases/{number}/take", {})

    answer = Program(cast.supervisor).post(f"/cases/{number}/take", {})

    assert (answer.status, answer.code) == (409, "case.taken")
    assert cast.manager.name in answer.json["zh"]


def test_messages_files_and_clocks_of_a_case(agent: Program) -> None:
    number = registered(agent)["number"]
    assert agent.post(f"/cases/{number}/messages", {"body": "已电话安抚 𠮷", "public": True}).status == 201
    assert agent.get(f"/cases/{number}/messages").json["items"][0]["body"] == "已电话安抚 𠮷"

    def upload(name: str, content: bytes) -> Any:
        return agent.client.post(
            f"/api/v1/cases/{number}/files",
            {"file": SimpleUploadedFile(name, content)},
            headers={"Authorization": f"Bearer {agent.key}"},
        )

    stored = upload("记录.txt", "第一行".encode())
    assert stored.status_code == 201, stored.content
    got = agent.get(f"/cases/{number}/files/{stored.json()['id']}").response
    assert got.content.decode() == "第一行"
    assert got.headers["Content-Disposition"] == "attachment"
    assert "sandbox" in got.headers["Content-Security-Policy"]
    refused = upload("picture.png", b"<html><script>alert(1)</script>")
    assert (refused.status_code, refused.json()["code"]) == (422, "file.not_what_it_says")

    clocks = agent.get(f"/cases/{number}/clocks").json
    assert clocks
    assert all(clock["why"] for clock in clocks)


def test_a_subject_of_a_megabyte_and_a_day_that_is_none_are_refused(agent: Program) -> None:
    assert agent.post("/cases", {**REPAIR, "subject": "长" * 350_000}).code == "line.too_long"
    values = {"surname": "孙", "telephone": "8000003", "content": "漏水", "promised_at": "2026-02-30 10:00"}
    assert agent.post("/cases", {**REPAIR, "values": values}).code == "form.invalid"
    assert Case.objects.count() == 0
    assert not Event.objects.filter(kind="case.opened").exists()


def test_ids_of_another_department_are_unknown_wherever_they_stand(cast: Cast, agent: Program) -> None:
    other = Program(cast.stranger)
    foreign = other.post("/cases", {"kind": "enquiry", "subject": "询价"})
    customer = other.post("/customers", {"kind": "natural", "name": "何欢"}).json["number"]
    number = registered(agent)["number"]

    if foreign.status == 201:
        theirs = foreign.json["number"]
        assert agent.get(f"/cases/{theirs}").code == "case.unknown"
        assert (
            agent.get(f"/cases/{theirs}").json["detail"].replace(theirs, "X")
            == agent.get("/cases/X").json["detail"]
        )
        assert agent.post(f"/cases/{number}/links", {"other": theirs, "kind": "same"}).code == "case.unknown"
    assert agent.post("/cases", {**REPAIR, "customer": customer}).code == "customer.unknown"
    assert agent.post("/cases", {**REPAIR, "department": cast.sales.pk}).code == "department.unknown"
    assert agent.post("/cases", {**REPAIR, "site": 10**6}).code == "site.unknown"
    assert agent.post(f"/cases/{number}/assign", {"person": cast.other_agent.pk}).code == "case.may_not"
    agent.post(f"/cases/{number}/take", {})
    assert agent.post(f"/cases/{number}/assign", {"person": cast.stranger.pk}).code == "person.unknown"
    assert agent.post(f"/cases/{number}/assign", {"person": cast.other_agent.pk}).status == 200


def test_a_linked_case_that_one_may_not_see_is_not_named(cast: Cast, agent: Program) -> None:
    owner = Program(cast.owner)
    mine = registered(agent)["number"]
    theirs = Program(cast.stranger).post("/cases", {"kind": "enquiry", "subject": "询价"}).json["number"]
    linked = owner.post(f"/cases/{mine}/links", {"other": theirs, "kind": "same"})

    assert linked.json["links"] == [{"kind": "same", "number": theirs}]
    assert agent.get(f"/cases/{mine}").json["links"] == []


def test_the_description_of_the_api_stands_at_its_fixed_address(client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()

    assert described["openapi"].startswith("3.")
    assert "/api/v1/cases" in described["paths"]
    keyed = described["paths"]["/api/v1/cases"]["post"]["parameters"]
    assert any(one["name"] == "Idempotency-Key" for one in keyed)
