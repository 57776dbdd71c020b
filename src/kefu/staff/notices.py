"""How notices read. Each kind is declared once with its wording; `{name}` stands for a key of the notice's
data."""

from __future__ import annotations

from dataclasses import dataclass

from kefu.core.errors import in_language
from kefu.staff.models import Notice


@dataclass(frozen=True, slots=True)
class Wording:
    zh: str
    en: str


_wordings: dict[str, Wording] = {}


def declare_notice(kind: str, *, zh: str, en: str) -> None:
    """Make a kind of notice known. Raises ValueError when it is declared again with other words."""
    if _wordings.setdefault(kind, Wording(zh, en)) != Wording(zh, en):
        raise ValueError(f"the notice {kind!r} is declared twice with different words")


def is_declared(kind: str) -> bool:
    return kind in _wordings


def text_of(notice: Notice, lang: str) -> str:
    """The notice in words; a key that its data lacks stays visible as `{key}`."""
    wording = _wordings.get(notice.kind, Wording(notice.kind, notice.kind))
    return in_language(lang, wording.zh, wording.en).format_map(_Shown(notice.data))


class _Shown(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
