"""What a person has read."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class ReadMark(models.Model):
    """`person` looked at `case` last at `at`. Private like a pin: it says nothing about the case."""

    person = models.ForeignKey("staff.Person", models.CASCADE, related_name="+", db_index=False)
    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["person", "-at"], name="read_last")]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["person", "case"], name="one_read_mark_each")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} read {self.case_id}"
