"""Whatever SQL is sent, a stored event stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from kefu.core.ledger.models import Event
from kefu.core.ledger.tests.telling import stored, told

pytestmark = pytest.mark.db

COLUMNS = ", ".join(str(field.column) for field in Event._meta.concrete_fields)
OTHERS = COLUMNS.removeprefix("seq, ")

# {all}: the columns. {as 7}: what row 3 says, under the number 7.
ANYWHERE = [
    "UPDATE ledger_event SET actor = 'person:1' WHERE seq = 2",
    "UPDATE ledger_event SET seq = 99 WHERE seq = 5",
    "UPDATE ledger_event SET hash = hash",
    "DELETE FROM ledger_event WHERE seq = 5",
    "DELETE FROM ledger_event",
    "INSERT INTO ledger_event ({all}) {as 2}",
    "INSERT INTO ledger_event ({all}) {as 5}",
    "INSERT INTO ledger_event ({all}) {as 7}",
    "INSERT INTO ledger_event ({all}) {as 0}",
    "INSERT INTO ledger_event ({all}) {as 2} ON CONFLICT (seq) DO UPDATE SET actor = 'person:1'",
    "INSERT INTO ledger_event ({all}) {as 5} ON CONFLICT (seq) DO UPDATE SET actor = 'person:1'",
    "INSERT INTO ledger_event ({all}) {as 2} ON CONFLICT DO NOTHING",
]
SQLITE = [
    "REPLACE INTO ledger_event ({all}) {as 2}",
    "INSERT OR REPLACE INTO ledger_event ({all}) {as 2}",
    "INSERT OR REPLACE INTO ledger_event ({all}) {as 5}",
    # the next number, but in the place of a stored row
    "INSERT OR REPLACE INTO ledger_event (rowid, {all}) SELECT 2, * FROM ({as 6})",
    "INSERT OR IGNORE INTO ledger_event ({all}) {as 2}",
    "UPDATE OR REPLACE ledger_event SET seq = 4 WHERE seq = 5",
    "UPDATE ledger_event SET rowid = 99 WHERE seq = 5",
]
POSTGRESQL = [
    "TRUNCATE ledger_event",
    "TRUNCATE ledger_event CASCADE",
    "UPDATE ONLY ledger_event SET actor = 'person:1'",
    "MERGE INTO ledger_event USING (SELECT 2 AS n) AS x ON seq = n WHEN MATCHED THEN UPDATE SET actor = 'x'",
    "MERGE INTO ledger_event USING (SELECT 2 AS n) AS x ON seq = n WHEN MATCHED THEN DELETE",
    "WITH gone AS (DELETE FROM ledger_event RETURNING seq) SELECT * FROM gone",
]
ONLY_HERE = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
SETTINGS = {
    # REPLACE fires the triggers of a deletion only when it is on
    "sqlite": ["PRAGMA recursive_triggers = off", "PRAGMA recursive_triggers = on"],
    # ordinary triggers sleep for a replica
    "postgresql": [f"SET LOCAL session_replication_role = {role}" for role in ("origin", "replica", "local")],
}


def written(sql: str) -> str:
    row = f"SELECT * FROM (SELECT {{}} AS seq, {OTHERS} FROM ledger_event WHERE seq = 3) AS row WHERE true"  # noqa: S608 (constants)
    return re.sub(r"{as (\d)}", lambda found: row.replace("{}", found[1]), sql).replace("{all}", COLUMNS)


def refused(sql: str) -> None:
    """`sql` fails, by the ledger's own rule, and changes nothing."""
    before = list(Event.objects.order_by("seq").values_list())

    with (
        pytest.raises(DatabaseError, match="the ledger is append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(written(sql))

    assert list(Event.objects.order_by("seq").values_list()) == before


@pytest.fixture(autouse=True)
def five(db: None) -> Iterator[None]:
    told(5)
    assert stored() == [1, 2, 3, 4, 5]
    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = off")


@pytest.mark.parametrize("setting", SETTINGS[connection.vendor])
@pytest.mark.parametrize("sql", ANYWHERE + ONLY_HERE[connection.vendor])
def test_no_statement_changes_or_removes_an_event_under_any_setting(sql: str, setting: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(setting)

    refused(sql)


def test_the_next_event_is_taken() -> None:
    told(2, first=6)

    assert stored() == [1, 2, 3, 4, 5, 6, 7]
