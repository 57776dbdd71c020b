"""The anchor: heads of the chain in a file outside the database, so that a cut-off or rewritten end is seen.

A line is `seq hash instant`. The file only grows: a line that a crash cut short gets the word `cut` when the next
one is appended. Whoever tampers with the database must tamper with it too, and with every backup and signed
report that carries a head.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kefu.core.errors import Refused
from kefu.core.ledger import queries

FILE = "anchor.log"
CUT = " cut\n"


@dataclass(frozen=True, slots=True)
class Head:
    """The last row of the ledger at some instant."""

    seq: int
    hash: str


def append_head(path: Path, *, at: datetime) -> Head | None:
    """Append the present head, unless it stands there already. Returns what was appended."""
    head = Head(*queries.head())
    if head.seq == 0 or head == last_head(path):
        return None
    cut = _end(path).rpartition("\n")[2]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        file.write(f"{CUT if cut else ''}{head.seq} {head.hash} {at.isoformat()}\n")
        file.flush()
        os.fsync(file.fileno())
    return head


def last_head(path: Path) -> Head | None:
    """The newest anchored head, from the end of the file alone: it may be long, and is asked for every minute."""
    lines = _end(path).split("\n")[:-1]
    return next((head for line in reversed(lines) if (head := _head_of(line))), None)


def heads(path: Path) -> list[Head]:
    """All anchored heads, oldest first; a line cut by a crash is left out.

    Raises Refused `ledger.anchor_unreadable` for any other line that is not one.
    """
    if not path.exists():
        return []
    found = []
    lines = path.read_text(encoding="ascii", errors="replace").split("\n")
    for number, line in enumerate(lines[:-1], start=1):  # after the last line's end stands what a crash cut
        if line.endswith(CUT.rstrip()):
            continue
        head = _head_of(line)
        if head is None:
            raise Refused(
                "ledger.anchor_unreadable",
                zh=f"{path} 第 {number} 行不是有效的锚点：「{line[:80]}」；请从备份恢复此文件",
                en=f"{path}, line {number} is no anchor: “{line[:80]}”; restore the file from a backup",
                line=number,
            )
        found.append(head)
    return found


def _head_of(line: str) -> Head | None:
    words = line.split()
    if len(words) != 3 or not words[0].isdigit() or len(words[1]) != 64:
        return None
    return Head(int(words[0]), words[1])


def _end(path: Path) -> str:
    """The last lines of the file, which may be long."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - 1000))
        return file.read().decode("ascii", errors="replace")
