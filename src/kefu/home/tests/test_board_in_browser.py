"""A leader gives cases out from the board, by keys and by dragging, and sees what time changes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.utils import timezone

from kefu.cases.models import Case
from kefu.cases.tests.desk import desk_of, repair
from kefu.home.tests.killed import free_port, served
from kefu.staff.models import SignIn
from tests.cast import Cast, make_cast

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tools.fresh_database import FreshDatabase

pytestmark = pytest.mark.browser


def board(site: str, page: Page, cast: Cast) -> None:
    """The board as the supervisor has it open."""
    key = desk_of(cast.supervisor).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])
    page.set_default_timeout(30_000)
    page.goto(f"{site}/team/")


def test_a_case_is_given_by_keys_and_by_dragging(site: str, page: Page) -> None:
    cast = make_cast()
    first, second = repair(cast), repair(cast)
    board(site, page, cast)

    page.locator(f"input[value='{first.number}']").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("a")
    page.keyboard.type(cast.agent.name)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"text={first.number} 已交给{cast.agent.name}")

    row = page.locator(f"tr[data-case='{second.number}']").first
    row.drag_to(page.locator(f"[data-person='{cast.other_agent.login}']"))
    page.wait_for_selector(f"text={second.number} 已交给{cast.other_agent.name}")

    owners = dict(Case.objects.values_list("number", "owner"))
    assert owners == {first.number: cast.agent.pk, second.number: cast.other_agent.pk}


def test_what_time_changes_is_shown_and_what_was_begun_stays(site: str, page: Page) -> None:
    cast = make_cast()
    case, other = repair(cast), repair(cast)
    soon = timezone.now() + timedelta(hours=30)
    Case.objects.update(due_at=soon)  # calm
    board(site, page, cast)
    page.locator("#board-reason").fill("客户又来电")
    page.locator(f"#free-{other.number}").check()
    assert page.locator(f"#pressing-{case.number}").count() == 0

    # no event of a case tells of these two: time has passed, and somebody signed in
    Case.objects.filter(pk=case.pk).update(opened_at=timezone.now() - timedelta(days=9))
    desk_of(cast.agent)
    page.wait_for_selector(f"#pressing-{case.number}")

    assert SignIn.objects.filter(person=cast.agent).exists()
    assert "在岗" in page.locator(f"[data-person='{cast.agent.login}']").inner_text()
    assert page.locator("#board-reason").input_value() == "客户又来电"
    assert page.locator(f"#free-{other.number}").is_checked()
    assert page.evaluate("document.activeElement.id") == f"free-{other.number}"


def test_a_board_without_a_server_says_that_it_is_not_up_to_date(
    fresh_database: FreshDatabase, browser: Browser
) -> None:
    cast, port = make_cast(), free_port()
    page = browser.new_context(locale="zh-CN").new_page()  # its own: here the browser may complain
    repair(cast)
    with served(fresh_database, port):
        board(f"http://127.0.0.1:{port}", page, cast)
        assert page.locator("[data-board-stale]").is_hidden()

    page.wait_for_selector("[data-board-stale]")
    with served(fresh_database, port):
        page.wait_for_selector("[data-board-stale]", state="hidden")
    page.context.close()
