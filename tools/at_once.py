"""Several threads that begin together, each with its own connection to the database of the test."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

Answer = TypeVar("Answer")
PATIENCE = 60.0  # seconds


def at_once(number: int, do: Callable[[int], Answer]) -> list[Answer]:
    """What `do(0)` … `do(number - 1)` answer, run side by side; the first error is raised."""
    begin = Barrier(number, timeout=PATIENCE)

    def run(which: int) -> Answer:
        begin.wait()
        return do(which)

    with ThreadPoolExecutor(number) as pool:
        running = [beside(pool, run, which) for which in range(number)]
        return [one.result(PATIENCE) for one in running]


def beside(pool: ThreadPoolExecutor, do: Callable[..., Answer], *given: object) -> Future[Answer]:
    """`do(*given)` in another thread, whose connection is closed when it ends."""

    def run() -> Answer:
        try:
            return do(*given)
        finally:
            connection.close()

    return pool.submit(run)
