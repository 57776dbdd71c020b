"""Counting failures, under a name or from an address, so that guessing ends soon.

A try is counted before the password is looked at and taken back when it was right: guesses sent at the same
instant are counted too. Names that nobody has are counted like those somebody has, so the answers tell
nothing.
"""

from __future__ import annotations

import math
from datetime import datetime

from django.db.models import F, Q

from kefu.core.errors import Refused
from kefu.staff import limits
from kefu.staff.models import SignInTries
from kefu.staff.secrets import digest


def key_of(what: str, value: str) -> str:
    """What was tried, without keeping it: people type passwords into the wrong field."""
    return digest(f"{what}:{value}")


def count(keys: dict[str, int], at: datetime) -> bool:
    """Count a try under each key ({key: failures allowed}); False when a key is locked, now or since before.

    Runs inside the caller's transaction, which must commit also when this says False.
    """
    SignInTries.objects.filter(last_at__lt=at - limits.FORGOTTEN).filter(
        Q(locked_until=None) | Q(locked_until__lte=at)
    ).delete()
    SignInTries.objects.filter(key__in=keys, locked_until__lte=at).delete()
    free = True
    for key, allowed in keys.items():
        # locked in the same question: a row read before may be gone, taken by a right answer beside this one
        rows = SignInTries.objects.select_for_update()
        tries, _made = rows.get_or_create(key=key, defaults={"last_at": at})
        if tries.locked_until is not None:
            free = False
            continue
        tries.failures, tries.last_at = tries.failures + 1, at
        if tries.failures > allowed:
            tries.locked_until, free = at + limits.LOCKED, False
        tries.save()
    return free


def lock_if_used_up(keys: dict[str, int], at: datetime) -> bool:
    """After a wrong try: lock the keys whose failures are used up. True when one was locked by it."""
    newly_locked = 0
    for key, allowed in keys.items():
        used_up = SignInTries.objects.filter(key=key, failures__gte=allowed, locked_until=None)
        newly_locked += used_up.update(locked_until=at + limits.LOCKED)
    return newly_locked > 0


def forget(name: str, address: str) -> None:
    """After a right one: the name starts afresh, the address takes back this try only (offices share one)."""
    SignInTries.objects.filter(key=name).delete()
    take_back(address)


def take_back(*keys: str) -> None:
    """This try was none: the password was right, and wrong codes before it still count."""
    SignInTries.objects.filter(key__in=keys, failures__gt=0).update(failures=F("failures") - 1)


def locked(keys: dict[str, int], at: datetime) -> Refused:
    until = SignInTries.objects.filter(key__in=keys, locked_until__gt=at).values_list(
        "locked_until", flat=True
    )
    seconds = max((math.ceil((one - at).total_seconds()) for one in until if one), default=0)
    minutes = max(1, math.ceil(seconds / 60))
    return Refused(
        "sign_in.locked",
        zh=f"尝试次数过多，请 {minutes} 分钟后再试；忘记密码可请部门负责人重置。",
        en=f"Too many tries; try again in {minutes} minutes, or ask the head of your department for a reset.",
        retry_after=seconds,
    )
