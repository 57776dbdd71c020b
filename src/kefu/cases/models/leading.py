"""Who can be given how much, and what colleagues and leaders say about a case that waits."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class Capacity(models.Model):
    """What a person can be given without being asked. `kinds`: of cases they are skilled in, [] for all; `most`: open
    cases in hand at once, empty for no limit."""

    person = models.OneToOneField("staff.Person", models.CASCADE, related_name="capacity")
    kinds = models.JSONField(default=list)
    most = models.PositiveSmallIntegerField(null=True)
    given_at = models.DateTimeField(null=True)  # when a case was last given to them in turn

    def __str__(self) -> str:
        return f"{self.person_id}: {self.most} of {self.kinds}"


class Urge(models.Model):
    """A nudge 催办, or a leader's supervision 督办 with `feedback_by` and its answer. The words stand here only."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="urges", db_index=False)
    person = models.ForeignKey(
        "staff.Person", models.PROTECT, null=True, related_name="+", db_index=False
    )  # null: the customer
    at = models.DateTimeField()
    reason = models.TextField()
    feedback_by = models.DateTimeField(null=True)  # of a supervision, which has one; a nudge has none
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        "staff.Person", models.PROTECT, null=True, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["case", "id"], name="urges_of_case")]

    def __str__(self) -> str:
        return f"{'supervision' if self.supervises else 'nudge'} of {self.case_id}"

    @property
    def supervises(self) -> bool:
        return self.feedback_by is not None
