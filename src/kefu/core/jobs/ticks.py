"""Ticks of the core itself: the readers of the ledger, its anchor, and what ended long ago."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from kefu.core.db import write
from kefu.core.jobs.actions import prune
from kefu.core.jobs.registry import handler
from kefu.core.jobs.running import Run
from kefu.core.ledger import anchor, readers
from kefu.core.sheets import waiting

log = logging.getLogger(__name__)
BATCH = 200


@handler("ledger.readers", every=timedelta(seconds=2))
def readers_tick(run: Run, at: datetime) -> None:
    """Advance every reader; one that fails does not keep the others, and makes this tick fail in the end."""
    failures: list[Exception] = []
    for name in readers.names():
        while _more_to_read(name, failures):
            with write():
                run.report(0, None, at=at)  # that the worker is to end is no failure of the reader
    if failures:
        raise ExceptionGroup("readers of the ledger failed", failures)


def _more_to_read(name: str, failures: list[Exception]) -> bool:
    """Advance a reader by a batch; whether there may be more for it."""
    try:
        return readers.advance(name, limit=BATCH) == BATCH
    except Exception as error:
        log.exception("reader %s failed", name)
        failures.append(error)
        return False


@handler("ledger.anchor", every=timedelta(minutes=1))
def anchor_tick(run: Run, at: datetime) -> None:
    anchor.append_head(Path(settings.KEFU_HOME) / anchor.FILE, at=at)


@handler("jobs.prune", every=timedelta(days=1))
def prune_tick(run: Run, at: datetime) -> int:
    """Forget the jobs that ended 30 days ago, and every sheet that waited for a day; returns how many jobs."""
    waiting.drop_old(at=at)
    count = 0
    while some := prune(at=at, limit=BATCH):
        count += some
        with write():
            run.report(count, None, at=at)
    return count
