"""The search page: groups, what may be seen, what is said when nothing is found; and finding while one types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from kefu.api.tests.calling import Program
from kefu.cases.tests.desk import desk_of, page_of, repair
from kefu.customers import actions as customers
from kefu.customers.models import Customer
from tests.browsing import let_in
from tests.cast import Cast, make_cast

if TYPE_CHECKING:
    from playwright.sync_api import Page


def known(cast: Cast) -> Customer:
    return customers.add_customer(
        cast.service_centre,
        kind="natural",
        name="张伟",
        contacts=[("phone", "13812345678")],
        by=cast.agent,
        at=timezone.now(),
    )


@pytest.mark.db
def test_cases_and_customers_stand_in_groups(cast: Cast) -> None:
    case = repair(cast, "张伟家水管滴水")
    customer = known(cast)

    page = page_of(desk_of(cast.agent).get("/search/", {"q": "张伟"}))
    assert "<mark>张伟</mark>家水管滴水" in page
    assert customer.number in page
    assert case.number in page_of(desk_of(cast.agent).get("/search/", {"q": case.number}))
    theirs = page_of(desk_of(cast.stranger).get("/search/", {"q": "张伟"}))
    assert customer.number not in theirs
    assert case.number not in theirs


@pytest.mark.db
@pytest.mark.parametrize("question", ["", "没有这样的话", "<script>", "%", "x" * 3000, "\x00"])
def test_nothing_found_says_how_to_search(cast: Cast, question: str) -> None:
    answer = desk_of(cast.agent).get("/search/", {"q": question})
    assert answer.status_code == 200
    assert "zhangwei" in page_of(answer)
    assert "<script>" not in answer.content.decode().partition("<main")[2]


@pytest.mark.db
def test_a_filter_that_means_nothing_is_refused_by_name(cast: Cast) -> None:
    answer = desk_of(cast.agent).get("/search/", {"q": "状态:不存在"})
    assert answer.status_code == 422
    assert "search.filter" in page_of(answer)
    assert desk_of(cast.agent).get("/search/", {"q": "x", "after": "y"}).status_code == 422


@pytest.mark.db
def test_the_api_answers_the_same(cast: Cast) -> None:
    case = repair(cast, "张伟家水管滴水")
    customer = known(cast)

    told = Program(cast.agent).ask("GET", "/search?q=张伟").json
    assert [one["case"]["number"] for one in told["cases"]] == [case.number]
    assert told["cases"][0]["subject"][0] == {"text": "张伟", "found": True}
    assert told["customers"] == [{"number": customer.number, "name": "张伟"}]
    assert Program(cast.stranger).ask("GET", "/search?q=张伟").json["cases"] == []
    assert Program(cast.agent).ask("GET", "/search?q=张伟&cursor=x").status == 422


@pytest.mark.browser
def test_one_finds_while_typing_and_never_while_composing(site: str, page: Page) -> None:
    cast = make_cast()
    case = repair(cast, "电梯异响")
    let_in(page.context, cast.agent, site)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/search/" in request.url else None)
    page.goto(f"{site}/")

    page.keyboard.press("/")
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "dianti", "selectionStart": 6, "selectionEnd": 6})
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    assert asked == []

    keyboard.send("Input.insertText", {"text": "电梯"})
    page.locator("#found-now a").first.wait_for()
    assert len(asked) == 1
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.pathname") == f"/cases/{case.number}/"
    page.keyboard.press("Escape")
    assert page.locator("#found-now a").count() == 0
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    assert page.locator("main mark").first.inner_text() == "电梯"
