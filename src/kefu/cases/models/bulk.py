"""One thing to be done with many cases, and what became of each."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class BulkRun(models.Model):
    """`verb` with `given` (its values) on its rows: first looked at without doing it, then done when started."""

    person = models.ForeignKey("staff.Person", models.CASCADE, related_name="+")
    verb = models.CharField(max_length=20)
    given = models.JSONField(default=dict)
    total = models.PositiveIntegerField()  # cases chosen
    left_out = models.PositiveIntegerField(default=0)  # of a list longer than what is taken at once
    made_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)  # every row has been looked at
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+")  # of a long one

    def __str__(self) -> str:
        return f"{self.verb} on {self.total}"


class BulkRow(models.Model):
    """One case of a run. `ahead`: what looking at it found, `outcome`: what doing it came to, null until then.

    Both are {} for yes, else the refusal: {"code", "zh", "en"}.
    """

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="rows", db_index=False)
    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="+", db_index=False)
    ahead = models.JSONField(null=True)
    outcome = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["run", "case"], name="one_row_of_a_run")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} in {self.run_id}"
