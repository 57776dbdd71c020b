"""A tick keeps the instant it was given; its lease follows the time that really passes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from kefu.core.jobs.models import Job
from kefu.core.jobs.running import LEASE, Run

pytestmark = [pytest.mark.db, pytest.mark.django_db]
NINE = datetime(2026, 9, 24, 1, tzinfo=UTC)


def test_a_report_after_two_minutes_leases_for_another_minute_from_then():
    job = Job.objects.create(
        handler="clocks.sweep", created_at=NINE, due_at=NINE, lease_by="me", tries=1, lease_until=NINE + LEASE
    )
    run = Run(job.pk, "me", 1, {}, "", began=monotonic() - 120)

    run.report(1, None, at=NINE)

    job.refresh_from_db()
    assert job.lease_until is not None
    assert NINE + timedelta(seconds=120) + LEASE <= job.lease_until < NINE + timedelta(seconds=150) + LEASE
