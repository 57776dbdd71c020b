"""The searchable text of a record. The index beside it (`migrations/0001`) holds its tokens by this row's id."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class SearchDoc(models.Model):
    """The text of `kind`/`record_id`, folded as `tokens.fold` does. Both engines keep it: SQLite's index is
    contentless and must be told the old tokens to forget them, PostgreSQL's is checked against it."""

    kind = models.CharField(max_length=30)
    record_id = models.BigIntegerField()
    text = models.TextField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["kind", "record_id"], name="one_search_doc")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id}"
