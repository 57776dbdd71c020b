"""The team board in the rail of those who lead; wallboards are reached from it."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kefu.staff.asking import person_of
from kefu.staff.queries import leads_a_team, may
from kefu.web.instant import instant_of
from kefu.web.navigation import Entry, offer, signed_in


def _leads(request: HttpRequest) -> bool:
    """Asked on every page, so it counts nobody."""
    if not signed_in(request):
        return False
    person = person_of(request)
    return may(person, "reassign", instant_of(request)) or leads_a_team(person)


def offer_entries() -> None:
    offer(Entry("home:board", _("Team board"), icon="user-check", order=15, shown=_leads))
