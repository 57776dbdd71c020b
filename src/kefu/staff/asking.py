"""Who asks, as the type checker wants to know it."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from kefu.staff.models import Person


def person_of(request: HttpRequest) -> Person:
    """The person behind a request of a page that asks for a sign-in."""
    return cast("Person", request.user)
