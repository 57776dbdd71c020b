"""Forms in a real browser: signed with a finger and with the mouse, kept when refused, readable by everybody."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from kefu.cases.tests.desk import household, repair
from kefu.documents.models import Document, Signature
from kefu.documents.tests.paperwork import filed, sheet, with_forms
from tests.browsing import let_in, too_wide, worst
from tests.cast import Cast

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("KEFU_SHOTS", "")  # a folder to look at the pages in


@pytest.fixture
def desk(site: str, page: Page, people: Cast) -> Page:
    """The page of the agent, signed in."""
    with_forms(people, timezone.now())
    let_in(page.context, people.agent, site)
    return page


def address(site: str, people: Cast, origin: str = "") -> str:
    return f"{site}/documents/new/{people.service_centre.pk}/visit_sheet/{origin}"


def fill(desk: Page) -> None:
    desk.fill("[name='fill.customer_name']", "王芳")
    desk.check("[name='fill.satisfied'][value='yes']")


def draw(desk: Page, field: str) -> None:
    """A stroke by the mouse across the pad of a field."""
    canvas = desk.locator("[data-signature]", has=desk.locator(f"[name='{field}.drawn']")).locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    desk.mouse.move(box["x"] + 30, box["y"] + 20)
    desk.mouse.down()
    for step in range(1, 6):
        desk.mouse.move(box["x"] + 30 + 30 * step, box["y"] + 20 + 15 * (step % 3))
    desk.mouse.up()


def test_a_form_is_signed_with_the_mouse_and_filed(desk: Page, site: str, people: Cast) -> None:
    desk.goto(address(site, people))
    fill(desk)
    desk.fill("[name='signed.customer_signature']", "王芳")
    draw(desk, "signed.signature")

    desk.click("button[name='do'][value='signed']")

    desk.wait_for_url("**/documents/*-0001/")
    document = Document.objects.get()
    assert (document.state, document.values["signature"]) == ("signed", "陈静")
    assert Signature.objects.get(field="signature").picture is not None
    desk.wait_for_function("document.querySelector('img[alt]').naturalWidth > 0")


def test_a_customer_signs_on_a_phone_with_a_finger(browser: Browser, site: str, people: Cast) -> None:
    with_forms(people, timezone.now())
    phone = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    let_in(phone, people.agent, site)
    page = phone.new_page()
    page.goto(address(site, people))
    fill(page)
    canvas = page.locator("canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    finger = phone.new_cdp_session(page)
    points = [(box["x"] + 40 + 20 * n, box["y"] + 30 + 8 * (n % 4)) for n in range(8)]
    for kind, (x, y) in zip(["touchStart", *["touchMove"] * 7], points, strict=True):
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    drawn = page.input_value("[name='signed.customer_signature.drawn']")
    assert drawn.startswith("data:image/png;base64,")
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / "phone_signing.png", full_page=True)
    page.locator("[data-signature-clear]").first.click()
    assert page.input_value("[name='signed.customer_signature.drawn']") == ""
    phone.close()


def test_what_was_drawn_is_there_again_after_a_refusal(desk: Page, site: str, people: Cast) -> None:
    desk.goto(address(site, people))
    desk.fill("[name='fill.customer_name']", "王芳")  # how satisfied is left out
    draw(desk, "signed.signature")
    drawn = desk.input_value("[name='signed.signature.drawn']")

    desk.click("button[name='do'][value='signed']")

    desk.wait_for_selector("text=form.missing")
    assert desk.input_value("[name='signed.signature.drawn']") == drawn
    painted = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(Boolean)"
    desk.wait_for_function(f"({painted})(document.querySelectorAll('canvas')[1])")


def test_every_page_can_be_read_by_everybody_and_fits_a_phone(desk: Page, site: str, people: Cast) -> None:
    customer, _ = household(people)
    case = repair(people, customer=customer)
    draft, done = sheet(people, timezone.now()), filed(people, timezone.now())
    paths = {
        "list": "documents/",
        "new": f"documents/new/{people.service_centre.pk}/visit_sheet/case/{case.pk}/",
        "draft": f"documents/{draft.number}/",
        "filed": f"documents/{done.number}/",
        "registers": "registers/",
        "register": "registers/property/visits/",
        "counts": "registers/property/visit_results/",
    }
    for name, path in paths.items():
        for width, height in ((1440, 900), (390, 844)):
            desk.set_viewport_size({"width": width, "height": height})
            desk.goto(f"{site}/{path}")
            assert worst(desk) == [], (path, width)
            assert too_wide(desk) <= 0, (path, width)
            if SHOTS:
                desk.screenshot(path=Path(SHOTS) / f"{name}_{width}.png", full_page=True)
