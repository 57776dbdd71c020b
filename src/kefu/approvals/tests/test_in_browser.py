"""An approval in a real browser, by two people: asked, sent back, submitted again, approved with one key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kefu.approvals.models import Approval
from kefu.approvals.tests.desk import STEPS, Desk, desk
from tests.browsing import let_in, too_wide, worst

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from kefu.staff.models import Person

pytestmark = pytest.mark.browser


@pytest.fixture
def here(site: str) -> Desk:
    return desk(STEPS)


def page_for(browser: Browser, person: Person, site: str, width: int = 1440) -> Page:
    context = browser.new_context(locale="zh-CN", viewport={"width": width, "height": 900})
    let_in(context, person, site)
    return context.new_page()


def test_two_people_ask_return_submit_again_and_approve(browser: Browser, site: str, here: Desk) -> None:
    clerk, manager = page_for(browser, here.clerk, site), page_for(browser, here.manager, site, 390)
    clerk.goto(f"{site}/approvals/ask/")
    assert worst(clerk) == []
    clerk.click("a[href*='kind=refund']")
    clerk.wait_for_selector("[name='new.amount']")
    clerk.fill("[name='new.amount']", "320")
    clerk.fill("[name='new.reason']", "同一张账单扣了两次")
    clerk.click("text=提交申请")
    clerk.wait_for_selector("h1 >> text=退款")
    number = Approval.objects.get().number

    manager.goto(f"{site}/approvals/")
    assert too_wide(manager) == 0
    manager.click(f"a >> text={number}")
    manager.wait_for_selector("text=您的审批意见")
    assert too_wide(manager) == 0
    assert worst(manager) == []
    manager.fill("#reason", "请附收据")
    manager.click("button[value=returned]")
    manager.wait_for_selector("text=退回补充")

    clerk.goto(f"{site}/approvals/{number}/")
    assert clerk.is_visible("text=请附收据")
    clerk.check("[name='resubmitted.receipt'][value=kept]")
    clerk.click("form[data-draft=resubmitted] button.btn-primary")
    clerk.wait_for_selector("text=待审批")
    assert worst(clerk) == []

    manager.goto(f"{site}/approvals/{number}/")
    manager.wait_for_selector("text=您的审批意见")
    manager.keyboard.press("a")
    manager.wait_for_selector(".badge >> text=已同意")

    approval = Approval.objects.get()
    assert (approval.state, approval.round, approval.values["receipt"]) == ("approved", 2, "kept")
