"""Sheets that wait: brought by somebody, or made for somebody to fetch. They go after a day."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

WAITS = timedelta(days=1)


def keep(make: Callable[[BinaryIO], object], *, at: datetime) -> str:
    """Let `make` write a file and return the name to ask for it by. Files older than a day go."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    drop_old(at=at)
    name = secrets.token_hex(16)
    try:
        with (folder / name).open("xb") as file:
            make(file)
    except BaseException:
        (folder / name).unlink(missing_ok=True)
        raise
    return name


def drop_old(*, at: datetime) -> None:
    """Files older than a day go."""
    for old in _folder().glob("*"):
        if old.stat().st_mtime < (at - WAITS).timestamp():
            old.unlink(missing_ok=True)


def waiting_at(name: str) -> Path:
    """Where the file is; it may be gone. name: as `keep` gave it, never as a page was given it."""
    return _folder() / name


def _folder() -> Path:
    return Path(settings.KEFU_HOME) / "waiting_sheets"
