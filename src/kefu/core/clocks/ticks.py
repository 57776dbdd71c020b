"""The periodic sweep, and how it knows that everything was off."""

from __future__ import annotations

from datetime import datetime, timedelta

from kefu.core.clocks.models import SweepBeat
from kefu.core.clocks.sweep import Off, Swept, sweep
from kefu.core.db import write
from kefu.core.effects.actions import send_digests
from kefu.core.jobs.registry import handler
from kefu.core.jobs.running import Run

EVERY = timedelta(seconds=5)
BEAT = timedelta(minutes=1)  # how often the beat is written: less than a write per sweep
STAND_STILL = timedelta(minutes=10)  # silence after which steps come as a digest
LIMIT = 200


@handler("clocks.sweep", every=EVERY)
def sweep_tick(run: Run, at: datetime) -> None:
    while beat(at=at).works >= LIMIT:
        with write():
            run.report(0, None, at=at)  # keeps the lease while there is more


def beat(*, at: datetime) -> Swept:
    """One sweep that knows whether everything was off before it; when all is caught up, digests go out."""
    off = _stand_still(at)
    swept = sweep(at=at, limit=LIMIT, off=off)
    if off is not None and swept.works < LIMIT:
        send_digests(at=at)
        with write():
            SweepBeat.objects.update(off_from=None, off_until=None)
    return swept


def _stand_still(at: datetime) -> Off | None:
    row, _ = SweepBeat.objects.get_or_create(pk=1, defaults={"beat_at": at})
    silence = at - row.beat_at
    if silence > STAND_STILL:
        row.off_from, row.off_until = row.off_from or row.beat_at, at
    if silence > BEAT:
        row.beat_at = at
        with write():
            row.save()
    return (row.off_from, row.off_until) if row.off_from and row.off_until else None
