"""Where my day and the notices stand around the page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kefu.staff.asking import person_of
from kefu.staff.queries import unread_notices
from kefu.web.navigation import Entry, offer


def offer_entries() -> None:
    offer(
        Entry("home:my_day", _("My day"), icon="house", order=10, key="g d"),
        Entry(
            "home:notices",
            _("Notices"),
            place="bar",
            icon="bell",
            count=lambda request: unread_notices(person_of(request)),
            live="notices",
        ),
        Entry("home:search", _("Find a case or a customer by number or words"), place="search"),
    )
