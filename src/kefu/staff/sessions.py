"""Whom a key belongs to: the cookie of a session, the header of a program.

Noting the last sign of life is upkeep, not an action: at most once a minute, and nothing for the ledger.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from kefu.core.db import write
from kefu.staff import limits
from kefu.staff.models import ApiToken, SignIn
from kefu.staff.secrets import digest


def session_of(key: str, at: datetime, *, sign_of_life: bool = True) -> SignIn | None:
    """The open session of a cookie's key, with its person; None when ended, idle, too old or of somebody
    who left. sign_of_life: False for what a screen asks by itself, so that an empty chair is signed out."""
    if not key:
        return None
    found = (
        SignIn.objects.open_at(at)
        .select_related("person", "person__department")
        .filter(digest=digest(key), person__left_at=None)
        .first()
    )
    if sign_of_life and found is not None and found.last_seen_at <= at - limits.SEEN_EVERY:
        with write():  # in the queue: beside it one could wait for ever while a long import goes on
            SignIn.objects.filter(pk=found.pk, ended_at=None).update(last_seen_at=at)
    return found


def token_of(key: str, at: datetime) -> ApiToken | None:
    """The usable token of a header's key, with its person."""
    if not key:
        return None
    found = (
        ApiToken.objects.select_related("person", "person__department")
        .filter(digest=digest(key), revoked_at=None, expires_at__gt=at, person__left_at=None)
        .first()
    )
    if found is not None:
        ApiToken.objects.filter(Q(used_at=None) | Q(used_at__lte=at - limits.SEEN_EVERY), pk=found.pk).update(
            used_at=at
        )
    return found
