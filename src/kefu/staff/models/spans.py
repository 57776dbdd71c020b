"""What was true from an instant until another: half-open, open-ended while `until` is empty."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q


class SpanQuerySet(models.QuerySet[Any]):
    def at(self, at: datetime) -> Self:
        """Those true at the instant `at`."""
        return self.filter(Q(until=None) | Q(until__gt=at), since__lte=at)

    def ahead(self, at: datetime) -> Self:
        """Those true at `at` or later."""
        return self.filter(Q(until=None) | Q(until__gt=at))


class Span(models.Model):
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = SpanQuerySet.as_manager()

    class Meta:
        abstract = True
