"""Reading the table of jobs, for pages and for the state of the system."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from kefu.core.jobs.models import Job

LATE = timedelta(minutes=5)


def of_owner(owner: str) -> QuerySet[Job]:
    """The jobs a person asked for, newest first."""
    return Job.objects.filter(owner=owner).order_by("-id")


def stuck(*, at: datetime) -> QuerySet[Job]:
    """Jobs that need a person's eye: failed at their last try, given up, or due for five minutes and not
    taken."""
    failing = Q(failures__gt=0) & (Q(ended_at=None) | Q(ended_as="given_up"))
    waiting = Q(ended_at=None, due_at__lt=at - LATE) & (Q(lease_until=None) | Q(lease_until__lt=at))
    return Job.objects.filter(failing | waiting).order_by("due_at")
