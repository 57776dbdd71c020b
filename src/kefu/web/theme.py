"""Light, dark, or as the device says: kept in a cookie, so that the first byte of a page is already right."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kefu.web.navigation import Entry, offer

COOKIE = "kefu_theme"
THEMES: Final = ("light", "dark")


def of(request: HttpRequest) -> str:
    """\"light", "dark", or "" for what the device prefers."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in THEMES else ""


def offer_choices() -> None:
    """The three buttons of the choice, for visitors too."""
    choices = (("light", _("Light"), "sun"), ("dark", _("Dark"), "moon"), ("", _("Auto"), ""))
    for order, (theme, title, icon) in enumerate(choices):
        offer(
            Entry(
                "web:theme",
                title,
                place="theme",
                icon=icon,
                order=order,
                shown=lambda request: True,
                post=True,
                values=(("theme", theme),),
            )
        )
