"""Readers: each event once and in order, whatever fails and whoever else reads."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kefu.core.db import write
from kefu.core.jobs import ticks
from kefu.core.jobs.models import Job
from kefu.core.jobs.running import PutBack, Run
from kefu.core.ledger import readers
from kefu.core.ledger.models import Bookmark, Event
from kefu.core.ledger.readers import advance, position, reader
from kefu.core.ledger.tests.telling import NINE, happen, stored, told
from tools.at_once import at_once
from tools.fresh_database import FreshDatabase

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def no_other_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_readers", {})


def test_each_event_is_read_once_in_order_and_a_look_at_nothing_new_is_free(
    db: None, django_assert_num_queries
) -> None:
    seen: list[int] = []
    reader("one")(lambda event: seen.append(event.data["number"]))
    told(5)

    assert advance("one", limit=3) == 3
    assert advance("one", limit=3) == 2
    with django_assert_num_queries(2):
        assert advance("one", limit=3) == 0

    assert seen == [1, 2, 3, 4, 5]
    assert position("one") == 5


def test_what_a_reader_wrote_before_it_failed_is_taken_back_with_its_bookmark(
    fresh_database: FreshDatabase,
) -> None:
    cause = ["the network is down"]

    @reader("writes")
    def writes(event: Event) -> None:
        Bookmark.objects.create(name=f"trace {event.data['number']}")
        if event.data["number"] == 4 and cause:
            raise OSError(cause[0])

    told(6)

    with pytest.raises(OSError, match="the network is down"):
        advance("writes")
    assert position("writes") == 3  # the events before it are not held up
    assert Bookmark.objects.filter(name__startswith="trace").count() == 3

    cause.clear()
    assert advance("writes") == 3
    assert (
        Bookmark.objects.filter(name__startswith="trace").count() == 6
    )  # nothing twice: the name is the key


def test_one_reader_that_fails_does_not_keep_the_others(fresh_database: FreshDatabase) -> None:
    seen = []

    @reader("fails")
    def fails(event: Event) -> None:
        raise OSError("broken")

    reader("works")(lambda event: seen.append(event.data["number"]))
    told(3)
    job = Job.objects.create(handler="ledger.readers", created_at=NINE, due_at=NINE)

    with pytest.raises(ExceptionGroup) as group:
        ticks.readers_tick(Run(job.pk, "me", 0, {}, ""), NINE)

    assert [str(error) for error in group.value.exceptions] == ["broken"]
    assert seen == [1, 2, 3]
    assert (position("fails"), position("works")) == (0, 3)


def test_a_worker_that_is_to_end_puts_the_reading_back_and_no_reader_has_failed(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticks, "BATCH", 2)
    reader("one")(lambda event: None)
    told(5)
    job = Job.objects.create(handler="ledger.readers", created_at=NINE, due_at=NINE, lease_by="me")
    run = Run(job.pk, "me", 0, {}, "")
    run.stop.set()

    with pytest.raises(PutBack):
        ticks.readers_tick(run, NINE)

    assert position("one") == 2  # and the next worker goes on from there


def test_a_reader_may_record_events_which_it_reads_in_turn(fresh_database: FreshDatabase) -> None:
    @reader("answers")
    def answers(event: Event) -> None:
        if event.data["number"] < 100:
            happen(event.data["number"] + 100, at=NINE + timedelta(hours=1))

    told(2)
    while advance("answers"):
        pass

    assert stored() == [1, 2, 101, 102]
    assert position("answers") == 4


def test_four_threads_that_advance_one_reader_hand_it_each_event_once(fresh_database: FreshDatabase) -> None:
    @reader("counts")
    def counts(event: Event) -> None:
        Bookmark.objects.create(name=f"trace {event.seq}")

    told(40, each=10)

    def advance_to_the_end(_: int) -> int:
        taken = 0
        while more := advance("counts", limit=3):
            taken += more
        return taken

    assert sum(at_once(4, advance_to_the_end)) == 40
    assert Bookmark.objects.filter(name__startswith="trace").count() == 40


def test_a_name_stands_for_one_reader(db: None) -> None:
    reader("one")(lambda event: None)
    with pytest.raises(ValueError, match="two readers are named 'one'"):
        reader("one")(lambda event: None)


def test_an_event_of_a_transaction_that_fails_is_never_read(db: None) -> None:
    seen: list[int] = []
    reader("one")(lambda event: seen.append(event.data["number"]))
    told(1)
    with pytest.raises(ZeroDivisionError), write():
        happen(1 // 0)
    told(1, first=3)

    advance("one")

    assert seen == [1, 3]
