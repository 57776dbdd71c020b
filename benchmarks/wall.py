"""What one look of a wallboard and of a team board costs, with 20,000 open cases beside an archive of closed ones.

    python benchmarks/wall.py [open] [closed] [looks]

Cases are rows: real ones of two kinds, registered through the action and copied, eight in ten with an owner. The look
is `figures_of`, which is what the page asks every three seconds. It is measured with the index as it is and with the
one it replaced (without the columns that its condition asks about). CPU is `time.process_time` of this process; on
PostgreSQL the server's part is not in it, so elapsed time is told too. The benchmark fails on SQLite when the open
cases are not counted from the index alone.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from desks import database

TEMPLATE = 100  # real cases that are copied
YEARS = timedelta(days=730)
INDEX = "open_cases_of_kind"
BEFORE = (
    f"CREATE INDEX {INDEX} ON cases_case (department_id, kind, owner_id, opened_at)"
    " WHERE closed_at IS NULL AND voided_at IS NULL"
)


def main(open_: int = 20_000, closed: int = 200_000, looks: int = 30) -> None:
    with database():
        from django.db import connection

        from tests.durability.desk import BEGIN, Desk

        desk = Desk.found()
        for number in range(TEMPLATE):
            desk.register("repair" if number % 3 else "complaint", number % 60)
        _copy(open_, closed)
        at = BEGIN + timedelta(hours=2)
        print(f"{connection.vendor}: {open_:,} open, {closed:,} closed")
        with connection.cursor() as cursor:
            cursor.execute(f"DROP INDEX {INDEX}")
            cursor.execute(BEFORE)
            _look("the index before", looks, at, plan="")
            cursor.execute(f"DROP INDEX {INDEX}")
        _make_index()
        _look("the index as it is", looks, at, plan=f"COVERING INDEX {INDEX}")
        _board(looks, at)


def _copy(open_: int, closed: int) -> None:
    """Copies of the real cases over two years, open ones scattered among closed ones, every fifth without an owner."""
    from django.db import connection, transaction

    from kefu.cases.models import Case
    from kefu.staff.models import Person

    owner = Person.objects.filter(login="chen").values_list("pk", flat=True).get()
    own = ("id", "number", "owner_id", "opened_at", "closed_at", "import_key")
    names = ", ".join(field.column for field in Case._meta.concrete_fields if field.column not in own)
    last = Case.objects.order_by("-pk").values_list("pk", flat=True)[0]
    as_stored = connection.ops.adapt_datetimefield_value
    first, total = Case.objects.earliest("opened_at").opened_at, open_ + closed
    each = total // open_  # one of so many is open
    with transaction.atomic(), connection.cursor() as cursor:
        for start in range(TEMPLATE, total, TEMPLATE):
            opened = as_stored(first - (1 - start / total) * YEARS)
            cursor.execute(
                f"INSERT INTO cases_case (id, number, owner_id, opened_at, closed_at, {names})"
                f" SELECT id + %s, 'X' || (id + %s), CASE WHEN id %% 5 = 0 THEN NULL ELSE %s END, %s,"
                f" CASE WHEN (id + %s) %% %s = 0 THEN NULL ELSE %s END, {names} FROM cases_case WHERE id <= %s",
                [start, start, owner, opened, start, each, opened, last],
            )
        if connection.vendor == "postgresql":  # as autovacuum does in time; SQLite works without statistics
            cursor.execute("ANALYZE cases_case")


def _make_index() -> None:
    from django.db import connection

    from kefu.cases.models import Case

    index = next(one for one in Case._meta.indexes if one.name == INDEX)
    with connection.schema_editor() as editor:
        editor.add_index(Case, index)


def _look(name: str, looks: int, at: datetime, *, plan: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from kefu.home.models import Wall
    from kefu.home.wall_figures import figures_of

    wall = Wall(department=None)
    with CaptureQueriesContext(connection) as queries:
        found = figures_of(wall, "Asia/Shanghai", at)
    counting = next(one["sql"] for one in queries if "GROUP BY" in one["sql"] and '"kind"' in one["sql"])
    cpu, elapsed = _measured(looks, lambda: figures_of(wall, "Asia/Shanghai", at))
    print(
        f"{name}: {cpu:.1f} ms CPU, {elapsed:.1f} ms elapsed (median of {looks}); {found.open:,} open,"
        f" {len(queries)} statements"
    )
    told = _plan(counting)
    cpu, elapsed = _measured(looks, lambda: _rows(counting))
    print(f"    the open ones alone: {cpu:.1f} ms CPU, {elapsed:.1f} ms elapsed; {told}")
    assert connection.vendor != "sqlite" or plan in told, told


def _board(looks: int, at: datetime) -> None:
    """The team board of the centre's supervisor, which an open page asks for every ten seconds."""
    from kefu.home.board import board_of
    from kefu.staff.models import Person

    leader = Person.objects.get(login="zhao")
    found = board_of(leader, at)
    cpu, elapsed = _measured(looks, lambda: board_of(leader, at))
    print(
        f"team board: {cpu:.1f} ms CPU, {elapsed:.1f} ms elapsed; {len(found.mates)} people, {len(found.pressing)}"
        f" pressing, {len(found.stuck)} stuck, {len(found.free)} free"
    )


def _measured(looks: int, do: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of CPU and elapsed, the median of each."""
    cpu, elapsed = [], []
    for _ in range(looks):
        c, e = time.process_time(), time.perf_counter()
        do()
        cpu.append((time.process_time() - c) * 1000)
        elapsed.append((time.perf_counter() - e) * 1000)
    return statistics.median(cpu), statistics.median(elapsed)


def _plan(sql: str) -> str:
    from django.db import connection

    told = _rows(("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + sql)
    return "; ".join(str(row[-1]).strip() for row in told)


def _rows(sql: str) -> list[tuple[object, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
