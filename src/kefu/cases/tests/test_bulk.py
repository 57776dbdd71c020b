"""One thing done with many cases: looked at first, each for itself, its outcome kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kefu.cases import actions, bulk
from kefu.cases.models import BulkRow, BulkRun, Case
from kefu.core.jobs.models import Job
from kefu.core.jobs.worker import run_due
from kefu.core.ledger.models import Event
from tests.cast import Cast, local, present, refuses

pytestmark = [pytest.mark.db, pytest.mark.django_db]
TEN = local("2026-09-24 10:00")
SLIP = {"surname": "王", "telephone": "13812345678", "content": "厨房水管滴水"}


def report(cast: Cast, **more: Any) -> Case:
    given: dict[str, Any] = {"department": cast.service_centre, "by": cast.agent, "values": SLIP} | more
    return actions.register(given.pop("kind", "repair"), at=TEN, subject="水管滴水", **given)


def prepared(cast: Cast, verb: str, cases: list[Case], **given: Any) -> BulkRun:
    by = given.pop("by", cast.supervisor)
    return bulk.prepare(verb, given, [case.pk for case in cases], by=by, at=TEN)


def outcomes(run: BulkRun, what: str = "outcome") -> list[str | None]:
    """The code of each row's refusal, "" for yes, None for not yet."""
    found = BulkRow.objects.filter(run=run).order_by("pk").values_list(what, flat=True)
    return [None if one is None else one.get("code", "") for one in found]


def test_looking_says_of_each_row_what_will_be_and_changes_nothing(cast: Cast) -> None:
    mine, over = report(cast), report(cast)
    theirs = actions.register("enquiry", department=cast.sales, by=cast.stranger, at=TEN, subject="询价")
    actions.void(over, by=cast.agent, at=TEN, reason="登记错误")
    before = Event.objects.count()
    run = prepared(cast, "assign", [mine, over, theirs], to=cast.agent.pk)

    bulk.look(run, at=TEN)
    mine.refresh_from_db()

    assert outcomes(run, "ahead") == ["", "case.may_not", "case.unknown"]
    assert outcomes(run) == [None, None, None]
    assert (mine.owner_id, Event.objects.count()) == (None, before)


def test_each_row_is_done_for_itself_and_says_why_not(cast: Cast) -> None:
    free, taken = report(cast), report(cast)
    actions.take(taken, by=cast.other_agent, at=TEN)
    run = prepared(cast, "take", [taken, free], by=cast.agent)
    bulk.look_now_or_later(run, at=TEN)

    bulk.start(run, at=TEN)
    free.refresh_from_db()

    assert outcomes(run) == ["case.taken", ""]
    assert free.owner_id == cast.agent.pk
    row = run.rows.order_by("pk")[0]
    assert row.outcome is not None
    assert cast.other_agent.name in row.outcome["zh"]
    assert bulk.summary(run) == {"will": 1, "will_not": 1, "done": 1, "refused": 1, "waiting": 0}


@pytest.mark.parametrize(
    ("verb", "given", "says"),
    [
        ("note", {"body": "统一回复"}, "case.message_added"),
        ("message", {"body": "停水通知"}, "case.message_added"),
        ("move", {"move": "accepted"}, ""),
        ("give_out", {"way": "in_turn"}, "case.assigned"),
    ],
)
def test_what_can_be_done_in_bulk(cast: Cast, verb: str, given: dict[str, Any], says: str) -> None:
    present(cast.agent, TEN)
    case = report(cast)
    run = prepared(cast, verb, [case], **given)
    bulk.look(run, at=TEN)

    bulk.start(run, at=TEN)

    assert outcomes(run) == ["" if says else "flow.post"]
    assert not says or Event.objects.filter(kind=says, subject_id=str(case.pk)).count() == 1


def test_a_grade_is_set_in_bulk(cast: Cast) -> None:
    case = report(cast, kind="complaint")
    run = prepared(cast, "grade", [case], by=cast.agent, field="severity", level="important")
    bulk.look(run, at=TEN)

    bulk.start(run, at=TEN)
    case.refresh_from_db()

    assert outcomes(run) == [""]
    assert case.values["severity"] == "important"


def test_started_twice_it_is_done_once(cast: Cast) -> None:
    run = prepared(cast, "note", [report(cast)], body="统一回复")
    bulk.look(run, at=TEN)
    bulk.start(run, at=TEN)

    with refuses("bulk.over"):
        bulk.start(run, at=TEN)
    bulk.carry_out(run, at=TEN)

    assert Event.objects.filter(kind="case.message_added").count() == 1


def test_nothing_is_done_before_it_was_looked_at(cast: Cast) -> None:
    with refuses("bulk.not_looked_at"):
        bulk.start(prepared(cast, "note", [report(cast)], body="统一回复"), at=TEN)


@pytest.mark.parametrize(
    ("verb", "given", "code"),
    [
        ("delete", {}, "bulk.verb"),
        ("assign", {}, "bulk.given"),
        ("assign", {"to": 999_999}, "bulk.given"),
        ("give_out", {"way": "by lot"}, "bulk.given"),
        ("note", {"body": ""}, "bulk.given"),
        ("note", {"body": "长" * 20_001}, "bulk.given"),
    ],
)
def test_what_makes_no_sense_is_refused_before_any_case(
    cast: Cast, verb: str, given: dict[str, Any], code: str
) -> None:
    with refuses(code):
        prepared(cast, verb, [report(cast)], **given)


def test_some_cases_and_not_more_than_a_thousand(cast: Cast) -> None:
    with refuses("bulk.none"):
        prepared(cast, "note", [], body="x")
    with refuses("bulk.most"):
        bulk.prepare("note", {"body": "x"}, list(range(1001)), by=cast.agent, at=TEN)


def test_a_run_is_its_starters_own(cast: Cast) -> None:
    run = prepared(cast, "note", [report(cast)], body="x", by=cast.agent)

    for person in (cast.supervisor, cast.owner, cast.stranger):
        with refuses("bulk.unknown"):
            bulk.own_run(person, run.pk)


def test_a_long_run_is_a_workers_can_be_stopped_and_goes_on(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    run = prepared(cast, "note", [report(cast) for _ in range(3)], body="统一回复")
    bulk.look_now_or_later(run, at=TEN)
    assert outcomes(run, "ahead") == [None, None, None]
    run_due(at=TEN, worker="w", asked=True)
    run.refresh_from_db()
    assert outcomes(run, "ahead") == ["", "", ""]

    bulk.carry_out(run, at=TEN, progress=lambda done, total: done < 1)
    assert outcomes(run) == ["", None, None]
    bulk.start(run, at=TEN)
    run_due(at=TEN + timedelta(seconds=1), worker="w", asked=True)

    assert outcomes(run) == ["", "", ""]
    assert Event.objects.filter(kind="case.message_added").count() == 3
    job = Job.objects.get(pk=BulkRun.objects.get().job_id)  # type: ignore[misc]  # it has one
    assert (job.ended_as, job.result["done"]) == ("done", 3)


def test_two_who_carry_out_one_run_do_each_row_once(cast: Cast) -> None:
    run = prepared(cast, "note", [report(cast), report(cast)], body="统一回复")
    bulk.look(run, at=TEN)
    other = iter([True])

    def meanwhile(done: int, total: int) -> bool:
        if next(other, False):
            bulk.carry_out(run, at=TEN)
        return True

    bulk.carry_out(run, at=TEN, progress=meanwhile)

    assert Event.objects.filter(kind="case.message_added").count() == 2
