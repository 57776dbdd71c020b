"""Where forms and registers stand around the page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kefu.web.navigation import Entry, offer


def offer_entries() -> None:
    offer(
        Entry("documents:list", _("Forms"), icon="file-text", order=34, key="g f"),
        Entry("registers:list", _("Registers"), icon="clipboard-list", order=36, key="g r"),
    )
