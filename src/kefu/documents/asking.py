"""What a request says: the revision it saw, ids, the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import get_language

from kefu.core.errors import Refused


def revision_of(request: HttpRequest) -> int | None:
    """The revision that the form was made from; None when it does not say so."""
    given = request.POST.get("revision", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def seen_at(typed: Mapping[str, str]) -> datetime | None:
    """The instant of the page from which a form was sent: what came later its sender may not have seen."""
    try:
        at = datetime.fromisoformat(typed.get("seen", ""))
    except ValueError:
        return None
    return at if at.tzinfo else None


def whole_number(text: str, code: str) -> int:
    """An id out of a form or an address. Raises Refused `code` for anything that is none."""
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Refused(
            code,
            zh=f"「{text[:40]}」不是可选的一项，请从列表中选择。",
            en=f"“{text[:40]}” is no entry of the list; choose one from it.",
            given=text[:40],
        )
    return int(text)


def language() -> str:
    """The language of the page, as texts of rulebooks and refusals want it."""
    return get_language() or "zh-hans"
