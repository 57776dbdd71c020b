"""The desk by program: the next case, joining, following, urging, lists, and many cases at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from kefu.api.tests.calling import REPAIR, Program
from kefu.cases.models import Case
from kefu.staff.models import Person
from tests.cast import Cast, present

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def registered(person: Person, **more: Any) -> str:
    return str(Program(person).post("/cases", REPAIR | more).json["number"])


def test_the_next_case_is_taken(cast: Cast) -> None:
    number = registered(cast.supervisor)
    agent = Program(cast.agent)

    assert agent.post("/cases/next", {}).json["number"] == number
    assert agent.post("/cases/next", {}).code == "case.none_left"


def test_a_leader_gives_out_to_who_is_there(cast: Cast) -> None:
    number = registered(cast.supervisor)
    present(cast.other_agent, timezone.now())

    given = Program(cast.supervisor).post(f"/cases/{number}/give-out", {"way": "least_loaded"})

    assert given.json["owner"] == cast.other_agent.pk


def test_a_duplicate_is_found_merged_and_split_off_again(cast: Cast) -> None:
    main, duplicate = registered(cast.agent), registered(cast.agent)
    agent = Program(cast.agent)
    said = agent.post(f"/cases/{duplicate}/messages", {"body": "又来电", "public": True}).json["id"]
    assert [one["case"]["number"] for one in agent.get(f"/cases/{main}/similar").json] == [duplicate]

    assert agent.post(f"/cases/{duplicate}/merge", {"into": main}).json["number"] == main

    assert [one["id"] for one in agent.get(f"/cases/{main}/messages").json["items"]] == [said]
    part = {"messages": [said], "kind": "repair", "subject": "另一件"}
    made = agent.post(f"/cases/{main}/split", part)
    assert made.status == 201
    assert made.json["links"] == [{"kind": "split", "number": main}]


def test_cases_of_others_are_unknown_on_either_side(cast: Cast) -> None:
    mine, theirs = registered(cast.agent), registered(cast.stranger, kind="enquiry", values={})
    agent = Program(cast.agent)

    assert agent.post(f"/cases/{mine}/merge", {"into": theirs}).code == "case.unknown"
    assert agent.post(f"/cases/{theirs}/merge", {"into": mine}).code == "case.unknown"
    assert agent.post(f"/cases/{mine}/repeats", {"earlier": theirs}).code == "case.unknown"
    bulk = {"verb": "take", "cases": [mine, theirs]}
    assert agent.post("/bulk", bulk).code == "case.unknown"


def test_a_case_is_watched_pinned_and_minded(cast: Cast) -> None:
    number = registered(cast.agent)
    agent, case = Program(cast.agent), Case.objects.get(number=number)

    for what in ("watch", "pin"):
        assert agent.post(f"/cases/{number}/{what}", {"on": True}).json == {"on": True}
    assert (case.watches.count(), case.pins.count()) == (1, 1)
    for what in ("watch", "pin"):
        agent.post(f"/cases/{number}/{what}", {"on": False})
    assert (case.watches.count(), case.pins.count()) == (0, 0)
    assert agent.post(f"/cases/{number}/reminders", {"share": 75}).json["share"] == 75


def test_a_supervision_is_answered(cast: Cast) -> None:
    number = registered(cast.agent)
    agent, manager = Program(cast.agent), Program(cast.manager)
    agent.post(f"/cases/{number}/take", {})
    agent.post(f"/cases/{number}/nudge", {"reason": "催一下"})
    until = (timezone.now() + timedelta(hours=2)).isoformat()
    urge = manager.post(f"/cases/{number}/supervise", {"reason": "今日反馈", "feedback_by": until}).json["id"]

    agent.post(f"/cases/{number}/urges/{urge}/answer", {"words": "已约明早"})

    told = agent.get(f"/cases/{number}/urges").json
    assert [(one["reason"], one["answer"]) for one in told] == [("今日反馈", "已约明早"), ("催一下", "")]


def test_a_list_is_saved_and_deleted(cast: Cast) -> None:
    agent = Program(cast.agent)
    view = agent.post("/views", {"name": "报修", "query": "list=department&kind=repair"}).json

    assert [one["query"] for one in agent.get("/views").json] == ["list=department&kind=repair&sort=due"]
    assert agent.post("/views", {"name": "错", "query": "list=secret"}).code == "list.unknown"
    assert agent.post(f"/views/{view['id']}/delete", {}).status == 204
    assert agent.get("/views").json == []


def test_many_cases_are_looked_at_then_done(cast: Cast) -> None:
    numbers = [registered(cast.supervisor) for _ in range(2)]
    Program(cast.other_agent).post(f"/cases/{numbers[0]}/take", {})
    agent = Program(cast.agent)

    run = agent.post("/bulk", {"verb": "take", "cases": numbers}).json
    assert [row["ahead"].get("code") for row in run["rows"]] == ["case.taken", None]
    done = agent.post(f"/bulk/{run['id']}/start", {}).json

    assert done["counts"] == {"will": 1, "will_not": 1, "done": 1, "refused": 1, "waiting": 0}
    assert agent.get(f"/bulk/{run['id']}").json["ended_at"]


def test_what_a_colleague_can_be_given_is_set(cast: Cast) -> None:
    asked = {"kinds": ["repair"], "most": 8}

    assert Program(cast.supervisor).post(f"/people/{cast.agent.pk}/capacity", asked).json == asked
