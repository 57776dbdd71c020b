"""The searchable texts of records. The index beside them (`schema.py`) is the database's own."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class SearchDoc(models.Model):
    """One text of a record, folded as `text.fold` does. `part`: 0 for the record's own words; else the id of something
    that belongs to it, such as a message of a case, so that a long story never has to be written again.

    A later id means that the text came later: "newest first" is the order of ids.
    """

    kind = models.CharField(max_length=30)  # its first two letters tell kinds apart
    record_id = models.BigIntegerField()
    part = models.BigIntegerField(default=0)
    text = models.TextField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["kind", "record_id", "part"], name="one_search_doc")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id} {self.part}"
