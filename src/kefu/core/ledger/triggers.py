"""Triggers that keep the ledger append-only, on both engines. No setting and no session switch turns them
off.

A migration that changes the table on SQLite makes it anew and loses them: it must call `protect` again.
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# The rule for inserts carries REPLACE and upsert too: REPLACE deletes without firing delete triggers
# (unless PRAGMA recursive_triggers is on), but it must first insert a number that is not the next one. With
# the next number it could still push a row out by its hidden rowid, so that must be the number itself.
_SQLITE = (
    """CREATE TRIGGER ledger_event_next BEFORE INSERT ON ledger_event
       WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM ledger_event)
       BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: the number must be the next one'); END""",
    """CREATE TRIGGER ledger_event_place AFTER INSERT ON ledger_event WHEN NEW.rowid IS NOT NEW.seq
       BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: the place must be the next one'); END""",
    """CREATE TRIGGER ledger_event_update BEFORE UPDATE ON ledger_event
       BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: no row is changed'); END""",
    """CREATE TRIGGER ledger_event_delete BEFORE DELETE ON ledger_event
       BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: no row is deleted'); END""",
)

# ENABLE ALWAYS: ordinary triggers sleep while session_replication_role is `replica`.
_POSTGRESQL = (
    """CREATE FUNCTION ledger_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'the ledger is append-only: no % of its rows', lower(TG_OP); END $$""",
    """CREATE FUNCTION ledger_event_next() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF NEW.seq IS DISTINCT FROM (SELECT coalesce(max(seq), 0) + 1 FROM ledger_event) THEN
           RAISE EXCEPTION 'the ledger is append-only: the number must be the next one';
         END IF;
         RETURN NEW;
       END $$""",
    """CREATE TRIGGER ledger_event_next BEFORE INSERT ON ledger_event
       FOR EACH ROW EXECUTE FUNCTION ledger_event_next()""",
    """CREATE TRIGGER ledger_event_change BEFORE UPDATE OR DELETE ON ledger_event
       FOR EACH ROW EXECUTE FUNCTION ledger_event_refuse()""",
    """CREATE TRIGGER ledger_event_truncate BEFORE TRUNCATE ON ledger_event
       FOR EACH STATEMENT EXECUTE FUNCTION ledger_event_refuse()""",
    "ALTER TABLE ledger_event ENABLE ALWAYS TRIGGER ledger_event_next",
    "ALTER TABLE ledger_event ENABLE ALWAYS TRIGGER ledger_event_change",
    "ALTER TABLE ledger_event ENABLE ALWAYS TRIGGER ledger_event_truncate",
)


def protect(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers; for `RunPython`."""
    statements = _POSTGRESQL if schema_editor.connection.vendor == "postgresql" else _SQLITE
    for statement in statements:
        schema_editor.execute(statement, params=None)  # None: a % stays a %


def unprotect(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop them: for the proofs that tamper with a copy. No migration calls this."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION ledger_event_next, ledger_event_refuse CASCADE")
        return
    for name in ("next", "place", "update", "delete"):
        schema_editor.execute(f"DROP TRIGGER ledger_event_{name}")
