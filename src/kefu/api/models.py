"""Rows of the API: answers kept so that the same request, sent again, is not done twice."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class KeptAnswer(models.Model):
    """The answer to one request that carried an Idempotency-Key; written in the transaction of what it did."""

    person = models.ForeignKey("staff.Person", models.PROTECT, related_name="+")
    key = models.CharField(max_length=200)
    request = models.CharField(max_length=64)  # digest of method, path and body
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["person", "key"], name="one_answer_per_key")
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["at"], name="kept_answers_by_age")]

    def __str__(self) -> str:
        return f"{self.key} of {self.person_id}"
