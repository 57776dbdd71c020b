"""Sentences that are said often."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class Phrase(models.Model):
    """A text to answer with. Its author's own, or a department's (`department`): then all of its people use it."""

    person = models.ForeignKey("staff.Person", models.CASCADE, related_name="+")
    department = models.ForeignKey("staff.Department", models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=40)
    body = models.CharField(max_length=2000)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "id"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["person", "name"], name="one_phrase_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name
