"""Making a backup while people work."""

from __future__ import annotations

import json
import os
import shutil
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from kefu.core.backup import manifest, postgresql, sqlite
from kefu.core.errors import Refused
from kefu.core.files.models import files_folder
from kefu.core.ledger import anchor

KEY = "secret_key"
LAST = "last_backup.json"  # in KEFU_HOME: when and where the last one was made


def back_up(folder: Path, *, at: datetime) -> manifest.Manifest:
    """Write a backup into `folder`, which must be new or empty. It appears whole or not at all.

    What it holds is of one instant: the anchor is copied before the database, stored files after it, and files never
    change. Raises Refused backup.target.
    """
    folder = folder.expanduser().resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(
            "backup.target",
            zh=f"{folder} 不是空文件夹，请为备份指定一个新的位置。",
            en=f"{folder} is no empty folder; name a new place for the backup.",
        )
    arriving = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(arriving, ignore_errors=True)
    arriving.mkdir(parents=True, mode=0o700)
    home = Path(settings.KEFU_HOME)
    for name in (anchor.FILE, KEY):
        if (home / name).exists():
            manifest.copy(home / name, arriving / name)
    tables: dict[str, list[str]] = {}
    if connection.vendor == "sqlite":
        sqlite.snapshot(arriving)
        head, files, migrations = sqlite.contents(arriving)
    else:
        with postgresql.one_instant() as cursor:
            tables = postgresql.snapshot(cursor, arriving)
            head, files, migrations = postgresql.contents(cursor)
    lost = tuple(name for name in files if not _kept(name, arriving))
    parts = sorted(path for path in arriving.rglob("*") if path.is_file())
    made = manifest.Manifest(
        engine=connection.vendor,
        made_at=at,
        head=head,
        migrations=migrations,
        parts={path.relative_to(arriving).as_posix(): manifest.part_of(path) for path in parts},
        tables=tables,
        lost=lost,
    )
    made.write(arriving)
    arriving.replace(folder)
    _sync(folder.parent)
    told = {"made_at": at.isoformat(), "folder": str(folder), "seq": head.seq, "lost": len(lost)}
    manifest.keep(home / LAST, json.dumps(told).encode())
    return made


def last_backup() -> tuple[datetime, str] | None:
    """When and where the last backup was made from this installation."""
    try:
        told = json.loads((Path(settings.KEFU_HOME) / LAST).read_text())
    except FileNotFoundError:
        return None
    return datetime.fromisoformat(told["made_at"]), told["folder"]


def _kept(name: str, folder: Path) -> bool:
    """Copy the bytes of a stored file; False when the disk no longer has them."""
    place = Path(name[:2]) / name
    try:
        manifest.copy(files_folder() / place, folder / "files" / place)
    except FileNotFoundError:
        return False
    return True


def _sync(folder: Path) -> None:
    """Make a rename in `folder` durable."""
    opened = os.open(folder, os.O_RDONLY)
    os.fsync(opened)
    os.close(opened)
