"""What is known about a stored file; the bytes lie in `KEFU_HOME/files`."""

from __future__ import annotations

import secrets
from pathlib import Path

from django.conf import settings
from django.db import models


def new_id() -> str:
    return secrets.token_hex(16)  # 128 random bits: a file's name tells and promises nothing


class StoredFile(models.Model):
    """`media_type` is what the content shows it to be, whatever the name says."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    name = models.CharField(max_length=120)  # safe to show and to save under
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    stored_at = models.DateTimeField()
    stored_by = models.CharField(max_length=60)  # actor id

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        return files_folder() / self.id[:2] / self.id

    @property
    def is_picture(self) -> bool:
        return self.media_type in PICTURES


PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


def files_folder() -> Path:
    return Path(settings.KEFU_HOME) / "files"
