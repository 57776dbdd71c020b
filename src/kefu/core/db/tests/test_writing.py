"""`write()`: one durable transaction, its last things last, what is refused taken back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections, transaction

from kefu.core.db import append_last, collected, write
from kefu.core.ledger.models import Bookmark
from tools.fresh_database import FreshDatabase

pytestmark = pytest.mark.db


def note(name: str) -> None:
    Bookmark.objects.create(name=name)


def names() -> list[str]:
    return list(Bookmark.objects.order_by("name").values_list("name", flat=True))


def test_an_action_with_actions_inside_is_one_commit(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits: list[int] = []
    here = connections["default"]
    commit = here._commit  # type: ignore[attr-defined]  # not in the stubs

    def counted() -> None:
        commit()
        commits.append(1)

    monkeypatch.setattr(here, "_commit", counted)

    with write():
        note("a")
        with write():
            note("b")
            with write():
                note("c")
        assert commits == []

    assert commits == [1]
    assert names() == ["a", "b", "c"]


def test_a_refused_part_is_taken_back_and_the_rest_is_kept(fresh_database: FreshDatabase) -> None:
    with write():
        note("a")
        _refused(lambda: note("b"))
        note("c")

    assert names() == ["a", "c"]


def _refused(do: Callable[[], None]) -> None:
    """An action that does it and is refused afterwards."""

    def act() -> None:
        with write():
            do()
            raise OSError("refused")

    with pytest.raises(OSError, match="refused"):
        act()


def test_nothing_is_kept_of_an_action_that_fails_at_its_end(fresh_database: FreshDatabase) -> None:
    def refuse(items: list[str]) -> None:
        raise OSError("refused")

    def act() -> None:
        with write():
            note("a")
            append_last(refuse, "x")

    with pytest.raises(OSError, match="refused"):
        act()

    assert names() == []
    with write():  # and the next one begins from nothing
        assert collected(refuse) == []


def test_what_was_collected_comes_last_together_in_its_order(db: None) -> None:
    seen: list[tuple[str, list[str], list[str]]] = []

    def one(items: list[str]) -> None:
        seen.append(("one", list(items), names()))

    def two(items: list[str]) -> None:
        seen.append(("two", list(items), names()))

    def both() -> None:
        append_last(one, "d")
        append_last(two, "e")

    with write():
        append_last(one, "a")
        append_last(two, "b")
        with write():
            append_last(one, "c")
            assert collected(one) == ["a", "c"]
        _refused(both)
        note("row")
        assert seen == []

    assert seen == [("one", ["a", "c"], ["row"]), ("two", ["b"], ["row"])]


def test_an_action_inside_a_foreign_transaction_is_refused(fresh_database: FreshDatabase) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"), write():
        note("a")

    assert names() == []


def test_nothing_is_collected_outside_of_an_action(db: None) -> None:
    def append(items: list[str]) -> None:
        raise AssertionError

    with pytest.raises(RuntimeError, match="outside write"):
        append_last(append, "a")
    assert collected(append) == []


def test_the_transaction_of_one_thread_is_not_that_of_another(fresh_database: FreshDatabase) -> None:
    def append(items: list[str]) -> None:
        pass

    with write(), ThreadPoolExecutor(1) as pool:
        append_last(append, "mine")
        assert pool.submit(collected, append).result(5) == []
        assert isinstance(pool.submit(_append_outside, append).result(5), RuntimeError)


def _append_outside(append: Callable[[list[Any]], None]) -> Exception | None:
    try:
        append_last(append, "theirs")
    except RuntimeError as error:
        return error
    return None
