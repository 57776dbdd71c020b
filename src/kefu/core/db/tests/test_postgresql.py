"""How our connections to PostgreSQL are set, whatever the server's own settings are. SQLite has none of these."""

from __future__ import annotations

import pytest
from django.db import connection

pytestmark = [pytest.mark.db, pytest.mark.django_db]
WANTED = {"postgresql": {"lock_timeout": "20s", "jit": "off", "max_parallel_workers_per_gather": "0"}}


def test_a_statement_waits_for_no_lock_for_ever_and_is_carried_out_by_one_process() -> None:
    for name, value in WANTED.get(connection.vendor, {}).items():
        with connection.cursor() as cursor:
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone() == (value,), name
