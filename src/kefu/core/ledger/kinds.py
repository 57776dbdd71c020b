"""Event kinds. Each capability declares its own in `events.py`: how they read and what personal data they
hold."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kefu.core.errors import Refused
from kefu.core.rulebook.model import Text

_NAME = re.compile(r"[a-z_]+\.[a-z_]+")


@dataclass(frozen=True, slots=True)
class EventKind:
    """`name` as stored (`case.dispatched`), its wording, and which ids of people its data may hold ("" =
    none).

    Names and free text never stand in an event: they could not be erased.
    """

    name: str
    title: Text
    personal: str


_kinds: dict[str, EventKind] = {}


def declare(name: str, *, zh: str, en: str, personal: str = "") -> EventKind:
    """Make an event kind known. Declaring it again with other words raises ValueError: one home per kind."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r}: an event kind reads `noun.happened`, in small letters")
    kind = EventKind(name, Text(zh, en), personal)
    if _kinds.setdefault(name, kind) != kind:
        raise ValueError(f"{name!r} is declared twice with different words")
    return kind


def kind_named(name: str) -> EventKind:
    """The declared kind. Raises Refused `ledger.unknown_kind`."""
    try:
        return _kinds[name]
    except KeyError:
        raise Refused(
            "ledger.unknown_kind",
            zh=f"台账事件「{name}」没有登记；请在所属模块的 events.py 中登记其中英文说明",
            en=f"the event kind {name!r} is not declared; declare it in the capability's events.py",
            kind=name,
        ) from None


def all_kinds() -> tuple[EventKind, ...]:
    return tuple(_kinds.values())
