"""Databases for the benchmarks of writing: made in a temporary folder, thrown away at the end.

`KEFU_DATABASE` may name another one; it must be empty.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]


@contextmanager
def database() -> Iterator[str]:
    """Set Django up on a migrated database and yield its address. The folder of the file is the current one's:
    /tmp may be memory, where a durable commit costs nothing."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "var") as home:
        os.environ["KEFU_HOME"] = home
        os.environ.setdefault("KEFU_DATABASE", f"sqlite:{home}/kefu.sqlite3")
        os.environ["DJANGO_SETTINGS_MODULE"] = "kefu.config.settings"
        import django

        django.setup()
        logging.disable(logging.WARNING)
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        yield os.environ["KEFU_DATABASE"]
        connection.close()
