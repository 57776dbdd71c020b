"""Twenty things done to rows behind the product's back: each is named, mended, and recorded as mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kefu.cases.models import Case
from kefu.core.clocks import verify
from kefu.core.clocks.models import ClockRow
from kefu.core.clocks.sweep import sweep
from kefu.core.clocks.tests.desk import local
from kefu.core.clocks.tests.live import Live, live, row, told
from kefu.core.clocks.verify import differences, repair
from kefu.core.db import write
from kefu.core.ledger.actions import SYSTEM, record
from kefu.core.ledger.models import Event
from kefu.core.rulebook.model import Ref
from kefu.core.versions import queries
from kefu.core.versions.models import RulebookVersion

pytestmark = pytest.mark.db

CLOCKS = """
accept: {clause: one, starts: opened, stops: accepted, due: 30 minutes, steps: [{at: due, do: [{notify: owner}]}]}
reply: {clause: one, starts: dispatched, stops: solved, due: 8 working hours, pauses: waiting,
  steps: [{at: 75%, do: [{notify: owner}]}, {at: due, do: [{escalate: leader of owner}]}]}
visit: {clause: one, starts: dispatched, stops: solved, due: 2 days, restarts: {rescheduled: agreed_at},
  steps: [{at: due, do: [{notify: head}]}]}
survey: {clause: one, starts: dispatched, stops: solved, due: 70 working days}
"""
NOW = local("09-24 20:00")


@dataclass(frozen=True)
class Desk:
    """Three cases: one that waits for the customer, one whose promises were missed, one that was moved on."""

    live: Live
    waits: Case
    late: Case
    agreed: Case


@pytest.fixture
def desk(db: None) -> Desk:
    made = live(CLOCKS)
    waits = made.course(("09-22 09:00", "opened"), ("09-22 09:10", "accepted"), ("09-22 10:00", "dispatched"))
    waits = made.move(waits, "asked", "09-22 11:00")
    late = made.course(("09-22 09:00", "opened"), ("09-22 10:00", "dispatched"))
    agreed = made.course(
        ("09-23 09:00", "opened"), ("09-23 09:10", "accepted"), ("09-23 10:00", "dispatched")
    )
    agreed = made.move(agreed, "rescheduled", "09-23 11:00", agreed_at="2026-09-28T09:00", remark="周一上门")
    sweep(at=NOW)
    found = Desk(made, *(Case.objects.get(pk=case.pk) for case in (waits, late, agreed)))
    # premise: what the faults change is there to be changed
    assert (row(waits, "reply").state, row(waits, "reply").next_at) == ("paused", None)
    assert (row(late, "accept").state, row(late, "reply").state) == ("missed", "missed")
    assert row(agreed, "visit").state == "rescheduled"
    assert row(agreed, "visit", 2).state == "running"
    assert row(agreed, "survey").unconfirmed == [2027]
    assert len(told(late, "clock.step")) == 4
    assert list(differences(at=NOW)) == []
    return found


def change(case: Case, clock: str, run: int = 1, **columns: object) -> None:
    changed = ClockRow.objects.filter(work_id=case.pk, clock=clock, run=run).update(**columns)
    assert changed == 1


def add_row(case: Case, **columns: object) -> None:
    copy = row(case, "visit")
    copy.pk = None
    for name, value in columns.items():
        setattr(copy, name, value)
    copy.save()


def tell_again(case: Case, kind: str) -> None:
    event = told(case, kind)[0]
    with write():
        record(
            kind,
            event.subject,
            by=SYSTEM,
            at=event.occurred_at,
            data=event.data,
            rulebook_version=event.rulebook_version,
        )


HOUR = timedelta(hours=1)
Fault = Callable[[Desk], object]
FAULTS: dict[str, tuple[Fault, list[tuple[str, str, int, str]]]] = {
    # what is done: what must be named (case, clock, run, column)
    "due put off": (
        lambda d: change(d.agreed, "reply", due_at=row(d.agreed, "reply").due_at + HOUR),
        [("agreed", "reply", 1, "due_at")],
    ),
    "due a microsecond early": (
        lambda d: change(d.late, "reply", due_at=row(d.late, "reply").due_at - timedelta(microseconds=1)),
        [("late", "reply", 1, "due_at")],
    ),
    "pause lost": (
        lambda d: change(d.waits, "reply", state="running", next_at=row(d.waits, "reply").due_at),
        [("waits", "reply", 1, "state"), ("waits", "reply", 1, "next_at")],
    ),
    "next look wrong": (
        lambda d: change(d.agreed, "reply", next_at=NOW + 1000 * HOUR),
        [("agreed", "reply", 1, "next_at")],
    ),
    "never looked at again": (
        lambda d: change(d.agreed, "visit", run=2, next_at=None),
        [("agreed", "visit", 2, "next_at")],
    ),
    "looked at for ever": (lambda d: change(d.late, "reply", next_at=NOW), [("late", "reply", 1, "next_at")]),
    "row deleted": (
        lambda d: row(d.agreed, "visit", 2).delete(),
        [("agreed", "visit", 2, "row")],
    ),
    "all rows of a case deleted": (
        lambda d: ClockRow.objects.filter(work_id=d.waits.pk).delete(),
        [("waits", clock, 1, "row") for clock in ("accept", "reply", "visit", "survey")],
    ),
    "a run too many": (lambda d: add_row(d.late, run=2), [("late", "visit", 2, "row")]),
    "a clock nobody promised": (lambda d: add_row(d.late, clock="lunch"), [("late", "lunch", 1, "row")]),
    "rows of a case that does not exist": (
        lambda d: add_row(d.late, work_id=999),
        [("999", "visit", 1, "row")],
    ),
    "rows of a kind of work that does not exist": (
        lambda d: add_row(d.late, work_kind="lunch", work_id=888),
        [("888", "visit", 1, "row")],
    ),
    "met, it says": (lambda d: change(d.late, "reply", state="met"), [("late", "reply", 1, "state")]),
    "missed, it says": (
        lambda d: change(d.waits, "accept", state="missed", missed_at=NOW),
        [("waits", "accept", 1, "state"), ("waits", "accept", 1, "missed_at")],
    ),
    "miss forgotten": (
        lambda d: change(d.late, "reply", missed_at=None),
        [("late", "reply", 1, "missed_at")],
    ),
    "missed when it was noticed": (
        lambda d: change(d.late, "reply", missed_at=NOW),
        [("late", "reply", 1, "missed_at")],
    ),
    "a step told twice": (
        lambda d: tell_again(d.late, "clock.step"),
        [("late", "accept", 1, "events step 0")],
    ),
    "a miss told twice": (
        lambda d: tell_again(d.late, "clock.missed"),
        [("late", "accept", 1, "events missed")],
    ),
    "due of the case stale": (
        lambda d: Case.objects.filter(pk=d.late.pk).update(due_at=NOW),
        [("late", "", 0, "due_at")],
    ),
    "due of the case lost": (
        lambda d: Case.objects.filter(pk=d.waits.pk).update(due_at=None),
        [("waits", "", 0, "due_at")],
    ),
    "doubt about the year lost": (
        lambda d: change(d.agreed, "survey", unconfirmed=[]),
        [("agreed", "survey", 1, "unconfirmed")],
    ),
    "run number wrong": (
        lambda d: ClockRow.objects.filter(work_id=d.agreed.pk, run=2).update(run=3),
        [("agreed", "visit", 2, "row"), ("agreed", "visit", 3, "row")],
    ),
    "version wrong": (lambda d: change(d.late, "reply", version="0" * 64), [("late", "reply", 1, "version")]),
    "start wrong": (lambda d: change(d.late, "reply", started_at=NOW), [("late", "reply", 1, "started_at")]),
    "end wrong": (lambda d: change(d.waits, "accept", ended_at=None), [("waits", "accept", 1, "ended_at")]),
    "department wrong": (
        lambda d: change(d.late, "reply", department=77),
        [("late", "reply", 1, "department")],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_named_and_mended(desk: Desk, fault: str) -> None:
    plant, expected = FAULTS[fault]
    before = stored()
    names = {str(getattr(desk, name).pk): name for name in ("waits", "late", "agreed")}
    plant(desk)

    named = [
        (names.get(one.work.id, one.work.id), one.clock, one.run, one.column) for one in differences(at=NOW)
    ]
    mended = list(repair(at=NOW))

    assert sorted(named) == sorted(expected)
    assert [(names.get(one.work.id, one.work.id), one.clock, one.run, one.column) for one in mended] == named
    assert stored() == before
    assert list(differences(at=NOW)) == []
    recorded = Event.objects.filter(kind="clock.corrected").order_by("seq")
    assert [(event.data["clock"], event.data["run"], event.data["column"]) for event in recorded] == [
        (one.clock, one.run, one.column) for one in mended
    ]
    assert all(event.data["stored"] != event.data["true"] for event in recorded)


def stored() -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    columns = [field.name for field in ClockRow._meta.concrete_fields if field.name != "id"]
    rows = ClockRow.objects.order_by("work_kind", "work_id", "clock", "run").values_list(*columns)
    return list(rows), list(Case.objects.order_by("pk").values_list("pk", "due_at"))


@pytest.mark.parametrize("arguments", [["--clocks"], ["--clocks", "--repair"]])
def test_work_of_a_lost_version_is_named_and_left_as_it_is(
    desk: Desk, settings, arguments: list[str]
) -> None:
    settings.LANGUAGE_CODE = "en"
    lost = RulebookVersion.objects.get()
    lost.delete()
    queries._by_hash.cache_clear()  # as in another process
    before = stored()
    out = StringIO()

    with pytest.raises(CommandError, match="3 pieces of work go by a lost version"):
        call_command("verify", *arguments, stdout=out)

    assert f"case {desk.late.pk} goes by the rulebook version {lost.hash}" in out.getvalue()
    assert stored() == before
    assert not Event.objects.filter(kind="clock.corrected").exists()


def test_there_are_at_least_twenty_faults() -> None:
    assert len(FAULTS) >= 20


def test_a_miss_that_no_sweep_has_seen_yet_is_no_difference(desk: Desk) -> None:
    later = local("10-20 09:00")  # the promises of the case that was moved on have run out meanwhile

    assert list(differences(at=later)) == []
    sweep(at=later)
    assert row(desk.agreed, "visit", 2).state == "missed"  # premise
    assert list(differences(at=later)) == []


def test_all_faults_of_many_cases_are_named_in_parts(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "PART", 2)
    more = [desk.live.course(("09-22 09:00", "opened"), ("09-22 10:00", "dispatched")) for _ in range(5)]
    sweep(at=NOW)
    for case in more:
        change(case, "reply", state="met")

    assert [one.work for one in differences(at=NOW)] == [Ref("case", str(case.pk)) for case in more]


def test_what_verify_costs_in_queries_grows_by_parts_not_by_cases(
    desk: Desk, django_assert_max_num_queries
) -> None:
    for _ in range(10):
        case = desk.live.course(("09-22 09:00", "opened"), ("09-22 09:10", "accepted"))
        assert row(case, "accept").next_at is None  # premise: nothing waits

    with django_assert_max_num_queries(30):
        assert list(differences(at=NOW)) == []


def say(*words: str) -> str:
    out = StringIO()
    call_command("verify", *words, stdout=out)
    return out.getvalue()


def test_the_command_names_mends_and_then_finds_nothing(desk: Desk, settings, tmp_path: Path) -> None:
    settings.LANGUAGE_CODE = "en"
    assert "every clock says what the ledger says" in say("--clocks")
    change(desk.late, "reply", state="met")

    with pytest.raises(CommandError, match="1 stored clocks differ"):
        say("--clocks")
    assert f"case {desk.late.pk} reply 1, state: met is stored, missed is true" in say("--clocks", "--repair")
    assert "every clock says what the ledger says" in say("--clocks")
    with pytest.raises(CommandError, match="goes with --clocks"):
        say("--repair")


def test_the_command_says_how_sound_the_ledger_is_and_how_much_no_anchor_knows(
    desk: Desk, settings, tmp_path: Path
) -> None:
    settings.LANGUAGE_CODE = "en"
    rows = Event.objects.count()
    file = tmp_path / "anchor.log"
    assert say() == f"{rows} rows of the ledger are sound\n"
    assert f"{rows} of them lie after the last anchor" in say("--anchor", str(file))
    file.write_text(f"{rows + 1} {'0' * 64} {NOW.isoformat()}\n")

    with pytest.raises(CommandError, match=f"row {rows + 1} of the ledger was tampered with: cut off"):
        say("--anchor", str(file))
    file.write_text("nonsense\n")
    with pytest.raises(CommandError, match="line 1 is no anchor"):
        say("--anchor", str(file))
