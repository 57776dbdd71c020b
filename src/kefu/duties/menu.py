"""Where duties stand around the page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kefu.web.navigation import Entry, offer


def offer_entries() -> None:
    offer(Entry("duties:list", _("Duties"), icon="list-checks", order=20, key="g t"))
