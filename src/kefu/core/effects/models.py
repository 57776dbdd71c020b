"""Rows of effects that could not be carried out yet, and of notices kept for a digest."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from kefu.core.rulebook.model import Ref


class StuckEffect(models.Model):
    """An effect that failed. Its `key` names it for ever, so that a later success finds and removes the
    row."""

    key = models.CharField(max_length=200, unique=True)  # "step:case:17:response:1:0"
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    error = models.TextField()
    tries = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    retry_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["subject_kind", "subject_id"], name="stuck_of_subject"),
            models.Index(fields=["retry_at"], name="stuck_retry"),
        ]

    def __str__(self) -> str:
        return self.key


class KeptNotice(models.Model):
    """Something a person would have been told while everything was off; it waits for that person's digest."""

    key = models.CharField(max_length=220, unique=True)  # key of the cause and number of the effect, person
    person_id = models.BigIntegerField()
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["person_id", "at"], name="kept_for_person")]

    def __str__(self) -> str:
        return self.key

    @property
    def subject(self) -> Ref:
        return Ref(self.subject_kind, self.subject_id)
