"""Handlers by name: registered by each capability when it starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kefu.core.jobs.running import Run

Handle = Callable[[Run, datetime], Any]


@dataclass(frozen=True, slots=True)
class Handler:
    """`handle(run, at)` does the job; what it returns is kept as the result (JSON).

    once: all of it is one transaction with the job's own end, so it happens exactly once; otherwise the
    handler commits as it goes and must continue where a killed run stopped. every: it is a tick, re-armed
    after each run.
    """

    name: str
    handle: Handle
    once: bool
    every: timedelta | None


_handlers: dict[str, Handler] = {}


def handler(name: str, *, once: bool = False, every: timedelta | None = None) -> Callable[[Handle], Handle]:
    """Register the handler of jobs named `name`. Raises ValueError when the name is taken."""

    def register(handle: Handle) -> Handle:
        if _handlers.setdefault(name, Handler(name, handle, once, every)).handle is not handle:
            raise ValueError(f"two handlers are named {name!r}")
        return handle

    return register


def handlers() -> Mapping[str, Handler]:
    return _handlers
