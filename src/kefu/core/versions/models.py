"""Rows of published versions and of official days off. Both only grow: a later row replaces an earlier
one."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class RulebookVersion(models.Model):
    """One publication: from `in_force_from` on, `pack` is read as `source` says, until a later one is in
    force."""

    pack = models.CharField(max_length=60)
    hash = models.CharField(max_length=64)  # SHA-256 of the canonical source: names the version everywhere
    source = models.TextField()  # canonical JSON, byte for byte: the hash is over it
    in_force_from = models.DateTimeField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=60)  # actor id

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["pack", "in_force_from"], name="version_in_force"),
            models.Index(fields=["hash"], name="version_of_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.pack} {self.hash[:8]}"


class CalendarNotice(models.Model):
    """One day of one official notice (放假安排). Its `year` is confirmed by being here."""

    year = models.PositiveSmallIntegerField()
    day = models.DateField()
    is_off = models.BooleanField()
    name = models.CharField(max_length=60, blank=True)
    source_text = models.TextField()  # the notice as it was pasted
    imported_at = models.DateTimeField()
    batch = models.CharField(
        max_length=32, default=""
    )  # one import; a number is given again after a rollback

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
