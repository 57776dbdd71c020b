"""What templates know of the stream."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def since(request: HttpRequest) -> dict[str, Any]:
    """`live_since`: see `Since`; None where no page is shown to somebody signed in."""
    return {"live_since": getattr(request, "live_since", None)}
