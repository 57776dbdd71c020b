"""What follows an event: once, after it, and again when it failed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kefu.cases import actions
from kefu.core.effects import registry as effects
from kefu.core.effects.models import StuckEffect
from kefu.core.jobs.running import Run
from kefu.core.ledger.models import Event
from kefu.core.ledger.readers import advance
from kefu.core.work.reactions import react, retry_stuck
from kefu.duties.models import Duty
from kefu.staff.models import Notice
from tests.cast import Cast, local

pytestmark = [pytest.mark.db, pytest.mark.django_db]
AT = local("2026-09-24 10:00")


def complain(cast: Cast, source: str = "company") -> None:
    actions.register(
        "complaint",
        department=cast.service_centre,
        by=cast.agent,
        at=AT,
        subject="电梯停运",
        values={"surname": "王", "telephone": "8000001", "content": "电梯停运", "source": source},
    )


def follow() -> None:
    while advance("reactions"):
        pass


def test_a_reaction_that_fails_is_kept_and_succeeds_later(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    complain(cast)
    broken = effects.Registered(lambda asked, work, cause: 1 / 0, None)  # type: ignore[arg-type]  # fails
    with monkeypatch.context() as patch:
        patch.setitem(effects._effects, "assign", broken)
        follow()
    stuck = StuckEffect.objects.get()
    assert "ZeroDivisionError" in stuck.error

    run = Run(0, "test", 1, {}, "")
    retry_stuck(run, AT)
    assert StuckEffect.objects.exists(), "its pause is not over"
    retry_stuck(run, AT + timedelta(hours=1))

    assert not StuckEffect.objects.exists()
    assert Notice.objects.filter(person=cast.quality_manager, kind="work.assigned").count() == 1


def test_history_that_is_read_in_tells_nobody(cast: Cast):
    from kefu.core.ledger.actions import Actor

    actions.register(
        "complaint",
        department=cast.service_centre,
        by=Actor("import"),
        at=AT,
        subject="电梯停运",
        values={"surname": "王", "telephone": "8000001", "content": "电梯停运", "source": "company"},
    )
    follow()

    assert not Notice.objects.exists()
    assert Event.objects.filter(kind="case.assigned", actor="import").exists(), "but it happened"


def test_reactions_to_reactions_end(cast: Cast):
    complain(cast)
    opened = Event.objects.get(kind="case.opened")
    opened.actor_post = "reaction 8"

    react(opened)

    assert not Event.objects.filter(kind="case.assigned").exists()
    assert not Duty.objects.exists()
