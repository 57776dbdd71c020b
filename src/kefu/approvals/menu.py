"""Where approvals stand around the page."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kefu.approvals.models import Asked
from kefu.core.db import count
from kefu.core.reading import asked_once
from kefu.staff.models import Person
from kefu.web.navigation import Entry, offer


def offer_entries() -> None:
    offer(
        Entry(
            "approvals:list",
            _("Approvals"),
            icon="scale",
            order=25,
            key="g a",
            count=_count,
            live="approvals",
        )
    )


def _count(request: HttpRequest) -> int:
    """How many wait for the person's decision; one query, answered from an index."""
    return _waiting(request.user) if isinstance(request.user, Person) else 0


@asked_once
def _waiting(person: Person) -> int:
    return count(Asked, "person_id = %s AND now", [person.pk])
