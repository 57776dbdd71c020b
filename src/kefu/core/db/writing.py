"""`write()`: the transaction of one action, and what it does last.

Every action runs inside `write()`. The outermost one is a durable transaction (one commit), a nested one
joins it as a savepoint: a refusal that is caught takes back what the nested action did, events included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import local
from typing import TypeVar

from django.db import transaction

Item = TypeVar("Item")
Append = Callable[[list[Item]], None]


class _Running(local):
    """What the transaction of this thread will do last: items by the function that appends them."""

    last: dict[Append, list] | None = None


_running = _Running()


@contextmanager
def write() -> Iterator[None]:
    """Run the block in one transaction; after it, hand the collected items to their functions, then commit.

    Raises RuntimeError when an outer `atomic` that is not a `write` is open: its commit would come later than
    the caller believes.
    """
    if _running.last is not None:
        with _joined(_running.last):
            yield
        return
    with transaction.atomic(durable=True):
        _running.last = {}
        try:
            yield
            for append, items in _running.last.items():
                append(items)
        finally:
            _running.last = None


@contextmanager
def _joined(last: dict[Append, list]) -> Iterator[None]:
    before = {append: len(items) for append, items in last.items()}
    try:
        with transaction.atomic():
            yield
    except BaseException:
        for append, items in last.items():
            del items[before.get(append, 0) :]
        raise


def append_last(append: Append[Item], item: Item) -> None:
    """Hand `item` to `append` as the last thing of the running `write`, together with all others given to
    it."""
    if _running.last is None:
        raise RuntimeError("a change outside write(): open `with write():` around the action")
    _running.last.setdefault(append, []).append(item)


def collected(append: Append[Item]) -> list[Item]:
    """What waits for `append` in the running `write`, in order; empty outside of one."""
    return list((_running.last or {}).get(append, ()))
