"""Whom a key belongs to: the cookie of a session, the header of a program.

Noting the last sign of life is upkeep, not an action: at most once a minute, and nothing for the ledger.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from kefu.core.db import instant, select, write
from kefu.staff import limits
from kefu.staff.models import ApiToken, Person, SignIn
from kefu.staff.rights import Tree
from kefu.staff.secrets import digest


def session_of(key: str, at: datetime, *, sign_of_life: bool = True) -> SignIn | None:
    """The open session of a cookie's key, with its person; None when ended, idle, too old or of somebody
    who left. sign_of_life: False for what a screen asks by itself, so that an empty chair is signed out."""
    if not key:
        return None
    found = _open(digest(key), at)
    if sign_of_life and found is not None and found.last_seen_at <= at - limits.SEEN_EVERY:
        with write():  # in the queue: beside it one could wait for ever while a long import goes on
            SignIn.objects.filter(pk=found.pk, ended_at=None).update(last_seen_at=at)
    return found


def _open(key: str, at: datetime) -> SignIn | None:
    """As `SignIn.objects.open_at` has it. Asked by every request: without the query builder it costs a quarter."""
    bounds = [instant(at - limits.SESSION), instant(at - limits.IDLE)]
    where = "digest = %s AND ended_at IS NULL AND started_at > %s AND last_seen_at > %s"
    for found in select(SignIn, where, [key, *bounds]):
        for person in select(Person, "id = %s AND left_at IS NULL", [found.person_id]):
            person.department = Tree().by_id[person.department_id]  # read once for all that the request asks
            found.person = person
            return found
    return None


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
