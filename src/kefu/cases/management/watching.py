"""Long work at the terminal: a bar, and Ctrl-C as the wish to stop."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from kefu.core.sheets import Progress as Watched


@contextmanager
def watched(title: str, *, bar: bool) -> Iterator[Watched]:
    """Yield the progress to hand on. Ctrl-C stops before the next batch; pressed again it breaks off within one."""
    asked: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        asked.append(number)
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, stop)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, disable=not bar) as shown:
            task = shown.add_task(title, total=None)

            def progress(done: int, total: int) -> bool:
                shown.update(task, completed=done, total=total)
                return not asked

            yield progress
    finally:
        signal.signal(signal.SIGINT, before)
