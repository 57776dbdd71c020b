"""Whenever people start a demonstration, there is something running, at risk and missed, and the pack is alive."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from kefu.approvals.models import Approval
from kefu.cases.models import Case
from kefu.core.clocks.explanation import time_used
from kefu.core.clocks.models import ClockRow
from kefu.core.effects.models import StuckEffect
from kefu.core.ledger.models import Event
from kefu.core.rulebook import load_pack
from kefu.core.work.queries import clock_states
from kefu.documents.models import Document
from kefu.duties.models import DaySheet, Duty
from kefu.home.demo import days
from kefu.home.demo.casts import PACKS, cast
from tests.cast import local

pytestmark = pytest.mark.db


def short(monkeypatch: pytest.MonkeyPatch, pack: str) -> None:
    """The demonstration of the pack with four days and little in them."""
    told = cast(pack)
    few = {kind: replace(topic, number=2, open=2) for kind, topic in told.cases.items()}
    brief = replace(told, days=4, rounds=3, cases=few, papers={"customer_allocation": 3}, few=1)
    monkeypatch.setattr(days, "cast", lambda name: brief)


@pytest.mark.parametrize("now", [local("2026-09-24 03:10"), local("2026-10-02 14:00")])
def test_at_any_start_some_clocks_run_some_are_at_risk_some_are_missed(
    now: datetime, monkeypatch: pytest.MonkeyPatch, fresh_database: None
):
    short(monkeypatch, "property")
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


@pytest.mark.parametrize("pack", [pack for pack in PACKS if pack != "property"])
def test_every_pack_has_cases_duties_papers_requests_and_a_morning_to_look_at(
    pack: str, monkeypatch: pytest.MonkeyPatch, fresh_database: None
):
    short(monkeypatch, pack)

    town = days.live(now := local("2026-10-16 11:00"), pack=pack)

    assert {Case.objects.filter(kind=kind).exists() for kind in town.cast.cases} == {True}
    duties = Duty.objects.exclude(period="")
    assert duties.filter(closed_at__isnull=False).exists(), "some of what comes round is done"
    assert duties.filter(closed_at=None).exists(), "and some is still to be done"
    assert Document.objects.filter(state="filed").count() >= 10
    waiting = Approval.objects.filter(closed_at=None)
    assert any(town.posts["manager"][0].pk in approval.turn for approval in waiting)
    states = set(Approval.objects.values_list("state", flat=True))
    assert {"approved", "refused", "returned", "asked"} <= states
    assert DaySheet.objects.filter(day=now.date()).exists()
    assert not StuckEffect.objects.exists()


@pytest.mark.parametrize("pack", PACKS)
def test_every_post_of_a_pack_is_held_by_somebody(pack: str):
    held = {post for one in cast(pack).staff for post in one.posts} | {"company_leader"}

    assert held == set(load_pack(pack).posts)


@pytest.mark.parametrize("pack", PACKS)
def test_whoever_is_named_works_there(pack: str):
    told = cast(pack)
    logins = {one.login for one in told.staff}

    assert {told.auditor, *told.shown, *told.check} <= logins
    assert {one.unit for one in told.staff} <= set(told.units)
    assert {move for topic in told.cases.values() for way in topic.ways for move in way} <= {
        move for kind in told.cases for move in load_pack(pack).kinds[kind].flow.moves
    }
