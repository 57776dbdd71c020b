"""The pages of cases in a real browser: by keyboard alone, on a phone, readable by everybody."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from kefu.cases import actions
from kefu.cases.models import Case
from kefu.cases.tests.desk import SLIP, complaint, household, repair
from tests.browsing import let_in, worst
from tests.cast import Cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(site: str, page: Page, people: Cast) -> Page:
    """The page of the agent, signed in."""
    let_in(page.context, people.agent, site)
    return page


def test_a_call_is_registered_by_keyboard_alone(desk: Page, site: str, people: Cast) -> None:
    customer, place = household(people)
    desk.goto(f"{site}/")
    desk.keyboard.press("n")
    desk.wait_for_selector("#phone:focus")

    desk.keyboard.type("13812345678")
    desk.wait_for_selector("text=王芳")
    for _ in range(30):
        if desk.evaluate("document.activeElement.name") == "kind":
            break
        desk.keyboard.press("Tab")
    while desk.evaluate("document.activeElement.value") != "repair":
        desk.keyboard.press("ArrowRight")
    desk.wait_for_selector("text=报修人")
    desk.keyboard.press("Tab")
    desk.keyboard.type("厨房漏水")
    desk.keyboard.press("Enter")

    desk.wait_for_url(re.compile(r"/cases/WX\d+-\d+/$"))
    case = Case.objects.get()
    assert (case.customer, case.site, case.values["surname"]) == (customer, place, "王芳")


def test_every_page_can_be_read_by_everybody_and_fits_a_phone(desk: Page, site: str, people: Cast) -> None:
    case, _ = complaint(people), repair(people, at=timezone.now() - timedelta(hours=8))
    paths = [
        "",
        "cases/?list=all",
        f"cases/{case.number}/",
        "cases/register/?kind=complaint&phone=1",
        "notices/",
    ]
    for path in paths:
        desk.set_viewport_size({"width": 1440, "height": 900})
        for scheme in ("light", "dark"):
            desk.emulate_media(color_scheme=scheme)
            desk.goto(f"{site}/{path}")
            assert worst(desk) == [], (path, scheme)

        desk.set_viewport_size({"width": 390, "height": 844})
        assert desk.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_a_move_with_a_form_opens_in_its_place_and_a_refusal_keeps_what_was_typed(
    desk: Page, site: str, people: Cast
) -> None:
    case = repair(people)
    desk.goto(f"{site}/cases/{case.number}/")

    desk.click("summary:has-text('受理')")
    desk.check("[name='accepted.size'][value='small']")
    desk.click("details[open] button:has-text('受理')")

    desk.wait_for_selector("text=flow.fill")
    assert desk.is_checked("[name='accepted.size'][value='small']")
    assert desk.is_visible("text=受理”前要先填写：故障")


def test_after_a_refusal_the_page_has_its_own_address_and_what_was_typed(
    desk: Page, site: str, people: Cast
) -> None:
    case = repair(people)
    desk.goto(f"{site}/cases/{case.number}/")
    desk.locator("summary", has_text="关联其他工单").click()
    desk.fill("#other", "TS20200101-0001")
    desk.press("#other", "Enter")
    desk.wait_for_selector("text=case.unknown")

    assert desk.url == f"{site}/cases/{case.number}/"
    assert desk.input_value("#other") == "TS20200101-0001"
    desk.reload()
    assert desk.locator("#work h1").inner_text() == case.subject


def test_a_masked_number_is_shown_with_a_reason_and_hidden_again(desk: Page, site: str, people: Cast) -> None:
    case = repair(people)
    desk.goto(f"{site}/cases/{case.number}/")
    assert "13812345678" not in desk.content()

    desk.locator("dd", has_text="138****5678").locator("summary").click()
    desk.fill("[id='why-telephone']", "回电")
    desk.press("[id='why-telephone']", "Enter")

    desk.wait_for_selector("text=13812345678")
    desk.reload()
    assert "13812345678" not in desk.content()


def test_the_grade_follows_the_cause_while_it_is_chosen(desk: Page, site: str, people: Cast) -> None:
    at = timezone.now() - timedelta(hours=1)
    case = actions.register(
        "complaint", department=people.service_centre, by=people.agent, at=at, subject="电梯停运", values=SLIP
    )
    values = {"house_number": "1-201", "validity": "valid", "difficulty": "ordinary", "clarification": "致歉"}
    case = actions.move(case, "accepted", by=people.agent, at=at, values=values)
    desk.goto(f"{site}/cases/{case.number}/")

    desk.locator("summary", has_text="定等级").click()
    desk.select_option("[name='graded.cause']", "service_faulty")
    desk.wait_for_selector("text=制度建议")

    desk.wait_for_selector("[name='graded.severity'][value='important']:checked")
