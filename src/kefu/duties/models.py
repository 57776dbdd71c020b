"""Rows of duties."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from kefu.core.rulebook.model import Chapter
from kefu.core.work.models import Work
from kefu.core.work.registry import register


@register
class Duty(Work):
    """A task of the rulebook. It belongs to `post` until somebody takes it."""

    chapter: ClassVar[Chapter] = "duties"
    noun: ClassVar[str] = "duty"

    post = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["owner", "due_at", "id"],
                condition=models.Q(closed_at=None, voided_at=None),
                name="open_duties_of_owner",
            ),
            models.Index(
                fields=["department", "post", "due_at", "id"],
                condition=models.Q(closed_at=None, voided_at=None),
                name="open_duties_of_post",
            ),
            models.Index(fields=["owner"], name="duties_of_owner"),
            models.Index(fields=["department", "-id"], name="duties_of_department"),
            models.Index(
                fields=["parent_kind", "parent_id"],
                condition=models.Q(parent_id__isnull=False),
                name="duties_of_parent",
            ),
        ]
