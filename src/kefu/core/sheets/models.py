"""What is remembered of lists that were brought in."""

from __future__ import annotations

from django.db import models


class ImportedRow(models.Model):
    """A row that was carried in. `key`: 32 hexadecimal digits of where it went and what its cells said."""

    key = models.CharField(max_length=32, primary_key=True)

    def __str__(self) -> str:
        return self.key
