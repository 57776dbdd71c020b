"""How values are written on a page: `{{ case.opened_at|moment }}`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import formats, timezone, translation
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from kefu.core.errors import Refused
from kefu.core.rulebook.model import Text


def moment(at: datetime | None) -> str | SafeString:
    """An instant where the organisation is: `2026-11-22 13:05`; weekday, seconds and zone on hover."""
    if not at:
        return "—"
    local = timezone.localtime(at)
    # what `date_format` says for "D" at a twentieth of the cost: a page shows dozens
    hover = f"{local:%Y-%m-%d} {WEEKDAYS_ABBR[local.weekday()]} {local:%H:%M:%S} ({local:%Z})"
    return format_html(
        '<time datetime="{}" title="{}" class="figures">{}</time>',
        local.isoformat(timespec="seconds"),
        hover,
        f"{local:%Y-%m-%d %H:%M}",
    )


def date(at: Any, form: str) -> str:
    """A day or, where the organisation is, an instant in Django's letters: `at|date("H:i")`; "" for none."""
    if not at:
        return ""
    return formats.date_format(timezone.localtime(at) if isinstance(at, datetime) else at, form)


def said(text: Text | Refused | None) -> str:
    """A text of a rulebook, or the sentence of a refusal, in the page's language."""
    return text.text(translation.get_language() or "zh-hans") if text else ""


def found(parts: Iterable[tuple[str, bool]]) -> SafeString:
    """A text in parts, each with whether it was looked for."""
    marks = ((format_html("<mark>{}</mark>", text) if hit else text,) for text, hit in parts)
    return format_html_join("", "{}", marks)


def person_name(person: Any) -> str:
    """A colleague's name; who left is said to have left; nobody is a dash."""
    if not person:
        return "—"
    return person.name if person.is_active else gettext("%(name)s (left)") % {"name": person.name}
