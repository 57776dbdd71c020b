"""A PostgreSQL database table by table through COPY, all of one instant; no program beside the server is needed."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction

from kefu.core.ledger.anchor import Head
from kefu.core.ledger.models import Event

LEDGER = Event._meta.db_table
CHUNK = 1 << 20


def part(table: str) -> str:
    return f"tables/{table}.copy.gz"


@contextmanager
def one_instant() -> Iterator[Any]:
    """A cursor that sees the database as it stood when the block began, whatever others commit."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield cursor


def snapshot(cursor: Any, folder: Path) -> dict[str, list[str]]:
    """Write every table; return the columns by table."""
    tables = columns()
    (folder / "tables").mkdir()
    for table, names in tables.items():
        listed = _listed(names)
        order = " ORDER BY seq" if table == LEDGER else ""
        query = f"COPY (SELECT {listed} FROM {_quoted(table)}{order}) TO STDOUT"  # noqa: S608 (names of the catalogue)
        with (folder / part(table)).open("xb") as raw:
            with (
                gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=1, mtime=0) as packed,
                cursor.copy(query) as rows,
            ):
                for chunk in rows:
                    packed.write(chunk)
            raw.flush()
            os.fsync(raw.fileno())
    return tables


def contents(cursor: Any) -> tuple[Head, list[str], tuple[str, ...]]:
    """Head of the ledger, ids of stored files and applied migrations."""
    cursor.execute("SELECT seq, hash FROM ledger_event ORDER BY seq DESC LIMIT 1")
    head = Head(*(cursor.fetchone() or (0, "")))
    cursor.execute("SELECT id FROM files_storedfile ORDER BY id")
    files = [row[0] for row in cursor.fetchall()]
    cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
    return head, files, tuple(row[0] for row in cursor.fetchall())


def load(folder: Path, tables: dict[str, list[str]]) -> None:
    """Fill the tables of an empty installation in one transaction. The ledger goes through its own triggers, row by
    row in order: a backup cannot bring in what the database would refuse."""
    call_command("migrate", interactive=False, verbosity=0)
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        emptied = ", ".join(_quoted(table) for table in tables if table != LEDGER)
        cursor.execute(f"TRUNCATE {emptied}")
        for table, names in tables.items():
            query = f"COPY {_quoted(table)} ({_listed(names)}) FROM STDIN"
            with gzip.open(folder / part(table)) as packed, cursor.copy(query) as rows:
                while chunk := packed.read(CHUNK):
                    rows.write(chunk)
        for table, names in tables.items():
            for name in names:
                cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [_quoted(table), name])
                if sequence := cursor.fetchone()[0]:
                    cursor.execute(
                        f"SELECT setval(%s, coalesce(max({_quoted(name)}), 0) + 1, false) FROM {_quoted(table)}",  # noqa: S608 (names of the catalogue)
                        [sequence],
                    )


def columns() -> dict[str, list[str]]:
    """The columns of every table that are written, by table."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.table_name, c.column_name FROM information_schema.columns c"
            " JOIN information_schema.tables t USING (table_schema, table_name)"
            " WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'"
            " ORDER BY c.table_name, c.ordinal_position"
        )
        for table, column in cursor.fetchall():
            found.setdefault(table, []).append(column)
    return found


def _listed(names: list[str]) -> str:
    return ", ".join(_quoted(name) for name in names)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
