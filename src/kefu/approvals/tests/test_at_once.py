"""Decisions that arrive at one instant, each by a connection of its own: one wins, the other is told who."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import connection

from kefu.approvals import actions
from kefu.approvals.models import Approval, Decision
from kefu.approvals.tests.desk import AT, Desk, desk, turn
from kefu.core.clocks.verify import differences
from kefu.core.errors import Refused
from kefu.core.ledger import SYSTEM
from kefu.core.ledger.models import Event
from kefu.core.ledger.verify import verify
from kefu.staff.actions import give_post
from tools.fresh_database import FreshDatabase

pytestmark = pytest.mark.db
LATER = AT + timedelta(hours=1)
TIMES = 4


def both(*calls: Callable[[], object]) -> list[Refused | None]:
    """What each of the calls, made at once, was refused for; None for one that went through."""
    ready = Barrier(len(calls))

    def one(call: Callable[[], object]) -> Refused | None:
        try:
            connection.ensure_connection()
            ready.wait()
            call()
        except Refused as refused:
            return refused
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


@pytest.fixture
def here(fresh_database: FreshDatabase) -> Desk:
    """A small refund takes either clerk, a large one the cashier and the auditor, then the director."""
    made = desk(
        "chain: [{when: {amount: {at_most: 500}}, is: [clerk]}, {is: [[cashier, auditor], director]}]"
    )
    give_post(made.auditor, post="clerk", department=made.department, by=SYSTEM, at=AT)
    return made


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told_who(here: Desk) -> None:
    for _ in range(TIMES):
        approval = here.ask(by=here.cashier)
        told = both(
            partial(actions.approve, approval, by=here.clerk, at=LATER),
            partial(actions.refuse, approval, by=here.auditor, at=LATER, remark="收据不符"),
        )
        decision = Decision.objects.get(approval=approval)
        (loser,) = [one for one in told if one is not None]
        assert loser.code == "approval.decided"
        assert loser.facts["by"] == decision.person_id
        assert decision.person.name in loser.zh
        assert Approval.objects.get(pk=approval.pk).state == decision.verdict
        moved = Event.objects.filter(subject_id=str(approval.pk), kind="approval.moved")
        assert [event.data["name"] for event in moved] == [decision.verdict]

    assert verify().first_bad is None
    assert not list(differences(at=LATER))


def test_two_who_sign_together_both_count(here: Desk) -> None:
    for _ in range(TIMES):
        approval = here.ask(501)
        told = both(
            partial(actions.approve, approval, by=here.cashier, at=LATER),
            partial(actions.approve, approval, by=here.auditor, at=LATER),
        )
        assert told == [None, None]
        assert turn(approval) == ["顾青"]

    assert verify().first_bad is None


def test_what_is_withdrawn_as_it_is_approved_is_one_of_both(here: Desk) -> None:
    for _ in range(TIMES):
        approval = here.ask(by=here.cashier)
        told = both(
            partial(actions.approve, approval, by=here.clerk, at=LATER),
            partial(actions.withdraw, approval, by=here.cashier, at=LATER),
        )
        (loser,) = [one for one in told if one is not None]
        state = Approval.objects.get(pk=approval.pk).state
        if state == "approved":
            assert told[0] is None
        else:
            assert (state, told[1], loser.code) == ("withdrawn", None, "approval.not_asked")
            assert not Decision.objects.filter(approval=approval).exists()

    assert verify().first_bad is None
