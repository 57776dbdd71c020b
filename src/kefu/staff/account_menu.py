"""What staff offers around every page: colleagues, own state, own account, language, sign out."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kefu.web.navigation import Entry, offer, signed_in


def _here(request: HttpRequest) -> bool:
    return signed_in(request) and request.user.away_since is None  # type: ignore[union-attr]  # a Person


def _away(request: HttpRequest) -> bool:
    return signed_in(request) and not _here(request)


def offer_entries() -> None:
    offer(
        Entry("staff:list", _("Staff"), icon="building-2", order=60),
        Entry("account:say_away", _("I am away"), "person", "circle-pause", 10, shown=_here, post=True),
        Entry("account:say_back", _("I am back"), "person", "circle-play", 10, shown=_away, post=True),
        Entry("account:show", _("My account"), "person", "user", 20),
        Entry("account:sign_out", _("Sign out"), "person", "log-out", 90, post=True),
        # each language names itself
        *(
            Entry(
                "account:choose_language",
                title,
                "language",
                order=order,
                shown=lambda request: True,
                post=True,
                values=(("language", language),),
            )
            for order, (language, title) in enumerate((("zh-hans", "中文"), ("en", "English")))
        ),
    )
