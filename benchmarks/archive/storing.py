"""Storing many rows at once: COPY on PostgreSQL, one long transaction on SQLite, indexes built at the end."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import connection

TABLES = {
    "customers_customer": "id kind name id_number grade region credit standing note department_id"
    " added_at changed_at",
    "customers_contactpoint": "id customer_id kind value note",
    "cases_case": "id number kind department_id owner_id author_id state fields graded_by_person made parent_kind"
    " parent_id opened_at changed_at closed_at voided_at void_reason due_at version revision subject channel"
    " customer_id grade",
    "cases_message": "id case_id author_id customer_id public body at",
    "cases_reach": "case_id department_id at",
    "clocks_clockrow": "work_kind work_id clock run department version state started_at due_at ended_at missed_at"
    " next_at unconfirmed",
    "ledger_event": "seq occurred_at recorded_at actor actor_post kind subject_kind subject_id root_kind root_id"
    " department data rulebook_version hash",
    "search_searchdoc": "id kind record_id part text",
    "work_counter": "prefix last",
}


class Store:
    """Bulk writing into the database Django is connected to. Between `begin` and `end` nobody else may use it."""

    def __init__(self) -> None:
        self.vendor = connection.vendor
        self.indexes: list[tuple[str, str]] = []

    def begin(self) -> None:
        """Take away what would slow each row down: secondary indexes, triggers, waiting for the disk."""
        from kefu.core.ledger.triggers import unprotect
        from kefu.core.search import schema

        with connection.schema_editor() as editor:
            unprotect(editor)
        with connection.cursor() as cursor:
            if self.vendor == "sqlite":
                cursor.execute(
                    "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN"
                    f" ({', '.join(['%s'] * len(TABLES))})",
                    list(TABLES),
                )
                self.indexes = cursor.fetchall()
                for name in ("added", "removed", "changed"):
                    cursor.execute(f"DROP TRIGGER search_doc_{name}")
                for pragma in (
                    "journal_mode = OFF",
                    "foreign_keys = OFF",
                    "synchronous = OFF",
                    "cache_size = -400000",
                    "temp_store = MEMORY",
                ):
                    cursor.execute(f"PRAGMA {pragma}")
                self.search = list(schema.TRIGGERS_SQLITE)
            else:
                cursor.execute(
                    "SELECT indexname, indexdef FROM pg_indexes i WHERE tablename = ANY(%s) AND NOT EXISTS"
                    " (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)",
                    [list(TABLES)],
                )
                self.indexes = cursor.fetchall()
                cursor.execute("SET session_replication_role = replica")
                cursor.execute("SET maintenance_work_mem = '1GB'")
                cursor.execute("SET synchronous_commit = off")
            for name, _ in self.indexes:
                cursor.execute(f'DROP INDEX "{name}"')

    def write(self, rows: dict[str, Sequence[Any]]) -> None:
        """Append the rows of each table, as `ready` made them."""
        if self.vendor == "sqlite":
            self._execute_many(rows)
        else:
            self._copy(rows)

    def _execute_many(self, rows: dict[str, Sequence[Any]]) -> None:
        connection.ensure_connection()
        cursor = connection.connection.cursor()
        cursor.execute("BEGIN")
        for table, found in rows.items():
            columns = TABLES[table].split()
            statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
            cursor.executemany(statement, found)
        cursor.execute("COMMIT")

    def _copy(self, rows: dict[str, Sequence[Any]]) -> None:
        with connection.cursor() as cursor:
            for table, found in rows.items():
                if not found:
                    continue
                with cursor.cursor.copy(
                    f"COPY {table} ({', '.join(TABLES[table].split())}) FROM STDIN"
                ) as copy:
                    copy.write("".join(found))

    def end(self) -> None:
        """Build the indexes, give the triggers back, and let the planner know."""
        from kefu.core.ledger.triggers import protect
        from kefu.core.search import schema

        with connection.cursor() as cursor:
            if self.vendor == "sqlite":
                # As `rebuild` does, but with more of the index in memory before it is written
                cursor.execute("INSERT INTO search_index(search_index, rank) VALUES ('hashsize', 268435456)")
                schema.rebuild(connection)
                cursor.execute("INSERT INTO search_index(search_index, rank) VALUES ('hashsize', 1048576)")
                for trigger in self.search:
                    cursor.execute(trigger)
            for _, statement in self.indexes:
                cursor.execute(statement)
            if self.vendor == "postgresql":
                for table in TABLES:
                    if TABLES[table].startswith(("id ", "case_id", "work_kind")):
                        cursor.execute(
                            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
                        )
                cursor.execute("SET session_replication_role = origin")
                cursor.execute("VACUUM ANALYZE")
            else:
                cursor.execute("ANALYZE")
        connection.close()
        with connection.schema_editor() as editor:
            protect(None, editor)


class Chain:
    """Numbers and hashes for events in the order in which they are stored."""

    def __init__(self, vendor: str) -> None:
        from kefu.core.ledger.models import Event

        last = Event.objects.order_by("-seq").first()
        assert last is not None
        self.vendor, self.seq, self.hash = vendor, last.seq, last.hash

    def link(self, events: Iterable[tuple[str, Any]]) -> list[Any]:
        """Rows of the ledger from what `event` made."""
        rows: list[Any] = []
        for tail, row in events:
            self.seq += 1
            self.hash = sha256(f'["{self.hash}",{self.seq},{tail}'.encode()).hexdigest()
            if self.vendor == "sqlite":
                rows.append((self.seq, *row, self.hash))
            else:
                rows.append(f"{self.seq}\t{row}\t{self.hash}\n")
        return rows


def event(
    vendor: str,
    noun: str,
    pk: int,
    department: int,
    at: datetime,
    actor: str,
    post: str,
    kind: str,
    data: dict[str, Any],
    version: str,
) -> tuple[str, Any]:
    """An event without its number and hash: what `ledger.chain.row_hash` hashes after the number, and the columns
    between number and hash. `kefu verify` finds that it is the same hash."""
    subject = (noun, str(pk)) * 2
    values = (at, at, actor, post, kind, *subject, department, data, version)
    tail = _HASHED.encode(values).removeprefix("[")
    row = (at, at, actor, post, kind, *subject, department, json.dumps(data, ensure_ascii=False), version)
    return tail, _for_sqlite(row) if vendor == "sqlite" else "\t".join(map(_field, row))


def ready(vendor: str, rows: Iterable[tuple]) -> list[Any]:
    """Rows as the database takes them."""
    return (
        [_for_sqlite(row) for row in rows]
        if vendor == "sqlite"
        else ["\t".join(map(_field, row)) + "\n" for row in rows]
    )


def _iso(value: object) -> str:
    assert isinstance(value, datetime)
    return value.isoformat(timespec="microseconds")


_HASHED = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_iso)


def _for_sqlite(row: tuple) -> tuple:
    return tuple(_naive(value) if isinstance(value, datetime) else value for value in row)


def _naive(value: datetime) -> str:
    """All instants here are in UTC."""
    return value.replace(tzinfo=None).isoformat(" ")


def _field(value: object) -> str:
    if value is None:
        return r"\N"
    if isinstance(value, str):
        return value.replace("\\", r"\\").replace("\n", r"\n").replace("\t", r"\t")
    return value.isoformat() if isinstance(value, datetime) else str(value)


def batches(total: int, size: int) -> Iterable[tuple[int, int]]:
    return ((first, min(first + size, total)) for first in range(0, total, size))
