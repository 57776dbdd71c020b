"""A customer registers and moves what the rulebook says, and nothing else; who could is never a customer's id."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kefu.cases import actions
from kefu.cases.tests.desk import SLIP, complaint
from kefu.core.errors import Refused
from kefu.core.ledger import Actor
from kefu.core.rulebook.who import CUSTOMER
from kefu.core.work.queries import moves_offered
from tests.cast import Cast, refuses

pytestmark = pytest.mark.db
RESIDENT = Actor("customer:1")


def test_a_customer_opens_only_kinds_that_say_so(cast: Cast) -> None:
    at = timezone.now()
    opened = actions.register(
        "complaint", department=cast.service_centre, by=RESIDENT, at=at, subject="楼道灯不亮", values=SLIP
    )
    assert opened.author_id is None

    with refuses("work.opener"):
        actions.register(
            "hotline_call", department=cast.service_centre, by=RESIDENT, at=at, subject="来电", values=SLIP
        )


def test_a_customer_makes_no_move_of_the_staff(cast: Cast) -> None:
    case, at = complaint(cast), timezone.now()

    with pytest.raises(Refused) as refused:
        actions.move(case, "taken_on", by=RESIDENT, at=at)

    assert refused.value.code == "flow.post"
    assert [offer for offer in moves_offered(case, CUSTOMER, at) if offer.allowed] == []


def test_a_customer_reopens_what_is_not_solved_and_the_refusal_to_others_names_staff_only(cast: Cast) -> None:
    at = timezone.now() - timedelta(hours=1)
    case = complaint(cast)
    for name in ("taken_on", "resolved"):
        values = {"result": "已更换", "department_signature": "周涛"} if name == "resolved" else {}
        case = actions.move(case, name, by=cast.engineering_supervisor, at=at, values=values)

    with pytest.raises(Refused) as refused:
        actions.move(case, "reopened", by=cast.worker, at=at, values={"reopen_reason": "灯还是不亮"})
    assert CUSTOMER not in str(refused.value.facts["could"])

    case = actions.move(case, "confirmed", by=RESIDENT, at=at)
    case = actions.move(case, "reopened", by=RESIDENT, at=at, values={"reopen_reason": "灯还是不亮"})
    assert case.state == "in_work"
