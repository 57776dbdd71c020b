"""The SQLite backend: durable commits, and a queue whose place is given back whatever happens.

Without the mark `db`: PostgreSQL has no such queue.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections

from kefu.core.db import write
from kefu.core.db.sqlite.base import BUSY_TIMEOUT
from kefu.core.ledger.models import Bookmark
from tools.at_once import beside
from tools.fresh_database import FreshDatabase


def pragma(name: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return cursor.fetchone()[0]


def test_a_commit_survives_a_power_cut_and_references_are_kept(fresh_database: FreshDatabase) -> None:
    assert pragma("journal_mode") == "wal"
    assert pragma("synchronous") == 2  # FULL
    assert pragma("foreign_keys") == 1
    assert pragma("busy_timeout") == BUSY_TIMEOUT * 1000
    assert fresh_database.connection.transaction_mode == "IMMEDIATE"


def test_the_next_writer_waits_until_the_commit_and_not_longer(fresh_database: FreshDatabase) -> None:
    order: list[str] = []

    def second() -> None:
        with write():
            order.append("second")

    with ThreadPoolExecutor(1) as pool:
        with write():
            running = beside(pool, second)
            time.sleep(0.05)  # the second is in the queue by now; were it let in, it would stand first
            order.append("first")
        running.result(10)

    assert order == ["first", "second"]
    assert _free(fresh_database)


@pytest.mark.parametrize("how", ["refused", "closed"])
def test_the_place_is_free_after_a_rollback_and_after_closing(
    fresh_database: FreshDatabase, how: str
) -> None:
    if how == "refused":
        with pytest.raises(ZeroDivisionError), write():
            raise ZeroDivisionError
    else:
        connections["default"].ensure_connection()
        with write():
            Bookmark.objects.create(name="a")
        connections["default"].close()

    assert _free(fresh_database)


def _free(database: FreshDatabase) -> bool:
    """Nobody holds the place in the queue. Asked without waiting, which would never end."""
    with open(f"{database.name}.queue") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _writes(name: str) -> bool:
    with write():
        Bookmark.objects.create(name=name)
    return True


def test_a_statement_that_fails_to_begin_gives_the_place_back(fresh_database: FreshDatabase) -> None:
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")  # behind Django's back: the next BEGIN is an error
        with pytest.raises(Exception, match="within a transaction"), write():
            pass
        cursor.execute("ROLLBACK")

    assert _free(fresh_database)


HOLDER = """
import sys, time
from kefu.core.db.sqlite.queue import WriterQueue
queue = WriterQueue(sys.argv[1])
queue.enter()
print("held", flush=True)
time.sleep(60)
"""


def test_a_writer_killed_in_its_turn_does_not_keep_the_others(fresh_database: FreshDatabase) -> None:
    source = Path(__file__).parents[4]
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, f"{fresh_database.name}.queue"],
        env={**os.environ, "PYTHONPATH": str(source)},
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with ThreadPoolExecutor(1) as pool:
            waiting = beside(pool, lambda: _writes("b"))
            time.sleep(0.05)
            assert not waiting.done()  # premise: it does wait
            holder.kill()
            assert waiting.result(10)
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()


def test_each_waiting_writer_gets_its_turn_in_order_of_arrival(fresh_database: FreshDatabase) -> None:
    order: list[int] = []

    def writer(number: int) -> None:
        with write():
            order.append(number)

    with ThreadPoolExecutor(6) as pool:
        with write():
            running = []
            for number in range(6):
                running.append(beside(pool, writer, number))
                time.sleep(0.1)  # so that they arrive one after another
        for one in running:
            one.result(10)

    assert order == list(range(6))
