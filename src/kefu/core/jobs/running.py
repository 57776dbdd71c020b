"""One run of a job, as its handler sees it: arguments, progress, cancellation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event as Signal
from time import monotonic

from django.db.models import QuerySet

from kefu.core.jobs.models import Job

LEASE = timedelta(seconds=60)  # a worker silent for so long is taken for dead


class LeaseLost(Exception):
    """Another worker has taken the job over: this run must commit nothing more."""


class Cancelled(Exception):
    """The owner asked to stop; what was committed so far stays. `result` (JSON) says what that is."""

    def __init__(self, result: object = None) -> None:
        super().__init__("cancelled")
        self.result = result


class PutBack(Exception):
    """This worker is told to end: what was committed so far stays, another one goes on."""


@dataclass(frozen=True, slots=True)
class Run:
    """The job under one lease."""

    job_id: int
    worker: str
    fence: int
    arguments: Mapping[str, object]
    owner: str
    # A stopwatch, not a clock: a tick keeps the instant it was given, while its lease must follow real time.
    began: float = field(default_factory=monotonic, compare=False)
    stop: Signal = field(default_factory=Signal, compare=False)  # set when the worker is to end

    def held(self) -> QuerySet[Job]:
        """The row, if this run still holds it."""
        return Job.objects.filter(pk=self.job_id, ended_at=None, lease_by=self.worker, tries=self.fence)

    def now(self, at: datetime) -> datetime:
        """The instant it has become since the run began at `at`, in whole seconds passed."""
        return at + timedelta(seconds=int(monotonic() - self.began))

    def report(self, done: int, total: int | None, *, at: datetime) -> None:
        """Note progress and keep the lease from now on (`at`, when the run began, and what has passed since).

        Call it at least every half minute of a long handler, inside the transaction of the part that it counts.
        Raises Cancelled, LeaseLost or PutBack.
        """
        if not self.held().update(done_count=done, total_count=total, lease_until=self.now(at) + LEASE):
            raise LeaseLost(str(self.job_id))
        if self.held().filter(cancel_asked=True).exists():
            raise Cancelled
        if self.stop.is_set():
            raise PutBack(str(self.job_id))
