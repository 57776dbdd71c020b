"""Which parts of the desk a browser keeps closed: the cookie "desk", which `desk.ts` writes."""

from __future__ import annotations

from django.http import HttpRequest

ZONES = ("list", "side")
PANELS = (
    "customer",
    "form",
    "duties",
    "phrases",
    "others",
    "alike",
    "follow",
    "urges",
    "joining",
    "together",
    "more",
)  # of the side; none is a part of another's name, as templates ask for one among all


def closed_parts(request: HttpRequest) -> str:
    """The zones and panels that are closed, parted by blanks; what the cookie says besides is left out."""
    kept = request.COOKIES.get("desk", "").split(".")
    return " ".join(part for part in (*ZONES, *PANELS) if part in kept)
