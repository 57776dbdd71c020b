"""Registering a case (case, event, clocks, index row) is one durable commit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.durability.desk import Desk
from tools.fresh_database import FreshDatabase

pytestmark = pytest.mark.db


@pytest.mark.parametrize("kind", ["complaint", "repair", "incident"])
def test_registering_a_case_is_exactly_one_commit(
    fresh_database: FreshDatabase, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk.found()
    connection = fresh_database.connection
    commit, commits, inside, outside = connection._commit, [], set(), []

    def counted() -> None:
        commits.append(1)
        commit()

    def looked_at(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not sql.lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE", "BEGIN")):
            if connection.in_atomic_block:
                inside.add(sql.split()[2].strip('"').partition("(")[0])
            else:
                outside.append(sql)
        return execute(sql, *rest)

    monkeypatch.setattr(connection, "_commit", counted)
    with connection.execute_wrapper(looked_at):
        desk.register(kind, 1)

    assert len(commits) == 1
    assert outside == []  # each would be a commit of its own
    clocks = (
        set() if kind == "complaint" else {"clocks_clockrow"}
    )  # a complaint's start when it is dispatched
    assert inside >= {"cases_case", "ledger_event", "search_searchdoc"} | clocks
