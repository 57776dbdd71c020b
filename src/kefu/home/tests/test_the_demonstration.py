"""Whenever people start the demonstration, there is something running, something at risk and something missed."""

from __future__ import annotations

from datetime import datetime

import pytest

from kefu.cases.models import Case
from kefu.core.clocks.explanation import time_used
from kefu.core.clocks.models import ClockRow
from kefu.core.effects.models import StuckEffect
from kefu.core.ledger.models import Event
from kefu.core.work.queries import clock_states
from kefu.home.demo import days
from tests.cast import local

pytestmark = pytest.mark.db


@pytest.mark.parametrize("now", [local("2026-09-24 03:10"), local("2026-10-02 14:00")])
def test_at_any_start_some_clocks_run_some_are_at_risk_some_are_missed(
    now: datetime, monkeypatch: pytest.MonkeyPatch, fresh_database: None
):
    monkeypatch.setattr(days, "DAYS", 4)
    monkeypatch.setattr(days, "PLENTY", tuple((tell, 4) for tell, _ in days.PLENTY))

    town = days.live(now)

    calendar = Case.objects.all()[0].rulebook.calendar
    running = [
        state
        for case in Case.objects.filter(closed_at=None)
        for state in clock_states(case, now)
        if state.state == "running"
    ]
    at_risk = [
        state
        for state in running
        if time_used(state, calendar, now) / (state.due_at - state.started_at) >= 0.75
    ]
    assert len(running) >= 20
    assert len(at_risk) >= 5
    assert ClockRow.objects.filter(state="missed", ended_at=None).count() >= 5
    assert len(town.households) == 300
    assert not StuckEffect.objects.exists()
    instants = list(Event.objects.order_by("seq").values_list("occurred_at", flat=True))
    assert max(instants) <= now, "nothing happens after now"
