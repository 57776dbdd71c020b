"""Answers kept so that what is asked for again is not done again."""

from __future__ import annotations

from django.db import models


class KeptAnswer(models.Model):
    """What was answered under `key`; written in the transaction of what was done."""

    key = models.CharField(max_length=300, primary_key=True)
    answer = models.JSONField(null=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
