"""From where on the ledger tells a page's stream what the page does not show yet."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from kefu.core.ledger import queries as ledger


class Since:
    """Sets `request.live_since`, the ledger's number before the view reads anything: what is committed while the
    page is made is told by its stream, twice rather than never."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        shown = request.user.is_authenticated and "HX-Request" not in request.headers
        if shown and not request.path.startswith(("/api/", "/live/")):
            request.live_since = ledger.head()[0]  # type: ignore[attr-defined]  # a plain HttpRequest does not know it
        return self.get_response(request)
