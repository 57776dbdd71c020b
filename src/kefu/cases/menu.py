"""Where cases stand around the page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kefu.web.navigation import Entry, offer


def offer_entries() -> None:
    offer(
        Entry("cases:list", _("Cases"), icon="inbox", order=20, key="g q"),
        Entry("cases:recent", _("Cases looked at last"), place="palette"),
        Entry("cases:register", _("Register a case"), place="bar", icon="phone-call", order=10),
    )
