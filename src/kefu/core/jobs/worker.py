"""The loop of one worker. Many may run, on one machine or several; each job still happens once."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Callable
from datetime import datetime
from threading import Event as Signal

from kefu.core.jobs import actions

Clock = Callable[[], datetime]
PAUSE = 1.0  # seconds between looks when nothing is due


def worker_name() -> str:
    """A name no other worker has, readable on the page of the system's state."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def run_due(
    *, at: datetime, worker: str, limit: int = 1, asked: bool | None = None, stop: Signal | None = None
) -> int:
    """Take and carry out up to `limit` due jobs; return how many. The lease of all begins now, so keep it
    small. asked, stop: as `actions.take`."""
    runs = actions.take(at=at, worker=worker, limit=limit, asked=asked, stop=stop)
    for run in runs:
        actions.carry_out(run, at=at)
    return len(runs)


def work(clock: Clock, stop: Signal, *, asked: bool | None = None) -> None:
    """Carry out jobs as they fall due until `stop` is set. asked: as `actions.take`."""
    worker = worker_name()
    actions.arm_ticks(at=clock())
    while not stop.is_set():
        if not run_due(at=clock(), worker=worker, asked=asked, stop=stop):
            stop.wait(PAUSE)
