"""What a sweep costs with 1,000 clocks due among 10,000 open ones and among 1,000,000.

    python benchmarks/sweep.py [few] [many] [due]

The due ones are real: repairs registered through the action and not dispatched within five minutes, so that each
is replayed, missed, and escalated. The open ones around them are rows only, due later; a sweep must not touch them.
The same database is swept while it holds `few` clocks, then while it holds `many`, by the function that the worker
calls, 200 clocks a sweep. The figure is CPU time of this process (`time.process_time`); on PostgreSQL the server's
part is not in it, so elapsed time is printed too. The query plan is the database's own answer, and the benchmark
fails when it does not use the partial index.
"""

from __future__ import annotations

import sys
import time
from datetime import datetime, timedelta

from desks import database

BATCH = 200  # clocks a sweep, as the worker's
TEMPLATE = 1000  # rows that are copied to make many
FIRST = 10**9  # number of the first piece of work that is not there


def main(few: int = 10_000, many: int = 1_000_000, due: int = 1000) -> None:
    with database():
        from django.db import connection

        from kefu.core.clocks.models import ClockRow
        from kefu.core.clocks.sweep import sweep
        from tests.durability.desk import BEGIN, Desk

        desk = Desk.found()
        print(connection.vendor)
        seconds = {}
        for size in (few, many):
            stand(size - due, BEGIN + timedelta(days=1))
            for number in range(due):
                desk.register("repair", number % 60)
            at = BEGIN + timedelta(hours=2)
            assert ClockRow.objects.filter(next_at__lte=at).count() == due
            cpu, wall, works, steps = time.process_time(), time.perf_counter(), 0, 0
            while (done := sweep(at=at, limit=BATCH)).works:
                works, steps = works + done.works, steps + done.steps
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            seconds[size] = cpu
            assert works == steps == due, (works, steps)
            print(f"{due} due of {size:>9,} open: {cpu:6.2f} s CPU, {wall:6.2f} s elapsed, {steps} steps")
            print(f"    {ClockRow.objects.count():,} rows; {plan(at)}")
        print(f"ratio of CPU time {seconds[many] / seconds[few]:.2f}, limit 1.5")


def stand(rows: int, later: datetime) -> None:
    """Bring the open clocks that are not due up to `rows`, due at instants after `later`."""
    from django.db import connection, transaction

    from kefu.core.clocks.models import ClockRow

    there = ClockRow.objects.filter(work_id__gte=FIRST).count()
    with transaction.atomic():
        if not there:
            ClockRow.objects.bulk_create(
                ClockRow(
                    work_kind="case",
                    work_id=FIRST + number,
                    department=1,
                    clock="completion",
                    run=1,
                    version="0" * 64,
                    state="running",
                    started_at=later - timedelta(days=2),
                    due_at=later + timedelta(minutes=number),
                    next_at=later + timedelta(minutes=number),
                )
                for number in range(TEMPLATE)
            )
            there = TEMPLATE
        columns = [
            field.column for field in ClockRow._meta.concrete_fields if field.column not in ("id", "work_id")
        ]
        names = ", ".join(columns)
        with connection.cursor() as cursor:
            for start in range(there, rows, TEMPLATE):
                cursor.execute(
                    f"INSERT INTO clocks_clockrow (work_id, {names})"
                    f" SELECT work_id + %s, {names} FROM clocks_clockrow WHERE work_id BETWEEN %s AND %s"
                    " ORDER BY work_id LIMIT %s",
                    [start, FIRST, FIRST + TEMPLATE - 1, rows - start],
                )
    if connection.vendor == "postgresql":  # as autovacuum does in time
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE clocks_clockrow")


def plan(at: datetime) -> str:
    """How the database finds what is due; the partial index, or the benchmark fails."""
    from kefu.core.clocks.models import ClockRow

    told = ClockRow.objects.filter(next_at__lte=at).order_by("next_at")[:BATCH].explain()
    assert "clock_next" in told, told
    return next(line.strip() for line in told.splitlines() if "clock_next" in line)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
