"""Whoever leaves the company takes no work along."""

import pytest

from kefu.cases import actions as cases
from kefu.cases.models import Case
from kefu.core.ledger.models import Event
from kefu.core.work import actions as work
from kefu.staff.actions import leave_company
from kefu.staff.models import PostHolding
from tests.cast import Cast, local

pytestmark = pytest.mark.db
MORNING = local("2026-09-24 09:00")
NOON = local("2026-09-24 12:00")


def owned_by_the_agent(cast: Cast) -> Case:
    case = cases.register(
        "repair",
        department=cast.service_centre,
        by=cast.agent,
        at=MORNING,
        subject="水龙头滴水",
        values={"surname": "孙", "telephone": "8000003", "content": "厨房龙头滴水"},
    )
    work.assign(case, cast.agent.pk, by=cast.manager, at=MORNING)
    return Case.objects.get(pk=case.pk)


def test_open_work_goes_to_the_leader_in_the_same_transaction(cast: Cast) -> None:
    case = owned_by_the_agent(cast)
    assert case.owner == cast.agent  # premise

    leave_company(cast.agent, by=cast.manager, at=NOON)

    case.refresh_from_db()
    assert case.owner == cast.supervisor
    kinds = Event.objects.filter(occurred_at=NOON).values_list("kind", flat=True)
    assert {"case.assigned", "person.left_company"} <= set(kinds)


def test_nothing_of_it_happens_when_leaving_is_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    case = owned_by_the_agent(cast)

    def fails(*args: object, **kwargs: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("kefu.staff.actions.people._record", fails)
    with pytest.raises(RuntimeError):
        leave_company(cast.agent, by=cast.manager, at=NOON)

    case.refresh_from_db()
    assert case.owner == cast.agent
    assert PostHolding.objects.at(NOON).filter(person=cast.agent).exists()
