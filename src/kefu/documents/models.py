"""Forms that were sent: what makes a second press of the button harmless."""

from __future__ import annotations

from django.db import models


class SentForm(models.Model):
    """One form that was carried out. `key`: hash of who sent which page's form with which content."""

    key = models.CharField(max_length=64, primary_key=True)
    answer = models.CharField(max_length=300, blank=True)  # the address of what came of it
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
