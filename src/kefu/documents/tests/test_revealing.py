"""A masked number on a paper is shown one at a time, with a reason, on record, as those of customers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kefu.api.tests.calling import Program
from kefu.cases.tests.desk import desk_of, page_of
from kefu.core.ledger.models import Event
from kefu.customers.queries import reveals_left
from kefu.documents import revealing
from kefu.documents.tests.paperwork import filed, sheet, with_forms
from kefu.staff.actions import add_person, give_post
from tests.cast import Cast, refuses

pytestmark = [pytest.mark.db, pytest.mark.django_db]
NUMBER, SHOWN = "13812345678", "138****5678"


def test_who_writes_it_or_may_unmask_looks_with_a_reason_and_the_looks_are_counted(cast: Cast) -> None:
    at = timezone.now() - timedelta(days=1)
    with_forms(cast, at)
    draft, done = sheet(cast, at), filed(cast, at)
    for person, paper in ((cast.agent, draft), (cast.manager, done)):
        address, asked = f"/documents/{paper.number}/", {"field": "telephone", "reason": "回电"}
        assert NUMBER not in page_of(desk_of(person).get(address))
        assert NUMBER in page_of(desk_of(person).post(f"{address}reveal/", asked))
        assert NUMBER not in page_of(desk_of(person).get(address)), "on that answer alone"
    assert reveals_left(cast.agent, timezone.now()) == 29
    told = Event.objects.filter(kind="document.revealed").order_by("seq")
    assert [one.data for one in told] == [{"field": "telephone", "what": "phone"}] * 2
    answer = Program(cast.agent).post(
        f"/documents/{draft.number}/reveal", {"field": "telephone", "reason": "回电"}
    )
    assert answer.json == {"value": NUMBER}


def test_who_only_sees_a_paper_may_not_look(cast: Cast) -> None:
    at = timezone.now() - timedelta(days=1)
    with_forms(cast, at)
    done = filed(cast, at)
    clerk = add_person(cast.service_centre, login="clerk", name="文员", by=cast.owner, at=at)
    give_post(clerk, post="repair_worker", department=cast.service_centre, by=cast.owner, at=at)

    with refuses("reveal.right"):
        revealing.reveal(done, "telephone", reason="好奇", by=clerk, at=timezone.now())
    with refuses("line.missing"):
        revealing.reveal(done, "telephone", reason="", by=cast.manager, at=timezone.now())
    with refuses("reveal.field"):
        revealing.reveal(done, "opinion", reason="x", by=cast.manager, at=timezone.now())
