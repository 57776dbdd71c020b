"""What every template may use besides its own values: `at`, `furniture`, `messages`, `user` and so on."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from kefu.web import navigation, theme
from kefu.web.instant import instant_of
from kefu.web.navigation import Shown


class Furniture:
    """The entries around a page, looked up where a template asks for them."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def rail(self) -> list[Shown]:
        return navigation.shown(self._request, "rail")

    @cached_property
    def rail_shown(self) -> SafeString:
        """The rail stands on a page twice: beside it, and behind the menu of a phone."""
        return mark_safe(render_to_string("web/c/rail.html", {"furniture": self}))  # noqa: S308  (it escapes by itself)

    @cached_property
    def bar(self) -> list[Shown]:
        return navigation.shown(self._request, "bar")

    @cached_property
    def search(self) -> Shown | None:
        return next(iter(navigation.shown(self._request, "search")), None)

    @cached_property
    def palette(self) -> list[Shown]:
        return navigation.shown(self._request, "palette")

    @cached_property
    def person(self) -> list[Shown]:
        return navigation.shown(self._request, "person")

    @cached_property
    def language(self) -> list[Shown]:
        return navigation.shown(self._request, "language")

    @cached_property
    def theme(self) -> list[Shown]:
        return navigation.shown(self._request, "theme")


def page(request: HttpRequest) -> dict[str, Any]:
    """`at` and the form's token are read here once. `path` is where a button comes back to."""
    return {
        "LANGUAGE_CODE": get_language(),
        "at": instant_of(request),
        "csrf_input": SimpleLazyObject(lambda: csrf_input(request)),
        "furniture": Furniture(request),
        "messages": get_messages(request),
        "path": request.get_full_path() if request.method == "GET" else "/",
        "theme": theme.of(request),
        "user": getattr(request, "user", None),
    }
