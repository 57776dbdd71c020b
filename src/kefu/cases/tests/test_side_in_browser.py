"""The side of a case in a real browser: panels that stay closed, and phrases put in place by a click or a key."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from kefu.cases.models import Case
from kefu.cases.phrases import keep_phrase
from kefu.cases.tests.desk import repair
from kefu.customers import actions as customers
from tests.browsing import let_in, too_wide, worst
from tests.cast import Cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(site: str, page: Page, people: Cast) -> Page:
    let_in(page.context, people.agent, site)
    page.set_viewport_size({"width": 1440, "height": 900})
    return page


@pytest.fixture
def case(people: Cast) -> Case:
    """A leak at a known customer's, with an earlier case and two phrases that fit."""
    at, by = timezone.now() - timedelta(hours=1), people.agent
    customer = customers.add_customer(
        people.service_centre, kind="natural", name="王芳", contacts=[("phone", "13812345678")], by=by, at=at
    )
    for room in ("0301", "0502"):
        place = customers.add_site(
            people.service_centre, community="云庭花园", building="3号楼", room=room, by=by, at=at
        )
        customers.move_in(customer, site=place, role="owner", by=by, at=at)
    keep_phrase("漏水安抚", "{客户}您好，请先关闭总阀。", by=by, at=at)
    keep_phrase("报修已派", "师傅已在路上。", by=by, at=at)
    repair(people, "去年漏水", customer=customer, at=at - timedelta(days=300))
    return repair(people, "厨房漏水", customer=customer, at=at)


def test_a_phrase_is_put_in_place_by_a_click_or_by_its_figure(desk: Page, site: str, case: Case) -> None:
    desk.goto(f"{site}/cases/{case.number}/")
    desk.wait_for_selector("[data-phrase]")

    desk.click("[data-phrase] >> text=漏水安抚")
    assert desk.input_value("#composer-body") == "王芳您好，请先关闭总阀。"
    assert desk.evaluate("document.activeElement.id") == "composer-body"
    desk.keyboard.type("2")  # a figure, while somebody writes
    desk.keyboard.press("Escape")
    desk.keyboard.press("2")

    assert desk.input_value("#composer-body") == "王芳您好，请先关闭总阀。2\n师傅已在路上。"


def test_panels_stay_as_they_were_left_case_by_case(desk: Page, site: str, people: Cast, case: Case) -> None:
    other = repair(people, "灯不亮")
    desk.goto(f"{site}/cases/{case.number}/")
    desk.wait_for_selector("[data-panel=others] >> text=去年漏水")
    assert desk.is_visible("[data-panel=others] >> text=云庭花园 3号楼 0502")

    desk.focus("[data-panel=others] > summary")
    desk.keyboard.press("Enter")
    desk.click("[data-panel=form] > summary")
    desk.click("[data-panel=duties] > summary")
    assert desk.is_hidden("[data-panel=others] >> text=去年漏水")

    desk.reload()
    desk.wait_for_selector("[data-panel=others]")
    assert desk.is_hidden("[data-panel=others] >> text=去年漏水")
    assert desk.is_hidden("[data-panel=form] dl")
    assert desk.is_visible("[data-panel=customer] dl")
    desk.goto(f"{site}/cases/{other.number}/")
    assert desk.is_hidden("[data-panel=form] dl")
    desk.click("[data-panel=duties] > summary")
    desk.wait_for_selector("[data-panel=duties] >> text=此工单没有您可见的任务", state="visible")
    desk.click("[data-desk=side]")  # the zones are remembered beside them
    desk.click("[data-desk=side]")
    desk.reload()
    assert desk.is_visible("[data-panel=duties] .body")
    assert desk.is_hidden("[data-panel=form] dl")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_side_is_readable_and_fits(
    desk: Page, site: str, people: Cast, case: Case, language: str
) -> None:
    people.agent.language = language
    people.agent.save()
    for width in (1440, 390):
        desk.set_viewport_size({"width": width, "height": 900})
        desk.goto(f"{site}/cases/{case.number}/#case-side")
        desk.wait_for_selector("[data-phrase]", state="attached")
        for scheme in ("light", "dark"):
            desk.emulate_media(color_scheme=scheme)
            assert not worst(desk), (width, scheme)
        assert too_wide(desk) <= 0, width


def test_on_a_phone_a_phrase_leads_out_of_the_sheet(desk: Page, site: str, case: Case) -> None:
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.goto(f"{site}/cases/{case.number}/")
    desk.click("[data-desk=side]")

    desk.click("[data-phrase] >> text=漏水安抚")

    assert desk.is_hidden("#case-side")
    assert desk.input_value("#composer-body") == "王芳您好，请先关闭总阀。"
    assert desk.evaluate("document.activeElement.id") == "composer-body"


def test_the_grade_is_told_while_registering_and_stands_at_its_step(
    desk: Page, site: str, people: Cast
) -> None:
    desk.goto(f"{site}/cases/register/?kind=complaint&phone=13812345678")
    desk.fill("#subject", "电梯停运")
    desk.fill("#name", "王")

    desk.select_option("[name='new.cause']", "service_faulty")
    desk.wait_for_selector("#grade-proposed >> text=重要投诉")
    desk.press("#subject", "Enter")
    desk.wait_for_selector("#work h1 >> text=电梯停运")
    desk.locator("#steps summary", has_text="受理").click()
    desk.fill("[name='accepted.house_number']", "1-201")
    for name, value in (("validity", "valid"), ("difficulty", "ordinary")):
        desk.check(f"[name='accepted.{name}'][value='{value}']")
    desk.fill("[name='accepted.clarification']", "致歉")
    desk.locator("#steps details[open] button", has_text="受理").click()
    desk.locator("#steps summary", has_text="定等级").click()

    assert desk.input_value("[name='graded.cause']") == "service_faulty"
    assert desk.is_checked("[name='graded.severity'][value='important']")
