"""Duties in a real browser: a call noted with one key, a visit sheet that the customer signs on a phone."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from kefu.cases import actions as cases
from kefu.documents.models import Document, Signature
from kefu.duties.models import Attempt, Duty
from tests.browsing import let_in, too_wide, worst

from .office import Office, catch_up, office

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("KEFU_SHOTS", "")  # a folder to look at the pages in

DUTIES = """
call: {title: {zh: 竣工回访, en: follow-up call}, starts: project.completed, by: clerk, due: 72 hours, form: note,
  needs: [{that: {said: any}, say: {zh: 请写明, en: write it down}}],
  attempts: {at_most: 3, spacing: 4 hours}}
visit: {title: {zh: 上门回访, en: home visit}, starts: project.commenced, by: leader,
  needs: [{that: {count: {of: sheet, where: {state: filed}, at_least: 1}}, say: {zh: 请填写回访单, en: file a sheet}}]}
"""
SHEET = """  sheet:
    title: {zh: 上门回访单, en: visit sheet}
    by: leader
    flow: signed_sheet
    fields:
      said: {title: {zh: 内容, en: said}, type: text}
      customer_signature: {title: {zh: 客户签字, en: customer's signature}, type: signature}
"""


@pytest.fixture
def desk(site: str) -> Office:
    """A project of a customer, built and completed: one call and one visit are owed."""
    at = timezone.now() - timedelta(hours=1)
    made = office(DUTIES, at=at, forms=SHEET)
    project = made.project(at, customer=made.customer("王芳", at))
    cases.move(cases.move(project, "commenced", by=made.clerk, at=at), "completed", by=made.clerk, at=at)
    catch_up()
    return made


def test_what_came_of_a_call_is_noted_with_one_key(page: Page, site: str, desk: Office) -> None:
    let_in(page.context, desk.clerk, site)
    page.goto(f"{site}/duties/calls/")
    nobody = page.locator("button[name=result][value=no_answer]").get_attribute("data-key")
    assert nobody

    page.keyboard.press(nobody)

    page.wait_for_selector("text=以后再联系")
    tried = Attempt.objects.get()
    assert (tried.result, tried.by, tried.duty.owner) == ("no_answer", desk.clerk, desk.clerk)
    Attempt.objects.update(at=tried.at - timedelta(hours=5))
    page.reload()
    page.keyboard.press("1")  # reached: on to what the customer says
    page.wait_for_url(f"**/duties/{tried.duty.number}/")
    assert page.locator("[name='done.said']").is_visible()


def test_a_customer_signs_a_visit_sheet_on_a_phone_and_the_visit_is_done(
    browser: Browser, site: str, desk: Office
) -> None:
    phone = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="zh-CN"
    )
    let_in(phone, desk.leader, site)
    page = phone.new_page()
    visit = Duty.objects.get(kind="visit")
    page.goto(f"{site}/duties/{visit.number}/")
    page.get_by_role("link", name="填写：上门回访单").tap()
    page.fill("[name='fill.said']", "水管不再漏水")
    draw(page)
    page.wait_for_selector(
        "#draft-state:has-text('草稿已保存')"
    )  # as long as a person takes to lift the finger
    page.locator("button[name='do'][value='filed']").tap()
    page.wait_for_url("**/documents/SHEET*/")

    page.goto(f"{site}/duties/{visit.number}/")

    paper = Document.objects.get()
    assert Signature.objects.get(field="customer_signature").picture is not None
    assert page.locator(f"a[href='/documents/{paper.number}/paper/']").is_visible()
    assert (worst(page), too_wide(page) <= 0) == ([], True)
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / "phone_duty.png", full_page=True)
    page.get_by_role("button", name="完成").first.tap()
    page.wait_for_selector("h1 >> text=上门回访")
    assert Duty.objects.get(pk=visit.pk).closed_at is not None
    phone.close()


def draw(page: Page) -> None:
    """A stroke of a finger across the only pad."""
    canvas = page.locator("canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    finger = page.context.new_cdp_session(page)
    points = [(box["x"] + 40 + 20 * n, box["y"] + 30 + 8 * (n % 4)) for n in range(8)]
    for kind, (x, y) in zip(["touchStart", *["touchMove"] * 7], points, strict=True):
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
