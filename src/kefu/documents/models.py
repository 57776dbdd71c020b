"""Drafts of forms that were not sent yet."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class Draft(models.Model):
    """What somebody has typed into the forms of one page and not sent. Only its author ever reads it.

    `version` tells two windows apart: a save must name the one it goes on from.
    """

    person = models.ForeignKey("staff.Person", models.CASCADE, related_name="+")
    place = models.CharField(max_length=200)  # the page's path
    forms = models.JSONField(default=dict)  # form -> field -> values as typed
    version = models.CharField(max_length=22)
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["person", "place"], name="one_draft_per_page")
        ]

    def __str__(self) -> str:
        return f"draft of {self.person_id} at {self.place}"
