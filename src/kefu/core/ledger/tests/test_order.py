"""Numbers without gaps in the order of commits: who reads up to a number has read everything before it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal

import pytest
from django.db import connection
from django.db.utils import DatabaseError

from kefu.core.db import append_last, write
from kefu.core.ledger import actions, queries
from kefu.core.ledger.models import Event
from kefu.core.ledger.tests.telling import happen, stored, told
from kefu.core.ledger.triggers import unprotect
from kefu.core.ledger.verify import verify
from tools.at_once import PATIENCE, at_once, beside
from tools.fresh_database import FreshDatabase

pytestmark = pytest.mark.db

THREADS, EACH = 8, 12


def test_eight_threads_write_at_once_and_a_reader_never_sees_a_gap(fresh_database: FreshDatabase) -> None:
    gaps: list[tuple[int, int]] = []
    looks = 0
    over = Signal()

    def look() -> None:
        nonlocal looks
        while not over.is_set():
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*), coalesce(max(seq), 0) FROM ledger_event")
                count, last = cursor.fetchone()
            looks += 1
            if count != last:
                gaps.append((count, last))
            time.sleep(0.002)

    def tell(thread: int) -> None:
        for number in range(EACH):
            with write():
                happen(thread * EACH + number)
                happen(thread * EACH + number, data={"number": -1})

    with ThreadPoolExecutor(1) as pool:
        looking = beside(pool, look)
        try:
            at_once(THREADS, tell)
        finally:
            over.set()
        looking.result(PATIENCE)

    assert looks > 5  # premise: somebody looked while they wrote
    assert gaps == []
    assert list(Event.objects.order_by("seq").values_list("seq", flat=True)) == list(
        range(1, 2 * THREADS * EACH + 1)
    )
    numbers = stored()
    assert sorted(numbers[::2]) == list(range(THREADS * EACH))
    assert set(numbers[1::2]) == {-1}  # the events of one transaction stand together
    assert verify().first_bad is None


class Held:
    """A transaction that has numbered its event and waits before it commits; another one that comes meanwhile."""

    def __init__(self) -> None:
        self.numbered, self.go, self.second_done = Signal(), Signal(), Signal()

    def first(self) -> None:
        with write():
            happen(1)
            append_last(self._hold, None)

    def _hold(self, _: list[None]) -> None:
        self.numbered.set()
        self.go.wait(PATIENCE)

    def second(self) -> None:
        self.numbered.wait(PATIENCE)
        try:
            with write():
                happen(2)
        finally:
            self.second_done.set()


def read_by_bookmark(held: Held, *, patience: float) -> list[int]:
    """What a reader gets that reads once while the first holds, and once more when both are done."""
    seen = []
    with ThreadPoolExecutor(2) as pool:
        try:
            one, two = beside(pool, held.first), beside(pool, held.second)
            held.second_done.wait(patience)
            seen += queries.read(0, 100)
            bookmark = seen[-1].seq if seen else 0
        finally:
            held.go.set()
        one.result(PATIENCE)
        two.result(PATIENCE)
    seen += queries.read(bookmark, 100)
    return [event.data["number"] for event in seen]


def test_who_comes_second_waits_and_a_bookmark_reader_loses_nothing(fresh_database: FreshDatabase) -> None:
    assert read_by_bookmark(Held(), patience=0.5) == [1, 2]
    assert stored() == [1, 2]


@pytest.fixture
def numbers_of_a_sequence(fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual design: no lock, numbers from a sequence of the database (and none of the triggers that refuse it)."""
    with connection.schema_editor() as editor:
        unprotect(editor)
        editor.execute("CREATE SEQUENCE usual")

    def usual_head() -> tuple:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('usual') - 1, repeat('0', 64), clock_timestamp()")
            return cursor.fetchone()

    monkeypatch.setattr(actions, "lock", lambda: None)
    monkeypatch.setattr(actions, "_head", usual_head)


if connection.vendor == "postgresql":  # SQLite has one writer: there is no lock to take away

    class TestWithoutTheLock:
        def test_a_bookmark_reader_loses_the_event_that_was_numbered_first_and_committed_last(
            self, numbers_of_a_sequence: None
        ) -> None:
            assert read_by_bookmark(Held(), patience=PATIENCE) == [2]  # the first one is never read
            assert stored() == [1, 2]  # although it is there

        def test_the_triggers_refuse_the_second_rather_than_lose_the_first(
            self, fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
        ) -> None:
            told(1, first=0)
            monkeypatch.setattr(actions, "lock", lambda: None)

            with pytest.raises(DatabaseError, match=r"duplicate key|append-only"):
                read_by_bookmark(Held(), patience=0.5)

            assert stored() == [0, 1]
