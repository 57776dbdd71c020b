"""What every template knows of the organisation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def organisation(request: HttpRequest) -> dict[str, Any]:
    """`organisation`, looked up where a template asks for it; missing on answers made before anybody looked
    who asks."""
    return {"organisation": getattr(request, "organisation", None)}
