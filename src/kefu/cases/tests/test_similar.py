"""Likely duplicates: of one customer, one place, or in much the same words, within 30 days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kefu.cases import actions
from kefu.cases.models import Case
from kefu.cases.similar import similar_to
from kefu.customers.actions import add_customer, add_site
from tests.cast import Cast, local

pytestmark = [pytest.mark.db, pytest.mark.django_db]
TEN = local("2026-09-24 10:00")


def report(cast: Cast, words: str, *, days: int = 0, **more: Any) -> Case:
    slip = {"surname": "王", "telephone": "13812345678", "content": words}
    given: dict[str, Any] = {
        "department": cast.service_centre,
        "by": cast.agent,
        "subject": words,
        "values": slip,
    } | more
    return actions.register(given.pop("kind", "repair"), at=TEN - timedelta(days=days), **given)


def found(case: Case, cast: Cast) -> list[tuple[int, str]]:
    return [(one.case.pk, one.why) for one in similar_to(case, cast.agent, TEN)]


def test_the_same_words_are_found_whoever_said_them(cast):
    earlier = report(cast, "三号楼电梯停运无人处理", days=3)
    report(cast, "厨房水管滴水", days=3)

    assert found(report(cast, "３号楼？三号楼电梯停运"), cast) == [(earlier.pk, "words")]


def test_a_customers_cases_of_the_kind_are_found_in_other_words(cast):
    customer = add_customer(cast.service_centre, kind="natural", name="王小明", by=cast.agent, at=TEN)
    earlier = report(cast, "厨房漏水", days=5, customer=customer)

    assert found(report(cast, "灯不亮", customer=customer), cast) == [(earlier.pk, "customer")]


def test_a_places_cases_are_found(cast):
    site = add_site(cast.service_centre, community="云庭", room="1201", by=cast.agent, at=TEN)
    earlier = report(cast, "厨房漏水", days=5, site=site)

    assert found(report(cast, "灯不亮", site=site), cast) == [(earlier.pk, "place")]


@pytest.mark.parametrize(("days", "count"), [(29, 1), (30, 0), (31, 0)])
def test_what_is_thirty_days_old_is_not_near_any_more(cast, days, count):
    report(cast, "三号楼电梯停运无人处理", days=days)

    assert len(found(report(cast, "三号楼电梯停运无人处理"), cast)) == count


def test_linked_void_and_unseen_cases_are_left_out(cast):
    words = "三号楼电梯停运无人处理"
    linked, void = report(cast, words), report(cast, words)
    actions.register("enquiry", department=cast.sales, by=cast.stranger, at=TEN, subject=words)
    actions.void(void, by=cast.agent, at=TEN, reason="登记错误")
    case = report(cast, words)
    actions.link(case, linked, kind="repeat", by=cast.agent, at=TEN)

    assert found(case, cast) == []


def test_looking_costs_the_same_among_many(cast, django_assert_max_num_queries):
    for _ in range(12):
        report(cast, "三号楼电梯停运无人处理")
    case = report(cast, "三号楼电梯停运无人处理")

    with django_assert_max_num_queries(12):
        assert len(similar_to(case, cast.agent, TEN)) == 8
