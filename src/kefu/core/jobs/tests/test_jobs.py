"""Jobs: taken once, fenced, tried again later, cancelled, and ticks that arm themselves again."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event as Signal
from typing import Any

import pytest
from django.core.management import call_command

from kefu.core.db import write
from kefu.core.jobs import actions, queries, registry, worker
from kefu.core.jobs.actions import arm_ticks, cancel, carry_out, put, take
from kefu.core.jobs.models import Job
from kefu.core.jobs.registry import handler
from kefu.core.jobs.running import LEASE, Cancelled, LeaseLost, Run
from kefu.core.jobs.ticks import prune_tick
from kefu.core.jobs.worker import run_due
from kefu.core.ledger.models import Bookmark
from kefu.core.sheets import waiting
from tools.at_once import at_once
from tools.fresh_database import FreshDatabase

pytestmark = pytest.mark.db

NINE = datetime(2026, 9, 24, 1, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def no_other_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_handlers", {})


@pytest.fixture
def done() -> list[object]:
    """What the jobs named `note` have done: their arguments' `what`."""
    found: list[object] = []

    @handler("note")
    def note(run: Run, at: datetime) -> dict[str, object]:
        found.append(run.arguments.get("what"))
        return {"at": at.isoformat()}

    return found


def again(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def run_all(at: datetime = NINE) -> int:
    count = 0
    while run_due(at=at, worker="me"):
        count += 1
    return count


def test_a_job_is_carried_out_when_it_is_due_and_keeps_its_result(db: None, done: list[object]) -> None:
    job = put("note", at=NINE, due_at=NINE + MINUTE, arguments={"what": 1}, owner="person:7")

    assert run_due(at=NINE + MINUTE - SECOND, worker="me") == 0
    assert run_due(at=NINE + MINUTE, worker="me") == 1
    assert run_all(NINE + 100 * MINUTE) == 0

    assert done == [1]
    job = again(job)
    assert (job.ended_as, job.ended_at, job.result) == (
        "done",
        NINE + MINUTE,
        {"at": (NINE + MINUTE).isoformat()},
    )
    assert list(queries.of_owner("person:7")) == [job]


def test_what_is_due_longest_comes_first(db: None, done: list[object]) -> None:
    for minutes in (3, 1, 2):
        put("note", at=NINE, due_at=NINE + minutes * MINUTE, arguments={"what": minutes})

    run_all(NINE + 5 * MINUTE)

    assert done == [1, 2, 3]


def test_a_key_names_a_job_once(db: None, done: list[object]) -> None:
    first = put("note", at=NINE, key="import:7", arguments={"what": 1})

    assert put("note", at=NINE, key="import:7", arguments={"what": 2}) == first
    assert run_all() == 1
    assert done == [1]


def test_an_unknown_handler_is_refused_at_once_and_a_removed_one_is_told(
    db: None, done: list[object]
) -> None:
    with pytest.raises(KeyError):
        put("never heard of", at=NINE)
    job = put("note", at=NINE)
    registry._handlers.clear()

    run_all()

    assert "was a capability removed?" in again(job).error


def test_a_name_stands_for_one_handler(done: list[object]) -> None:
    with pytest.raises(ValueError, match="two handlers are named 'note'"):
        handler("note")(lambda run, at: None)


# --- leases and fences --------------------------------------------------------------------------------------


def test_a_leased_job_belongs_to_nobody_else_until_the_lease_is_over(db: None, done: list[object]) -> None:
    put("note", at=NINE)
    (first,) = take(at=NINE, worker="one", limit=5)

    assert take(at=NINE + LEASE, worker="two", limit=5) == []
    (second,) = take(at=NINE + LEASE + SECOND, worker="two", limit=5)

    assert (first.fence, second.fence) == (1, 2)
    assert not first.held().exists()
    assert second.held().exists()


def test_a_worker_that_takes_a_job_again_holds_it_under_the_new_lease_only(
    db: None, done: list[object]
) -> None:
    put("note", at=NINE)
    (first,) = take(at=NINE, worker="one", limit=1)
    (second,) = take(at=NINE + 2 * LEASE, worker="one", limit=1)

    carry_out(first, at=NINE + 2 * LEASE)
    assert done == []
    carry_out(second, at=NINE + 2 * LEASE)

    assert len(done) == 1


@pytest.mark.parametrize("once", [True, False])
def test_who_lost_the_lease_ends_nothing(db: None, once: bool) -> None:
    @handler("slow", once=once)
    def slow(run: Run, at: datetime) -> str:
        Bookmark.objects.create(name=f"by {run.worker}")
        return run.worker

    job = put("slow", at=NINE)
    (first,) = take(at=NINE, worker="one", limit=1)
    (second,) = take(at=NINE + 2 * LEASE, worker="two", limit=1)

    carry_out(first, at=NINE)
    assert again(job).ended_at is None
    carry_out(second, at=NINE + 2 * LEASE)

    assert again(job).result == "two"
    assert list(Bookmark.objects.values_list("name", flat=True)) == ["by two"]


def test_a_transaction_under_a_lost_lease_is_rolled_back(fresh_database: FreshDatabase) -> None:
    """The lease is lost in the middle: `once` puts the effect and the end of the job into one transaction."""

    @handler("slow", once=True)
    def slow(run: Run, at: datetime) -> None:
        Bookmark.objects.create(name=f"by {run.worker}")
        if run.worker == "one":
            Job.objects.update(lease_by="two", tries=2)  # as `take` of another worker would

    put("slow", at=NINE)
    (first,) = take(at=NINE, worker="one", limit=1)

    carry_out(first, at=NINE)

    assert not Bookmark.objects.filter(name="by one").exists()
    assert Job.objects.get().ended_at is None


def test_progress_keeps_the_lease_and_stops_who_lost_it(db: None, done: list[object]) -> None:
    job = put("note", at=NINE)
    (first,) = take(at=NINE, worker="one", limit=1)

    first.report(3, 10, at=NINE + MINUTE)
    assert take(at=NINE + LEASE + SECOND, worker="two", limit=1) == []
    assert (again(job).done_count, again(job).total_count) == (3, 10)

    (second,) = take(at=NINE + MINUTE + LEASE + MINUTE, worker="two", limit=1)
    with pytest.raises(LeaseLost):
        first.report(4, 10, at=NINE + 2 * MINUTE)
    second.report(4, 10, at=NINE + 3 * MINUTE)


def test_four_threads_share_the_jobs_and_none_is_done_twice(fresh_database: FreshDatabase) -> None:
    @handler("count", once=True)
    def count(run: Run, at: datetime) -> None:
        Bookmark.objects.create(name=f"job {run.job_id}")  # a second one breaks its key

    with write():
        for _ in range(40):
            put("count", at=NINE)

    def work(which: int) -> int:
        count = 0
        while taken := run_due(at=NINE, worker=f"thread {which}", limit=3):
            count += taken
        return count

    assert sum(at_once(4, work)) == 40
    assert Bookmark.objects.count() == 40
    assert set(Job.objects.values_list("ended_as", "tries", "failures")) == {("done", 1, 0)}


# --- failures -----------------------------------------------------------------------------------------------


def fails(message: str = "no paper") -> Callable[[Run, datetime], Any]:
    def handle(run: Run, at: datetime) -> None:
        raise OSError(message)

    return handle


def test_a_failing_job_is_tried_again_after_pauses_that_double_and_given_up_in_the_end(db: None) -> None:
    handler("fails")(fails())
    job = put("fails", at=NINE)
    at, pauses = NINE, []
    while again(job).ended_at is None:
        assert run_due(at=at, worker="me") == 1
        pauses.append((again(job).due_at - at).total_seconds())
        at = again(job).due_at
        assert job in queries.stuck(at=at)

    assert pauses[:-1] == [10, 20, 40, 80, 160, 320, 640, 1280, 2560]
    assert (again(job).ended_as, again(job).failures) == ("given_up", actions.GIVE_UP_AFTER)
    assert again(job).error == "OSError: no paper"
    assert run_all(at + timedelta(days=9)) == 0
    assert job in queries.stuck(at=at)


def test_a_failing_job_does_not_keep_the_others(db: None, done: list[object]) -> None:
    handler("fails")(fails())
    put("fails", at=NINE)
    put("note", at=NINE, arguments={"what": 1})

    run_all()

    assert done == [1]


def test_what_a_failing_job_did_in_its_one_transaction_is_taken_back(db: None) -> None:
    @handler("half", once=True)
    def half(run: Run, at: datetime) -> None:
        Bookmark.objects.create(name="half")
        raise OSError("no paper")

    put("half", at=NINE)
    run_all()

    assert not Bookmark.objects.exists()


def test_a_success_forgets_the_failures(db: None) -> None:
    wrong = ["no paper"]

    @handler("sometimes", every=MINUTE)
    def sometimes(run: Run, at: datetime) -> None:
        if wrong:
            raise OSError(wrong[0])

    arm_ticks(at=NINE)
    run_all()
    assert Job.objects.get().failures == 1
    wrong.clear()
    run_all(NINE + MINUTE)

    job = Job.objects.get()
    assert (job.failures, job.error, job.ended_at) == (0, "", None)


# --- cancelling ---------------------------------------------------------------------------------------------


def test_a_job_that_has_not_begun_is_cancelled_at_once(db: None, done: list[object]) -> None:
    job = put("note", at=NINE)

    cancel(job, at=NINE)

    assert (again(job).ended_as, run_all(), done) == ("cancelled", 0, [])


def test_a_running_job_stops_at_its_next_report_and_what_it_committed_stays(
    fresh_database: FreshDatabase,
) -> None:
    job: list[Job] = []

    @handler("long")
    def long(run: Run, at: datetime) -> None:
        for number in range(1, 10):
            with write():
                Bookmark.objects.create(name=f"part {number}")
                run.report(number, 9, at=at)
            if number == 3:
                cancel(job[0], at=at)

    job.append(put("long", at=NINE))
    run_all()

    assert (again(job[0]).ended_as, again(job[0]).done_count) == ("cancelled", 3)
    assert Bookmark.objects.count() == 3
    assert run_all(NINE + MINUTE) == 0


def test_a_job_whose_worker_died_is_cancelled_when_it_is_taken_over(db: None, done: list[object]) -> None:
    job = put("note", at=NINE)
    take(at=NINE, worker="dead", limit=1)
    cancel(job, at=NINE)
    assert again(job).ended_at is None

    run_all(NINE + 2 * LEASE)

    assert (again(job).ended_as, done) == ("cancelled", [])


def test_an_ended_job_is_not_cancelled_after_all(db: None, done: list[object]) -> None:
    job = put("note", at=NINE)
    run_all()
    cancel(job, at=NINE + MINUTE)

    assert (again(job).ended_as, again(job).cancel_asked) == ("done", False)


# --- ticks --------------------------------------------------------------------------------------------------


def test_a_tick_is_due_again_after_each_run_and_once_after_a_long_silence(db: None) -> None:
    seen: list[datetime] = []
    handler("tick", every=5 * SECOND)(lambda run, at: seen.append(at))
    arm_ticks(at=NINE)

    for seconds in range(0, 20, 1):
        run_all(NINE + seconds * SECOND)
    assert [(at - NINE) / SECOND for at in seen] == [0, 5, 10, 15]

    assert run_all(NINE + timedelta(hours=1)) == 1


def test_a_tick_that_fails_is_never_given_up(db: None) -> None:
    handler("tick", every=5 * SECOND)(fails())
    arm_ticks(at=NINE)
    at = NINE
    for _ in range(15):
        assert run_all(at) == 1
        at = Job.objects.get().due_at

    assert Job.objects.get().ended_at is None
    assert Job.objects.get().failures == 15


def test_ticks_are_armed_once_whoever_starts_and_follow_the_code(fresh_database: FreshDatabase) -> None:
    handler("one", every=5 * SECOND)(lambda run, at: None)
    handler("two", every=MINUTE)(lambda run, at: None)
    at_once(4, lambda _: arm_ticks(at=NINE))
    armed = Job.objects.filter(key__startswith="tick:").order_by("handler")
    assert list(armed.values_list("handler", "every_seconds")) == [("one", 5), ("two", 60)]

    del registry._handlers["two"]
    registry._handlers["one"] = registry.Handler("one", fails(), once=False, every=7 * SECOND)
    arm_ticks(at=NINE)

    assert list(armed.values_list("handler", "every_seconds")) == [("one", 7)]


def test_arming_what_is_armed_costs_one_look(db: None, django_assert_num_queries) -> None:
    handler("one", every=5 * SECOND)(lambda run, at: None)
    arm_ticks(at=NINE)

    with django_assert_num_queries(1):
        arm_ticks(at=NINE)


def test_looking_for_jobs_writes_nothing(db: None, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert take(at=NINE, worker="me", limit=5) == []


def test_a_job_that_nobody_takes_is_shown_as_stuck(db: None, done: list[object]) -> None:
    job = put("note", at=NINE)

    assert job not in queries.stuck(at=NINE + 5 * MINUTE)
    assert job in queries.stuck(at=NINE + 5 * MINUTE + SECOND)


def test_the_loop_ends_when_it_is_told_to_and_reads_the_time_it_is_given(
    db: None, done: list[object]
) -> None:
    times = iter(NINE + seconds * SECOND for seconds in range(100))
    stop = Signal()
    handler("stop")(lambda run, at: stop.set())
    put("note", at=NINE, arguments={"what": 1})
    put("stop", at=NINE, due_at=NINE + 2 * SECOND)

    worker.work(lambda: next(times), stop)

    assert done == [1]
    assert Job.objects.get(handler="stop").ended_at == NINE + 2 * SECOND


def test_the_command_does_what_is_due_and_ends(db: None, done: list[object]) -> None:
    put("note", at=NINE, arguments={"what": 1})

    call_command("work", "--once")

    assert done == [1]


def test_what_people_asked_for_and_the_rest_do_not_wait_for_each_other(db: None, done: list[object]) -> None:
    put("note", at=NINE, arguments={"what": "long"}, owner="person:7")
    put("note", at=NINE, arguments={"what": "tick"})

    assert run_due(at=NINE, worker="me", asked=False, limit=9) == 1
    assert done == ["tick"]
    assert run_due(at=NINE, worker="me", asked=True, limit=9) == 1
    assert done == ["tick", "long"]


def test_a_worker_that_is_to_end_puts_its_job_back_for_the_next_one(db: None) -> None:
    stop = Signal()
    begun = []

    @handler("long")
    def long(run: Run, at: datetime) -> None:
        begun.append(run.fence)
        run.report(1, 9, at=at)

    job = put("long", at=NINE)
    stop.set()
    run_due(at=NINE, worker="me", stop=stop)

    assert (again(job).ended_at, again(job).lease_until, again(job).failures) == (None, None, 0)
    run_due(at=NINE, worker="other")
    assert again(job).ended_as == "done"
    assert begun == [1, 2]


def test_a_cancelled_job_says_what_was_done(db: None) -> None:
    @handler("long")
    def long(run: Run, at: datetime) -> None:
        raise Cancelled({"rows": 20})

    job = put("long", at=NINE)
    run_all()

    assert (again(job).ended_as, again(job).result) == ("cancelled", {"rows": 20})


def test_what_ended_thirty_days_ago_is_forgotten_with_the_sheets_that_waited(
    db: None, done: list[object], settings: Any, tmp_path: Path
) -> None:
    settings.KEFU_HOME = tmp_path
    days = timedelta(days=1)
    for key, ended in (("old", 31 * days), ("young", 29 * days)):
        put("note", at=NINE - ended, key=key)
        run_all(NINE - ended)
    Job.objects.filter(key="old").update(ended_as="given_up")
    put("note", at=NINE - 40 * days, due_at=NINE + days, key="waits")
    old, young = (waiting.keep(lambda made: made.write(b"a"), at=NINE) for _ in range(2))
    os.utime(waiting.waiting_at(old), times=((NINE - 2 * days).timestamp(),) * 2)
    os.utime(waiting.waiting_at(young), times=(NINE.timestamp(),) * 2)
    registry.handler("jobs.prune", every=days)(prune_tick)
    arm_ticks(at=NINE)

    run_all()

    assert set(Job.objects.filter(handler="note").values_list("key", flat=True)) == {"young", "waits"}
    assert Job.objects.get(handler="jobs.prune").result == 1
    assert not waiting.waiting_at(old).exists()
    assert waiting.waiting_at(young).exists()


def test_many_are_forgotten_a_few_at_a_time(db: None) -> None:
    ended = NINE - timedelta(days=31)
    Job.objects.bulk_create(
        Job(handler="note", created_at=ended, due_at=ended, ended_at=ended) for _ in range(5)
    )

    assert [actions.prune(at=NINE, limit=2) for _ in range(4)] == [2, 2, 1, 0]
