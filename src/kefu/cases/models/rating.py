"""What customers think of how their case was handled."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class Rating(models.Model):
    """One to five marks, with tags (codes of `rating.TAGS`) and words. Rating again replaces it; the ledger keeps
    both."""

    case = models.OneToOneField("cases.Case", models.PROTECT, related_name="rating")
    department = models.ForeignKey("staff.Department", models.PROTECT, related_name="+", db_index=False)
    marks = models.PositiveSmallIntegerField()
    tags = models.JSONField(default=list)
    words = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(marks__range=(1, 5)), name="one_to_five_marks")
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["department", "at"], name="ratings_of_department")
        ]

    def __str__(self) -> str:
        return f"{self.marks} for {self.case_id}"
