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


def seconds_left(job: Job, *, at: datetime) -> int | None:
    """How long a running job will take from `at` if it goes on as since it began; None while nobody can say."""
    if not (job.began_at and job.done_count and job.total_count) or job.ended_at:
        return None
    passed = (at - job.began_at).total_seconds()
    return max(0, round(passed / job.done_count * (job.total_count - job.done_count)))
