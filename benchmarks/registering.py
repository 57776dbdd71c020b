"""What registering a case costs beside a bare transaction of three inserts, in CPU time and durable commits.

    python benchmarks/registering.py [cases]

A registration stores the case, its message, its event, its clocks and its index row. The bare transaction is the
one of the sqlite3 module: `BEGIN IMMEDIATE; 3 inserts; COMMIT` at synchronous=FULL, in a file beside, taken in turns
of 50 with the registrations so that both see the same machine. CPU time is `time.process_time`.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Callable

from desks import database

TURN = 50


def main(cases: int = 600) -> None:
    with database() as address:
        from django.db import connection

        from tests.durability.desk import Desk

        desk = Desk.found()
        bare = Bare(address.removeprefix("sqlite:") + ".bare") if connection.vendor == "sqlite" else None
        works: dict[str, Callable[[int], object]] = {
            kind: lambda number, kind=kind: desk.register(kind, number)
            for kind in ("complaint", "repair", "incident")
        }
        if bare:
            works["bare"] = bare.write
        spent = dict.fromkeys(works, 0.0)
        waited = dict.fromkeys(works, 0.0)
        commits = dict.fromkeys(works, 0)
        count_commits(connection, commits)
        for work in works.values():  # what is read once is read
            for number in range(5):
                work(number)
        done = 0
        while done < cases:
            for name, work in works.items():
                counted["now"] = name
                cpu, wall = time.process_time(), time.perf_counter()
                for number in range(done, done + TURN):
                    work(number)
                spent[name] += time.process_time() - cpu
                waited[name] += time.perf_counter() - wall
            done += TURN
        print(f"{connection.vendor}, {done} each")
        for name in works:
            line = f"{name:10} {spent[name] / done * 1e3:8.3f} ms CPU {waited[name] / done * 1e3:8.3f} ms elapsed"
            if name != "bare":
                line += f"   commits each {commits[name] / done:.2f}"
                if bare:
                    line += f"   CPU ratio to bare {spent[name] / spent['bare']:.1f}"
            print(line)


counted = {"now": ""}


def count_commits(connection, commits: dict[str, int]) -> None:
    """Count every COMMIT of the connection for what runs now."""
    plain = connection._commit

    def commit() -> None:
        if counted["now"]:
            commits[counted["now"]] += 1
        plain()

    connection._commit = commit


class Bare:
    """Three inserts in one immediate transaction, durable."""

    def __init__(self, path: str) -> None:
        self.file = sqlite3.connect(path, isolation_level=None, timeout=20)
        self.file.execute("PRAGMA journal_mode=WAL")
        self.file.execute("PRAGMA synchronous=FULL")
        for table in "abc":
            self.file.execute(
                f"CREATE TABLE IF NOT EXISTS {table} (id INTEGER PRIMARY KEY, at TEXT, text TEXT)"
            )

    def write(self, number: int) -> None:
        self.file.execute("BEGIN IMMEDIATE")
        for table in "abc":
            self.file.execute(
                f"INSERT INTO {table} (at, text) VALUES (?, ?)",
                ("2026-09-24 10:00:00", "三单元电梯停运三天"),
            )
        self.file.execute("COMMIT")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
