"""Chains kept up to date: who left, is stood in for, or took a post is asked no longer, or from now on."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from kefu.approvals.models import Approval
from kefu.approvals.turns import refresh
from kefu.core.jobs.registry import handler
from kefu.core.jobs.running import Run

log = logging.getLogger(__name__)


@handler("approvals.turns", every=timedelta(minutes=1))
def turns_tick(run: Run, at: datetime) -> int:
    """Resolve every open chain again; how many turns changed. One that fails does not keep the others."""
    return refresh_all(at=at)


def refresh_all(*, at: datetime) -> int:
    changed, failures = 0, []
    for approval in Approval.objects.filter(closed_at=None, voided_at=None).order_by("pk"):
        try:
            changed += refresh(approval, at=at)
        except Exception as error:
            log.exception("the chain of %s cannot be resolved", approval.number)
            failures.append(error)
    if failures:
        raise ExceptionGroup("chains could not be resolved", failures)
    return changed
