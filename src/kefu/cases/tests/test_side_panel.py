"""Beside a case: the customer with all ways to reach them, places, other cases, and phrases that fit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kefu.cases import actions
from kefu.cases.models import Case
from kefu.cases.phrases import fitting, keep_phrase
from kefu.cases.tests.desk import SLIP, complaint, desk_of, page_of, repair
from kefu.customers import actions as customers
from kefu.customers.models import Customer, Site
from kefu.staff.models import Person
from tests.cast import Cast

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def household(cast: Cast) -> tuple[Customer, list[Site]]:
    """An owner of two flats who can be reached in three ways."""
    at = timezone.now() - timedelta(days=400)
    customer = customers.add_customer(
        cast.service_centre,
        kind="natural",
        name="王芳",
        contacts=[("phone", "13812345678"), ("mail", "wangfang@example.org"), ("phone", "0755-26001234")],
        by=cast.agent,
        at=at,
    )
    sites = []
    for room, role in (("0301", "owner"), ("0502", "tenant")):
        site = customers.add_site(
            cast.service_centre, community="云庭花园", building="3号楼", room=room, by=cast.agent, at=at
        )
        customers.move_in(customer, site=site, role=role, by=cast.agent, at=at)
        sites.append(site)
    return customer, sites


def beside(person: Person, case: Case) -> str:
    """What the side of the case asks for once it is shown."""
    return page_of(desk_of(person).get(f"/cases/{case.number}/beside/", headers={"HX-Request": "true"}))


def of_customer(page: str) -> str:
    """The panel with the customer's places and cases."""
    panel = page[page.index('data-panel="others"') :]
    return panel[: panel.index("</details>")]


def test_every_way_to_reach_the_customer_is_shown_and_none_in_full(cast: Cast) -> None:
    customer, sites = household(cast)
    case = repair(cast, customer=customer, site=sites[0])

    page = page_of(desk_of(cast.agent).get(f"/cases/{case.number}/"))

    for shown in (customer.number, "138****5678", "****1234", "云庭花园 3号楼 0301", "w***@example.org"):
        assert shown in page, shown
    assert "13812345678" not in page
    assert "wangfang@" not in page


def test_places_are_shown_with_what_the_customer_is_there(cast: Cast) -> None:
    customer, sites = household(cast)

    panel = of_customer(beside(cast.agent, repair(cast, customer=customer, site=sites[0])))

    for place, role in (("云庭花园 3号楼 0301", "业主"), ("云庭花园 3号楼 0502", "租户")):
        assert place in panel
        assert role in panel[panel.index(place) :]


def test_other_cases_of_the_customer_stand_newest_first_with_a_way_to_all(cast: Cast) -> None:
    customer, _ = household(cast)
    others = [
        repair(cast, f"第{n}次漏水", customer=customer, at=timezone.now() - timedelta(days=90 - n))
        for n in range(7)
    ]
    case = repair(cast, "又漏水了", customer=customer)

    panel = of_customer(beside(cast.agent, case))

    places = [panel.find(one.number) for one in reversed(others)]
    assert places[:5] == sorted(places[:5])
    assert min(places[:5]) > 0, "the five latest, newest first"
    assert places[5:] == [-1, -1]
    assert case.number not in panel
    assert "已报修" in panel or "已登记" in panel, "each with its state"
    assert f"/cases/of-customer/{customer.number}/" in panel


def test_whoever_only_got_the_case_learns_nothing_more_of_the_customer(cast: Cast) -> None:
    customer, sites = household(cast)
    earlier = repair(cast, "上月漏水", customer=customer)
    case = complaint(cast, customer=customer, site=sites[0])

    page = beside(cast.engineering_supervisor, case)

    assert earlier.number not in page
    assert "0502" not in page
    assert "/cases/of-customer/" not in page


def test_looking_costs_the_same_however_much_there_is(cast: Cast) -> None:
    customer, sites = household(cast)
    at = timezone.now() - timedelta(days=60)
    case = repair(cast, "厨房漏水", customer=customer, site=sites[0])
    repair(cast, "去年漏水", customer=customer, at=at)
    keep_phrase("漏水安抚", "师傅马上到", by=cast.agent, at=at)
    beside(cast.agent, case)  # what a process learns once
    with CaptureQueriesContext(connection) as few:
        beside(cast.agent, case)
    for n in range(12):
        repair(cast, f"漏水 {n}", customer=customer, site=sites[1], at=at)
        keep_phrase(f"漏水 {n}", "请先关闭总阀", by=cast.agent, at=at)

    with CaptureQueriesContext(connection) as many:
        beside(cast.agent, case)

    assert len(many) == len(few) <= 35


def test_phrases_fit_by_kind_grade_and_words_and_the_best_comes_first(cast: Cast) -> None:
    at = timezone.now()
    for name, body in (
        ("漏水安抚", "请先关闭厨房水槽下的总阀。"),
        ("报修已派", "您的报修已派师傅，请保持电话畅通。"),
        ("重要投诉回复", "您的投诉已由经理督办。"),
        ("节日问候", "祝您节日愉快。"),
    ):
        keep_phrase(name, body, by=cast.agent, at=at)
    leak = repair(cast, "厨房水槽漏水")
    graver = complaint(cast)

    assert [one.name for one in fitting(leak, cast.agent)] == ["漏水安抚", "报修已派"]
    assert [one.name for one in fitting(graver, cast.agent)] == ["重要投诉回复"]
    assert fitting(leak, cast.stranger) == []


def test_a_phrase_is_offered_as_it_would_be_written(cast: Cast) -> None:
    customer, _ = household(cast)
    keep_phrase("报修致歉", "{客户}您好，{编号} 已受理。", by=cast.agent, at=timezone.now())
    case = repair(cast, customer=customer)

    page = beside(cast.agent, case)

    assert f'data-phrase="王芳您好，{case.number} 已受理。"' in page
    actions.void(case, by=cast.agent, at=timezone.now(), reason="登记错误")
    assert "data-phrase" not in beside(cast.agent, case), "nobody writes on it any more"


def test_a_closed_panel_is_drawn_closed_and_a_refusal_opens_its_own(cast: Cast) -> None:
    case, desk = repair(cast), desk_of(cast.agent)
    desk.cookies["desk"] = "form.more.nonsense"

    page = page_of(desk.get(f"/cases/{case.number}/"))
    refused = page_of(desk.post(f"/cases/{case.number}/fill/", {"fill.surname": ""}))

    assert 'data-panel="form">' in page
    assert 'data-panel="more">' in page
    assert 'data-panel="customer" open>' in page
    assert "nonsense" not in page
    assert 'data-panel="form" open>' in refused
    assert SLIP["content"] in refused
