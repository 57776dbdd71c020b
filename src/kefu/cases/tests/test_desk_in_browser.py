"""The desk's verbs in a real browser: readable by everybody, as wide as the screen, by keyboard."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from kefu.cases import actions, urging
from kefu.cases.models import BulkRun
from kefu.cases.tests.desk import repair
from tests.browsing import let_in, too_wide, worst
from tests.cast import Cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
WIDTHS = (1440, 390)


@pytest.fixture
def desk(site: str, page: Page, people: Cast) -> Page:
    """The page of the supervisor, signed in."""
    let_in(page.context, people.supervisor, site)
    return page


def test_the_desks_pages_fit_and_are_readable(desk: Page, site: str, people: Cast) -> None:
    at = timezone.now()
    case, other = repair(people, "三号楼电梯停运无人处理"), repair(people, "三号楼电梯停运")
    case = actions.take(case, by=people.agent, at=at)
    actions.add_message(case, by=people.agent, at=at, body="客户称电梯停运两小时", public=True)
    urging.nudge(case, by=people.other_agent, at=at, reason="客户又来电")
    urging.supervise(
        case, by=people.manager, at=at, reason="今日反馈进展", feedback_by=at + timedelta(hours=2)
    )
    run = BulkRun.objects.create(person=people.supervisor, verb="take", total=1, made_at=at, looked_at=at)
    run.rows.create(case=other, ahead={})
    pages = (
        "?list=all",
        f"{case.number}/beside/",
        f"bulk/{run.pk}/",
        "views/?query=list%3Dmine",
        "capacities/",
    )

    for width in WIDTHS:
        desk.set_viewport_size({"width": width, "height": 900})
        for path in pages:
            desk.goto(f"{site}/cases/{path}")
            assert too_wide(desk) <= 0, (path, width)
            assert not worst(desk), (path, width)


def test_rows_are_ticked_looked_at_and_done_by_keyboard(desk: Page, site: str, people: Cast) -> None:
    for subject in ("甲", "乙", "丙"):
        repair(people, subject)
    desk.goto(f"{site}/cases/?list=unassigned")

    desk.focus("[data-check-all]")
    desk.keyboard.press("Space")
    assert desk.locator("input[name=case]:checked").count() == 3
    desk.keyboard.press("Tab")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/cases/bulk/")
    desk.focus("select[name=to]")
    desk.select_option("select[name=to]", str(people.agent.pk))
    assert desk.is_checked("input[value=assign]")
    desk.focus("form.panel-box button")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/cases/bulk/*/")
    desk.focus("#progress button")
    desk.keyboard.press("Enter")
    desk.wait_for_selector("#bulk-rows .text-success")

    assert desk.locator("#bulk-rows .text-success").count() == 3
