"""The rows of work to be done later."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class Job(models.Model):
    """One thing to do at `due_at` or later.

    A worker that takes it holds a lease; `tries` is the fence: who finishes must still hold the very lease
    under which it began, otherwise its transaction is rolled back. A job with a `key` exists once; one with
    `every_seconds` is due again after each run.
    """

    handler = models.CharField(max_length=60)
    key = models.CharField(max_length=120, unique=True, null=True)  # noqa: DJ001 (many rows have none)
    arguments = models.JSONField(default=dict)
    owner = models.CharField(max_length=60, blank=True)  # actor id of the person who asked for it
    every_seconds = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)  # the latest try
    lease_until = models.DateTimeField(null=True)
    lease_by = models.CharField(max_length=80, blank=True)
    tries = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)  # in a row; 0 after a success
    error = models.TextField(blank=True)  # of the last failure
    done_count = models.PositiveIntegerField(default=0)  # progress
    total_count = models.PositiveIntegerField(null=True)
    cancel_asked = models.BooleanField(default=False)
    result = models.JSONField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=12, blank=True)  # done, cancelled, given_up

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["due_at"], condition=models.Q(ended_at=None), name="job_due"),
            models.Index(fields=["owner", "-id"], name="job_of_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.handler} {self.key or self.pk}"
