"""What is remembered of an import so that a row is carried in once."""

from __future__ import annotations

from django.db import models


class ImportedCase(models.Model):
    """A case that came out of a file. `rows` are digests of its rows carried in so far, in the order carried."""

    case = models.OneToOneField("cases.Case", models.PROTECT, primary_key=True, related_name="+")
    rows = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.case_id}: {len(self.rows)} rows"
