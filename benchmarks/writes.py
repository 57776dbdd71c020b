"""Eight processes registering cases at once, and a writer killed with kill -9 during 2,000 acknowledged writes.

    python benchmarks/writes.py together [registrations each]
    python benchmarks/writes.py killed [writes] [kills]

Beside the eight, in the same run: eight processes each doing a bare `BEGIN IMMEDIATE; 3 inserts; COMMIT` at
synchronous=FULL on a file beside (sqlite3 module, its own busy handler, 20 s), and one process alone registering.
Elapsed time is what the limit of 100 ms is about, so it depends on what else the machine does: the load is printed.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from multiprocessing import get_context

from desks import database
from registering import Bare

PROCESSES = 8


def together(each: int = 60) -> None:
    with database() as address:
        from django.db import connection

        from kefu.cases.models import Case
        from tests.durability.crowd import crowd
        from tests.durability.desk import Desk

        Desk.found()
        vendor = connection.vendor
        connection.close()
        print(f"{vendor}, load {os.getloadavg()[0]:.1f}")
        alone = crowd(address, 1, each)
        told("one writer alone", alone.took)
        seen = crowd(address, PROCESSES, each)
        locked = sum("locked" in message for message in seen.refused)
        told(f"{PROCESSES} writers", seen.took)
        print(f"refused {len(seen.refused)}, of them “database is locked” {locked}")
        print(f"cases stored {Case.objects.count()} of {each * (PROCESSES + 1)}")
        if vendor == "sqlite":
            path = address.removeprefix("sqlite:") + ".bare"
            Bare(path).file.close()
            with get_context("spawn").Pool(PROCESSES) as pool:
                answers = pool.starmap(bare, [(path, each)] * PROCESSES)
            told(f"{PROCESSES} bare writers", [one for took, _ in answers for one in took])
            print(f"bare refused {sum(refused for _, refused in answers)}")
        print(f"load {os.getloadavg()[0]:.1f}")


def killed(writes: int = 2000, kills: int = 80) -> None:
    with database() as address:
        from django.db import connection

        from tests.durability.desk import Desk
        from tests.durability.killing import killed_course
        from tests.durability.looking import look

        Desk.found()
        connection.close()
        begun = time.perf_counter()
        course = killed_course(address, writes, kills, seed=22)
        took = time.perf_counter() - begun
        found = look(course.acknowledged)
        print(f"acknowledged {course.acknowledged}, kills {course.kills}, {took:.0f} s")
        print(f"slowest start to first answer {course.slowest_start:.2f} s")
        print(
            f"lost {len(found.lost)}, doubled {len(found.doubled)}, state without event {len(found.without_event)}"
        )
        print(f"integrity and chain: {found.broken or 'ok'}")


def told(what: str, took: list[float]) -> None:
    took = sorted(took)
    p50, p99 = (took[min(len(took) - 1, int(share * len(took)))] * 1e3 for share in (0.5, 0.99))
    print(
        f"{what:18} n {len(took):5}   p50 {p50:7.1f} ms   p99 {p99:7.1f} ms   worst {took[-1] * 1e3:7.1f} ms"
    )


def bare(path: str, each: int) -> tuple[list[float], int]:
    """`each` bare transactions: seconds of each, and how many were refused."""
    writer = Bare(path)
    took, refused = [], 0
    for number in range(each):
        begun = time.perf_counter()
        try:
            writer.write(number)
        except sqlite3.OperationalError:
            refused += 1
        else:
            took.append(time.perf_counter() - begun)
    return took, refused


if __name__ == "__main__":
    course, *sizes = sys.argv[1:]
    {"together": together, "killed": killed}[course](*map(int, sizes))
