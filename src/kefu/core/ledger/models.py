"""Rows of the ledger and the places up to which it was read."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from kefu.core.ledger.kinds import EventKind, kind_named
from kefu.core.rulebook.model import Ref


class Event(models.Model):
    """One thing that happened. `seq` counts commits without gaps; `hash` covers the row and the hash before
    it.

    Triggers of the database refuse every change of a stored row (`triggers.py`).
    """

    seq = models.BigIntegerField(primary_key=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=60)  # "person:17", "system"
    actor_post = models.CharField(max_length=60, blank=True)  # the post in which the person acted
    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    root_kind = models.CharField(max_length=60)  # what it belongs to in the end: the case of a duty
    root_id = models.CharField(max_length=64)
    department = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)  # ids and codes; no floats: they would not survive the way back
    rulebook_version = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["subject_kind", "subject_id", "seq"], name="event_of_subject"),
            models.Index(fields=["root_kind", "root_id", "seq"], name="event_of_root"),
            models.Index(fields=["department", "seq"], name="event_of_department"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind} {self.subject_kind} {self.subject_id}"

    @property
    def subject(self) -> Ref:
        return Ref(self.subject_kind, self.subject_id)

    @property
    def root(self) -> Ref:
        return Ref(self.root_kind, self.root_id)

    @property
    def described(self) -> EventKind:
        return kind_named(self.kind)


class Bookmark(models.Model):
    """How far a reader has come: the last `seq` whose consequences it has committed."""

    name = models.CharField(max_length=60, primary_key=True)
    seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} at {self.seq}"
