"""Storing files."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime

from django.db import transaction

from kefu.core.errors import Refused
from kefu.core.files.content import check_promise, media_type, safe_name
from kefu.core.files.models import StoredFile
from kefu.core.ledger.actions import By

LARGEST = 20 * 1024 * 1024  # bytes


def store(content: bytes, name: str, *, by: By, at: datetime) -> StoredFile:
    """Keep `content` as it is. Call it inside the transaction of the record it hangs on: rolled back, the bytes go.

    Raises Refused file.empty, file.too_large, file.not_what_it_says.
    """
    name = safe_name(name)
    if not content:
        raise Refused(
            "file.empty",
            zh=f"「{name}」是空文件，未保存。",
            en=f"“{name}” is empty; it was not stored.",
            name=name,
        )
    if len(content) > LARGEST:
        limit = LARGEST // 1024 // 1024
        raise Refused(
            "file.too_large",
            zh=f"「{name}」超过 {limit} MB，未保存。请压缩或拆分后上传。",
            en=f"“{name}” is larger than {limit} MB; it was not stored. Compress or split it.",
            name=name,
            largest=LARGEST,
        )
    found = media_type(content)
    check_promise(name, found)
    stored = StoredFile(
        name=name,
        media_type=found,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        stored_at=at,
        stored_by=by.actor_id,
    )
    # The bytes are on disk before the row says so; a row without bytes would be a lie, bytes without a row are litter.
    stored.path.parent.mkdir(parents=True, exist_ok=True)
    with open(stored.path, "xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        with transaction.atomic():
            stored.save(force_insert=True)
    except BaseException:
        stored.path.unlink(missing_ok=True)
        raise
    return stored
