"""A request is answered as of one instant: the one at which it came in."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.http import HttpRequest


def instant_of(request: HttpRequest) -> datetime:
    """Set by `kefu.web.middleware.ReadOnce`."""
    return cast("datetime", request.at)  # type: ignore[attr-defined]  # a plain HttpRequest does not know it
