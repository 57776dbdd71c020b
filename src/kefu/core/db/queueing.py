"""Transactions that must not overlap, on a database that would let them."""

from __future__ import annotations

from django.db import connection


def one_at_a_time(name: str) -> None:
    """Wait until no other transaction is under `name`, and keep it to this one until it ends.

    SQLite's writers queue anyway. Call it first in the `write`, before rows are locked.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
