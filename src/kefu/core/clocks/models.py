"""Rows of clocks: a projection of the ledger, kept so that what falls due is found without looking at the
rest."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from kefu.core.rulebook.model import Ref


class ClockRow(models.Model):
    """One run of one clock of one piece of work, as `replay` says it stands. `verify` recomputes every
    column.

    next_at: when the sweep must look at it; None when nothing is left to be done.
    """

    work_kind = models.CharField(max_length=60)  # noun of the work in the ledger: "case"
    work_id = models.BigIntegerField()
    department = models.BigIntegerField()
    clock = models.CharField(max_length=60)
    run = models.PositiveIntegerField()
    version = models.CharField(max_length=64)  # of the rulebook under which it runs to its end
    state = models.CharField(max_length=12)  # running paused met missed superseded rescheduled
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    unconfirmed = models.JSONField(default=list)  # years whose notice of days off was unknown

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["work_kind", "work_id", "clock", "run"], name="one_row_per_run")
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["next_at"], condition=models.Q(next_at__isnull=False), name="clock_next"),
            models.Index(
                fields=["department", "due_at"],
                condition=models.Q(state__in=["running", "paused"]),
                name="clock_standing",
            ),
            models.Index(
                fields=["department", "missed_at"],
                condition=models.Q(missed_at__isnull=False),
                name="clock_missed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock} {self.run} of {self.work_kind} {self.work_id}"

    @property
    def work(self) -> Ref:
        return Ref(self.work_kind, str(self.work_id))


class SweepBeat(models.Model):
    """When the sweep last ran, and the stand-still whose notices are still being gathered into digests."""

    beat_at = models.DateTimeField()
    off_from = models.DateTimeField(null=True)
    off_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.beat_at}"
