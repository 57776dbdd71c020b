"""A SQLite database as one file, taken with SQLite's own backup while others write."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection

from kefu.core.backup import manifest
from kefu.core.ledger.anchor import Head

PART = "database.sqlite3"
Found = tuple[Head, list[str], tuple[str, ...]]


def database() -> Path:
    return Path(connection.settings_dict["NAME"])


def snapshot(folder: Path) -> None:
    """Copy the database as it stands at one instant. All pages in one step: writers go on in the log meanwhile."""
    target = folder / PART
    os.close(os.open(target, os.O_CREAT | os.O_EXCL, 0o600))
    with closing(_read_only(database())) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file that holds everything
    with target.open("rb") as file:
        os.fsync(file.fileno())


def contents(folder: Path) -> tuple[Head, list[str], tuple[str, ...]]:
    """Head of the ledger, ids of stored files and applied migrations as the copy has them."""
    with closing(_read_only(folder / PART)) as copy:
        head = copy.execute("SELECT seq, hash FROM ledger_event ORDER BY seq DESC LIMIT 1").fetchone()
        files = [row[0] for row in copy.execute("SELECT id FROM files_storedfile ORDER BY id")]
        applied = copy.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
        return Head(*(head or (0, ""))), files, tuple(row[0] for row in applied)


def load(folder: Path) -> None:
    """Put the copy where the database is, in one rename. The installation must be empty and this the only process."""
    connection.close()
    target = database()
    arriving = target.with_name(f"{target.name}.arriving")
    manifest.copy(folder / PART, arriving)
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    arriving.replace(target)


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
