"""How many jobs a second four workers claim and finish, and how many durable commits the same disk takes.

    python benchmarks/jobs.py [jobs] [workers]

Each job does nothing but end: its claim and its end are one transaction each, as in `kefu work`. Workers are processes
of their own and take one job at a time. The limit, in the same run: the same workers change one row of that table by
hand and commit, twice for each job, without asking who else wants it.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from desks import database

NOW = datetime(2026, 9, 24, 2, 0, tzinfo=UTC)


def main(jobs: int = 2000, workers: int = 4) -> None:
    with database():
        from django.db import connection

        from kefu.core.jobs.actions import put
        from kefu.core.jobs.models import Job
        from kefu.core.jobs.registry import handler

        handler("bench.end", once=True)(lambda run, at: None)
        for _ in range(jobs):
            put("bench.end", at=NOW)
        print(f"{connection.vendor}, {jobs} jobs, {workers} workers, load {os.getloadavg()[0]:.1f}")
        connection.close()  # so that no child shares it
        rate = jobs / at_once(workers, finish_all)
        assert Job.objects.filter(ended_as="done", tries=1).count() == jobs, "each once, in its first try"
        connection.close()
        limit = jobs / at_once(workers, lambda number: commit_by_hand(number, 2 * jobs // workers))
        print(f"claimed and finished {rate:7.0f} jobs a second")
        print(
            f"by hand              {limit:7.0f} a second; ratio {rate / limit:.2f}; load {os.getloadavg()[0]:.1f}"
        )


def at_once(workers: int, do: Callable[[int], None]) -> float:
    """Seconds until the last of so many processes has done `do(number)`."""
    began = time.perf_counter()
    children = [_child(do, number) for number in range(workers)]
    for child in children:
        _, status = os.waitpid(child, 0)
        assert status == 0, f"a worker failed with {status}"
    return time.perf_counter() - began


def _child(do: Callable[[int], None], number: int) -> int:
    if child := os.fork():
        return child
    try:
        do(number)
        os._exit(0)
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(1)


def finish_all(number: int) -> None:
    from kefu.core.jobs.worker import run_due, worker_name

    me = worker_name()
    while run_due(at=NOW, worker=me):
        pass


def commit_by_hand(number: int, commits: int) -> None:
    """Change a row of one's own so often, one durable transaction each."""
    from django.db import connection, transaction

    from kefu.core.jobs.models import Job

    mine = Job.objects.values_list("pk", flat=True).order_by("pk")[number]
    for count in range(commits):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE jobs_job SET done_count = %s WHERE id = %s", [count, mine])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
