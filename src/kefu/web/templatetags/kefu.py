"""Tags and filters of every page: `{% load kefu %}`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import formats, timezone, translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from kefu.core.errors import Refused
from kefu.core.reading import asked_once
from kefu.core.rulebook.model import Text
from kefu.web import remaining

register = template.Library()
MANIFEST = Path(__file__).resolve().parent.parent / "static" / "kefu" / "manifest.json"


@register.simple_tag
def asset(name: str) -> str:
    """The address of a bundled file: `{% asset "app.css" %}`; its plain name where nothing was built."""
    return _address(_manifest().get(name, f"kefu/{name}"))


@lru_cache(maxsize=100)
def _address(path: str) -> str:
    return static(path)


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """A picture from the sprite, for the eyes only: words stand beside it. Names: `static_src/icons.txt`."""
    return _drawn(name, extra, asset("icons.svg"))


@lru_cache(maxsize=1000)
def _drawn(name: str, extra: str, sprite: str) -> SafeString:
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"/></svg>', extra, sprite, name
    )


@register.filter
def moment(at: datetime | None) -> str | SafeString:
    """An instant where the organisation is: `2026-11-22 13:05`; weekday, seconds and zone on hover."""
    if at is None:
        return "—"
    local = timezone.localtime(at)
    hover = f"{local:%Y-%m-%d} {formats.date_format(local, 'D')} {local:%H:%M:%S} ({local:%Z})"
    return format_html(
        '<time datetime="{}" title="{}" class="figures">{}</time>',
        local.isoformat(timespec="seconds"),
        hover,
        f"{local:%Y-%m-%d %H:%M}",
    )


@register.filter
def said(text: Text | Refused | None) -> str:
    """A text of a rulebook, or the sentence of a refusal, in the page's language."""
    return text.text(translation.get_language() or "zh-hans") if text is not None else ""


@register.filter
def found(parts: Iterable[tuple[str, bool]]) -> SafeString:
    """A text in parts, each with whether it was looked for."""
    marks = ((format_html("<mark>{}</mark>", text) if hit else text,) for text, hit in parts)
    return format_html_join("", "{}", marks)


@register.filter
def person_name(person: Any) -> str:
    """A colleague's name; who left is said to have left; nobody is a dash."""
    if person is None:
        return "—"
    return person.name if person.is_active else gettext("%(name)s (left)") % {"name": person.name}


@register.simple_tag(takes_context=True)
def due(context: Context, subject: Any, calendar: Any = None) -> SafeString | str:
    """The badge of the time left, of a work or of a ClockState (then in its own unit, given the calendar)."""
    if subject is None:
        return "—"
    at = context["at"]
    left = (
        remaining.of_clock(subject, at, calendar)
        if hasattr(subject, "started_at")
        else remaining.of_work(subject, at)
    )
    if left is None:
        return "—"
    until = f"{timezone.localtime(left.due_at):%Y-%m-%d %H:%M}"
    return render_to_string("web/c/due.html", {"left": left, "until": until})


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: Any) -> str:
    """The page's own query with changes, for sort headers and pagers: `?{% with_query sort="due" %}`; ""
    or None takes a key away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in ("", None):
            query[name] = str(value)
    return query.urlencode()


def bundled(name: str) -> bytes:
    """The content of a bundled file; nothing where nothing was built."""
    path = _manifest().get(name)
    return (MANIFEST.parent.parent / path).read_bytes() if path else b""


@asked_once
def _manifest() -> dict[str, str]:
    return _read(MANIFEST.stat().st_mtime_ns) if MANIFEST.exists() else {}


@lru_cache(maxsize=1)
def _read(changed: int) -> dict[str, str]:
    """Read again only when the file changed (nanoseconds), so that a rebuilt front end needs no restart."""
    return json.loads(MANIFEST.read_text())
