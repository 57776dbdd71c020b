"""Where the archive stands around the page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kefu.web.navigation import Entry, offer


def offer_entries() -> None:
    offer(Entry("customers:list", _("Customers"), icon="users", order=30, key="g c"))
