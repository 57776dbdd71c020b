"""The wallboards in the menu of those who may make one."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kefu.home.wall import departments_on_walls
from kefu.staff.asking import person_of
from kefu.web.navigation import Entry, offer, signed_in


def _makes_walls(request: HttpRequest) -> bool:
    return signed_in(request) and bool(departments_on_walls(person_of(request), timezone.now()))


def offer_entries() -> None:
    offer(Entry("home:walls", _("Wallboards"), "person", "tv", 40, shown=_makes_walls))
