"""Events imported a second: a real service desk's log, through the actions, on SQLite and on PostgreSQL.

    .venv/bin/python benchmarks/import.py [ROWS]        # the first ROWS rows of the log (default 5000)

Limit in the same run: the same ledger rows and the same number of commits written by bare statements.
CPU seconds of this process; for PostgreSQL the server's are beside it as wall time only, since it is another process.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
DATA = Path(os.environ.get("KEFU_DATA") or ROOT.parent / "shared" / "data")
LOG = DATA / "service_desk_logs" / "uci_incident_event_log.csv.gz"
MAPPING = ROOT / "rulebooks" / "servicedesk" / "mappings" / "servicenow_incidents.yaml"


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as home:
        measure(rows, home, f"sqlite:{home}/kefu.sqlite3")
    from tools.postgres import server

    with tempfile.TemporaryDirectory() as home, server() as address:
        subprocess.run([sys.executable, "-c", CREATE, address.replace("/kefu?", "/postgres?")], check=True)
        measure(rows, home, address)


CREATE = "import psycopg, sys; psycopg.connect(sys.argv[1], autocommit=True).execute('CREATE DATABASE kefu')"


def measure(rows: int, home: str, address: str) -> None:
    """Run this file again for one database: settings are read once per process."""
    environment = os.environ | {
        "KEFU_HOME": home,
        "KEFU_DATABASE": address,
        "DJANGO_SETTINGS_MODULE": "kefu.config.settings",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    subprocess.run([sys.executable, __file__, "--in", str(rows)], env=environment, check=True)


def measured(rows: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from kefu.cases.importing.carrying import BATCH, import_cases
    from kefu.cases.importing.mapping import read_mapping
    from kefu.cases.importing.reading import read_lines
    from kefu.core.ledger.models import Event
    from kefu.core.sheets import read_rows
    from tests.real_input.desk import found_desk

    now = datetime(2026, 1, 1, tzinfo=UTC)
    call_command("migrate", interactive=False, verbosity=0)
    department = found_desk(now)
    before = Event.objects.count()
    mapping = read_mapping(MAPPING)
    cpu, wall = time.process_time(), time.perf_counter()
    lines = read_lines(read_rows(first(rows)), mapping, now=now)
    read = time.process_time() - cpu
    done = import_cases(lines, mapping, department=department, at=now)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    events = Event.objects.count() - before
    print(
        f"{connection.vendor}: {done.rows} rows of {done.cases} cases, {events} events, {len(done.refused)} refused;"
        f" {cpu:.1f} s CPU ({read:.2f} to read), {wall:.1f} s wall: {events / cpu:.0f} events and"
        f" {done.rows / cpu:.0f} rows a CPU second, {events / wall:.0f} events a second on the wall"
    )
    if connection.vendor == "sqlite":
        bare(list(Event.objects.filter(seq__gt=before).values_list()), BATCH)


def first(rows: int) -> io.BytesIO:
    text = io.StringIO()
    with gzip.open(LOG, "rt", encoding="utf-8", newline="") as file:
        csv.writer(text).writerows(islice(csv.reader(file), rows + 1))
    return io.BytesIO(text.getvalue().encode())


def bare(rows: list[tuple[object, ...]], batch: int) -> None:
    """The limit: the same ledger rows into a table without anything, as many to a commit as the import makes."""
    values = [tuple(str(value) for value in row) for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(f"{folder}/bare.sqlite3", isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        marks = ",".join("?" * len(values[0]))
        database.execute(f"CREATE TABLE e ({','.join(f'c{n}' for n in range(len(values[0])))})")
        cpu = time.process_time()
        for start in range(0, len(values), batch):
            database.execute("BEGIN IMMEDIATE")
            for row in values[start : start + batch]:
                database.execute(f"INSERT INTO e VALUES ({marks})", row)
            database.execute("COMMIT")
        cpu = time.process_time() - cpu
    print(f"bare inserts of the same ledger rows: {len(values) / cpu:.0f} a CPU second")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--in"]:
        measured(int(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
