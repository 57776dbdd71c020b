"""Phrases and colleagues behind the marks `/` and `@`."""

from __future__ import annotations

import pytest
from django.utils import timezone

from kefu.cases import actions
from kefu.cases.mentions import mentioned
from kefu.cases.models import Phrase
from kefu.cases.phrases import delete_phrase, filled, keep_phrase, matching
from kefu.cases.tests.desk import desk_of, page_of, repair
from kefu.core.errors import Refused
from kefu.core.ledger.models import Event
from kefu.customers import actions as customers
from kefu.staff.models import Notice
from tests.cast import Cast

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def test_a_phrase_is_found_by_its_name_first_and_filled_from_the_case(cast: Cast) -> None:
    at = timezone.now()
    customer = customers.add_customer(
        cast.service_centre, kind="natural", name="王芳", contacts=[], by=cast.agent, at=at
    )
    case = repair(cast, customer=customer)
    later = keep_phrase("回访", "致歉之后：{number}", by=cast.agent, at=at)
    first = keep_phrase("致歉", "{客户}您好，工单 {编号} 由 {本人} 处理，{别的}。", by=cast.agent, at=at)

    assert matching(cast.agent, "致") == [first, later]
    assert matching(cast.agent, "退款") == []
    assert filled(first, case, cast.agent) == f"王芳您好，工单 {case.number} 由 陈静 处理，{{别的}}。"
    assert filled(later, case, cast.agent) == f"致歉之后：{case.number}"


def test_ones_own_phrase_is_ones_own_and_the_departments_everybodys(cast: Cast) -> None:
    at = timezone.now()
    keep_phrase("自用", "我的", by=cast.agent, at=at)
    with pytest.raises(Refused, match="Only the head"):
        keep_phrase("共用", "大家的", by=cast.agent, at=at, department=cast.service_centre)
    shared = keep_phrase("共用", "大家的", by=cast.manager, at=at, department=cast.service_centre)

    assert [one.name for one in matching(cast.agent, "")] == ["共用", "自用"]
    assert [one.name for one in matching(cast.manager, "")] == ["共用"]
    assert matching(cast.stranger, "") == []

    desk_of(cast.agent).post("/cases/phrases/", {"do": "delete", "phrase": str(shared.pk)})
    assert Phrase.objects.filter(pk=shared.pk).exists()
    delete_phrase(shared, by=cast.manager, at=at)
    kinds = Event.objects.filter(kind__startswith="phrase.").order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == ["phrase.shared", "phrase.withdrawn"], "one's own leave nothing on the ledger"


def test_a_name_is_taken_once_and_a_phrase_needs_a_text(cast: Cast) -> None:
    at = timezone.now()
    keep_phrase("致歉", "给您添麻烦了", by=cast.agent, at=at)
    for name, body, code in (("致歉", "又一条", "phrase.name_taken"), ("空", " ", "phrase.body")):
        answer = desk_of(cast.agent).post("/cases/phrases/", {"do": "keep", "name": name, "body": body})
        assert answer.status_code == 422
        assert code in page_of(answer)


def test_who_is_called_by_name_is_told_if_they_may_see_the_case(cast: Cast) -> None:
    case, at = repair(cast), timezone.now()
    body = f"@{cast.supervisor.name}，请看；@{cast.stranger.name} @{cast.agent.name}@nobody"

    assert set(mentioned(body, case, at)) == {cast.agent, cast.supervisor}
    actions.add_message(case, by=cast.agent, at=at, body=body, public=False)

    told = Notice.objects.filter(kind="case.mentioned").values_list("person", flat=True)
    assert list(told) == [cast.supervisor.pk], "neither who wrote it nor who may not see the case"


def test_only_who_may_see_the_case_is_offered(cast: Cast) -> None:
    case, desk = repair(cast), desk_of(cast.agent)

    offered = page_of(desk.get(f"/cases/{case.number}/words/", {"typed": "@"}))
    assert f'data-insert="@{cast.supervisor.name} "' in offered
    assert cast.stranger.name not in offered
    assert cast.agent.name not in offered, "nobody calls themself"
