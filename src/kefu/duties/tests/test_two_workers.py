"""Two workers at once, each with its own connection: everything is opened once, and neither stumbles."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db.models import Count

from kefu.cases import actions as cases
from kefu.core.ledger.models import Event
from kefu.core.ledger.verify import verify
from kefu.duties.models import DayItem, DaySheet, Duty, Series
from tests.cast import local
from tools.fresh_database import FreshDatabase

from .office import FOUNDED, catch_up, live_until, office
from .two_workers import at_once

pytestmark = pytest.mark.db

DUTIES = """
check: {title: {zh: 巡查, en: check}, every: working day, each: {of: person, where: {post: clerk}}, by: each}
report: {title: {zh: 周报, en: report}, every: week on friday, by: leader}
calls: {title: {zh: 回访, en: calls}, starts: project.completed, by: clerk, plan: [{every: 2 days, times: 4}]}
"""


def test_two_workers_open_everything_once(fresh_database: FreshDatabase) -> None:
    desk = office(DUTIES)
    for _ in range(3):
        project = cases.move(desk.project(FOUNDED), "commenced", by=desk.clerk, at=FOUNDED)
        cases.move(project, "completed", by=desk.clerk, at=FOUNDED)
    live_until(FOUNDED)
    begun = Duty.objects.count()

    errors = at_once(fresh_database.address, 2, local("2026-09-15 09:00"), local("2026-09-21 21:00"))

    assert errors == []
    assert begun == 4 + 2 + 3  # the checks of four clerks, the reports of two departments, three calls
    kinds = Counter(Duty.objects.values_list("kind", flat=True))
    # six working days more, the make-up Sunday among them; on Monday both reports; the calls of the plans
    assert kinds == {"check": 4 + 4 * 6, "report": 2 + 2, "calls": 3 * 4}
    assert Series.objects.filter(next_at=None).count() == 3
    numbers = Duty.objects.values_list("number", flat=True)
    assert len(set(numbers)) == len(numbers) == Event.objects.filter(kind="duty.opened").count()
    assert not DaySheet.objects.values("person", "day").annotate(n=Count("pk")).filter(n__gt=1)
    assert DayItem.objects.exists()
    catch_up()
    assert verify().first_bad is None
