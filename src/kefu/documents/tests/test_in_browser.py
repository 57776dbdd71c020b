"""Forms in a real browser: lines that come one by one, and a page that the browser kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from kefu.cases.tests.desk import repair
from kefu.documents.tests.test_rows_and_spans import with_goods
from tests.browsing import let_in
from tests.cast import Cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(site: str, page: Page, people: Cast) -> Page:
    """The page of the agent, signed in."""
    let_in(page.context, people.agent, site)
    return page


def test_a_line_more_comes_in_its_place_and_survives_a_reload(desk: Page, site: str, people: Cast) -> None:
    case = with_goods(people)
    address = f"{site}/cases/{case.number}/"
    desk.goto(address)
    desk.locator("summary", has_text="补充或更正").click()
    desk.fill("[name='fill.goods.2.thing']", "工具箱")

    desk.click("[id='more-fill.goods']")
    desk.wait_for_selector("[name='fill.goods.3.thing']")

    assert desk.url == address
    assert desk.input_value("[name='fill.goods.2.thing']") == "工具箱"
    desk.fill("[name='fill.goods.3.thing']", "𠮷祥牌")
    desk.wait_for_selector("#draft-state:has-text('草稿已保存')")
    desk.reload()
    desk.wait_for_selector("[name='fill.goods.3.thing']")
    desk.wait_for_function("document.querySelector(\"[name='fill.goods.3.thing']\").value === '𠮷祥牌'")
    assert desk.input_value("[name='fill.goods.2.thing']") == "工具箱"


def test_back_on_a_page_the_browser_kept_says_what_was_registered(
    desk: Page, site: str, people: Cast
) -> None:
    desk.goto(f"{site}/cases/register/?kind=repair")
    desk.evaluate("document.addEventListener('submit', event => event.preventDefault())")
    desk.fill("#subject", "水管滴水")
    desk.click("#register .btn-primary")
    case = repair(people, at=timezone.now())  # what the form that went had done

    desk.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")

    link = desk.wait_for_selector(f".alert-success a[href='/cases/{case.number}/']")
    assert link.inner_text() == case.number
