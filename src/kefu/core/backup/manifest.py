"""What a backup says of itself: written last, checked whole before anything is restored."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from kefu.core.errors import Refused
from kefu.core.ledger.anchor import Head

NAME = "manifest.json"
FORMAT = 1
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the backup."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`parts` by path within the folder. `lost`: stored files whose bytes were missing already.

    tables: columns by table, for an engine that is backed up table by table. migrations: "app.name" of all applied.
    """

    engine: str
    made_at: datetime
    head: Head
    migrations: tuple[str, ...]
    parts: dict[str, Part]
    tables: dict[str, list[str]] = field(default_factory=dict)
    lost: tuple[str, ...] = ()

    def write(self, folder: Path) -> None:
        told = asdict(self) | {"format": FORMAT, "made_at": self.made_at.isoformat()}
        text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)
        own = hashlib.sha256(text.encode()).hexdigest()
        keep(folder / NAME, f"{text}\n{own}\n".encode())


def read(folder: Path) -> Manifest:
    """The manifest of a whole and unchanged backup: every part is read and compared.

    Raises Refused backup.not_one, backup.damaged (naming the part).
    """
    try:
        text, _, own = (folder / NAME).read_text(encoding="utf-8").rstrip("\n").rpartition("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(
            "backup.not_one",
            zh=f"{folder} 不是完整的备份：读不到 {NAME}。",
            en=f"{folder} is no complete backup: {NAME} cannot be read.",
        ) from error
    if hashlib.sha256(text.encode()).hexdigest() != own:
        raise damaged(NAME)
    told = json.loads(text)
    if told.pop("format") != FORMAT:
        raise Refused(
            "backup.newer",
            zh="该备份由更新版本的 Kefu 制作，请先升级。",
            en="The backup was made by a newer Kefu; upgrade first.",
        )
    parts = {path: Part(**part) for path, part in told.pop("parts").items()}
    for path, part in parts.items():
        inside = (folder / path).resolve().is_relative_to(folder.resolve())
        if not inside or not (folder / path).is_file() or part_of(folder / path) != part:
            raise damaged(path)
    return Manifest(
        parts=parts,
        made_at=datetime.fromisoformat(told.pop("made_at")),
        head=Head(**told.pop("head")),
        migrations=tuple(told.pop("migrations")),
        lost=tuple(told.pop("lost")),
        **told,
    )


def damaged(path: str) -> Refused:
    return Refused(
        "backup.damaged",
        zh=f"备份已损坏：{path} 缺失或与清单不符。没有恢复任何内容，请使用另一份备份。",
        en=f"The backup is damaged: {path} is missing or differs from the manifest. Nothing was restored; use another.",
        part=path,
    )


def part_of(path: Path) -> Part:
    """Size and hash of a file."""
    seen, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            seen.update(chunk)
            size += len(chunk)
    return Part(size, seen.hexdigest())


def copy(source: Path, target: Path) -> None:
    """Copy a file to the disk, not only to the disk's cache. Readable by this user alone."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as read_from, _private(target) as written:
        shutil.copyfileobj(read_from, written, CHUNK)
        written.flush()
        os.fsync(written.fileno())


def keep(path: Path, content: bytes) -> None:
    """Write a file as `copy` does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _private(path) as written:
        written.write(content)
        written.flush()
        os.fsync(written.fileno())


def _private(path: Path):  # type: ignore[no-untyped-def]  # a binary file, whichever class opens it
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
