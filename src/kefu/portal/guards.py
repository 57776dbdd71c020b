"""Counting how often something was done, so that nobody floods the desk, guesses, or has strangers spammed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta

from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.portal.limits import DAY, Limit
from kefu.portal.models import Hit
from kefu.staff.secrets import digest


def spend(limits: Mapping[str, Limit], *, at: datetime) -> None:
    """Count one use under each key ({"look_up:203.0.113.5": limit}).

    Call it before the action, in no transaction of its own: a use counts also when the action is refused. Raises
    Refused portal.too_many with `retry_after` (seconds); nothing is counted then.
    """
    keys = {digest(name): limit for name, limit in limits.items()}
    with write():
        Hit.objects.filter(at__lt=at - DAY).delete()
        waits = [wait for key, limit in keys.items() if (wait := _wait(key, limit, at))]
        if waits:
            raise _too_many(max(waits))
        Hit.objects.bulk_create(Hit(key=key, at=at) for key in keys)


def wait_for(name: str, limit: Limit, *, at: datetime) -> timedelta:
    """How long until one more is allowed, nothing when it is; counts nothing."""
    return timedelta(seconds=_wait(digest(name), limit, at))


def _wait(key: str, limit: Limit, at: datetime) -> int:
    """Seconds until one more is allowed; 0 for now."""
    latest = Hit.objects.filter(key=key, at__gt=at - limit.window).order_by("-at")
    held = list(latest.values_list("at", flat=True)[: limit.most])
    return math.ceil((held[-1] + limit.window - at).total_seconds()) if len(held) >= limit.most else 0


def _too_many(seconds: int) -> Refused:
    minutes = max(1, math.ceil(seconds / 60))
    return Refused(
        "portal.too_many",
        zh=f"操作太频繁，请 {minutes} 分钟后再试；紧急情况请直接致电客服。您填写的内容仍在页面上。",
        en=f"Too often in a short time; try again in {minutes} minutes, or call us if it is urgent. What you typed"
        " is still here.",
        retry_after=seconds,
    )
