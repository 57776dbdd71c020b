"""The fixture `fresh_database`: a test that commits works on its own copy of the migrated test database.

The ledger refuses to be emptied, so such a test cannot clean up behind itself; its copy is thrown away
instead.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker


@dataclass(frozen=True)
class FreshDatabase:
    """`address` is what a child process is given as KEFU_DATABASE; `connection` the one of this thread."""

    vendor: str
    name: str
    address: str

    @property
    def connection(self) -> Any:
        return connections["default"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "fresh_database" in getattr(item, "fixturenames", ()):
            item.own_markers[:] = [mark for mark in item.own_markers if mark.name != "django_db"]


@pytest.fixture
def fresh_database(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path: Path
) -> Iterator[FreshDatabase]:
    """A copy of the test database, committed to like the real one; threads and child processes may share
    it."""
    with django_db_blocker.unblock():
        usual = connections["default"]
        given = connections.settings["default"]
        copy = _sqlite_copy(usual, tmp_path) if usual.vendor == "sqlite" else _postgresql_copy(usual)
        connections.settings["default"] = {**given, "NAME": copy.name}
        connections["default"] = connections.create_connection("default")
        try:
            yield copy
        finally:
            connections["default"].close()
            connections.settings["default"] = given
            connections["default"] = usual
            if copy.vendor == "postgresql":
                with usual._nodb_cursor() as cursor:
                    cursor.execute(f'DROP DATABASE "{copy.name}" WITH (FORCE)')


def _sqlite_copy(usual: Any, folder: Path) -> FreshDatabase:
    path = folder / "copy.sqlite3"
    usual.ensure_connection()
    with sqlite3.connect(path) as target:
        usual.connection.backup(target)
    target.close()
    return FreshDatabase("sqlite", str(path), f"sqlite:{path}")


def _postgresql_copy(usual: Any) -> FreshDatabase:
    usual.close()  # a template must have no visitors
    given = usual.settings_dict
    name = f"{given['NAME']}_copy"
    with usual._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{given["NAME"]}"')
    person = given["USER"] + (f":{quote(given['PASSWORD'])}" if given["PASSWORD"] else "")
    host = given["HOST"] or ""
    socket = f"?host={quote(host)}" if host.startswith("/") else ""
    place = "" if socket else host + (f":{given['PORT']}" if given["PORT"] else "")
    return FreshDatabase("postgresql", name, f"postgresql://{person}@{place}/{name}{socket}")
