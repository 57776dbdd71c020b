"""Everything by keys: lists, cases, the palette, and registering while on the phone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from kefu.cases import actions
from kefu.cases.models import Case
from kefu.cases.tests.desk import household, repair
from tests.browsing import let_in
from tests.cast import Cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

# Counts over page loads: keys pressed, and whatever a mouse does.
# Chromium says "mousemove" by itself when a page has moved beneath a pointer that rests: such a move goes nowhere.
COUNTING = """
for (const kind of ["keydown", "mousedown", "mousemove", "pointerdown", "wheel", "touchstart"])
  addEventListener(kind, (event) => {
    if (kind === "mousemove" && event.movementX === 0 && event.movementY === 0) return;
    sessionStorage.setItem(kind, Number(sessionStorage.getItem(kind) || 0) + 1);
  }, true);
"""


@pytest.fixture
def desk(site: str, page: Page, people: Cast) -> Page:
    let_in(page.context, people.agent, site)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.add_init_script(COUNTING)
    return page


def counted(page: Page, kind: str) -> int:
    return int(page.evaluate("(kind) => Number(sessionStorage.getItem(kind) || 0)", kind))


def test_a_known_customers_case_takes_at_most_25_keys_besides_the_text(
    desk: Page, site: str, people: Cast
) -> None:
    at = timezone.now()
    customer, place = household(people)
    earlier = repair(people, "去年漏过水", customer=customer, at=at - timedelta(days=300))
    text = "厨房漏水"
    desk.goto(f"{site}/")

    desk.keyboard.press("n")
    desk.wait_for_selector("#phone:focus")
    for digit in "13812345678":
        desk.keyboard.press(digit)
    desk.keyboard.press("Enter")
    desk.wait_for_selector("input[name=kind]:focus")
    assert desk.is_visible(f"text={earlier.number}"), "what was before is seen at once"
    while desk.evaluate("document.activeElement.value") != "repair":
        desk.keyboard.press("ArrowRight")
    desk.wait_for_selector("text=报修人")
    desk.keyboard.press("Tab")
    desk.keyboard.insert_text(text)
    desk.keyboard.press("Enter")
    desk.wait_for_url(re.compile(r"/cases/WX\d+-\d+/$"))

    case = Case.objects.exclude(pk=earlier.pk).get()
    assert (case.customer, case.site, case.subject) == (customer, place, text)
    assert 13 < counted(desk, "keydown") <= 25
    for kind in ("mousedown", "mousemove", "pointerdown", "wheel", "touchstart"):
        assert counted(desk, kind) == 0, kind
    desk.mouse.move(300, 300)
    desk.mouse.move(310, 320)
    assert counted(desk, "mousemove") > 0, "a hand on the mouse would have been counted"


def test_a_day_at_the_desk_needs_no_mouse(desk: Page, site: str, people: Cast) -> None:
    first, second = repair(people, "水管滴水"), repair(people, "灯不亮")
    for case in (first, second):
        actions.take(case, by=people.agent, at=timezone.now())
    desk.goto(f"{site}/")
    desk.keyboard.press("g")
    desk.keyboard.press("q")
    desk.wait_for_selector("#rows")

    desk.keyboard.press("j")
    desk.keyboard.press("o")
    desk.wait_for_selector("#work .case-main")
    shown = desk.get_attribute("#work", "data-number")
    desk.keyboard.press("]")
    desk.wait_for_selector(f"#work:not([data-number='{shown}'])")
    desk.keyboard.press("[")
    desk.wait_for_selector(f"#work[data-number='{shown}']")

    desk.keyboard.press("n")
    desk.keyboard.type("njkr?")  # letters, while somebody writes
    assert desk.input_value("#composer-body") == "njkr?"
    assert desk.is_checked("#internal")
    desk.keyboard.press("Control+Enter")
    desk.wait_for_selector("#entries >> text=njkr?")
    desk.keyboard.press("Escape")
    desk.keyboard.press("r")
    desk.wait_for_selector("#composer-body:focus")
    assert desk.is_checked("#public")
    assert counted(desk, "mousedown") == 0


def test_the_list_of_keys_holds_what_the_page_binds(desk: Page, site: str, people: Cast) -> None:
    case = repair(people)
    desk.goto(f"{site}/cases/{case.number}/")
    desk.keyboard.press("?")
    desk.wait_for_selector("#keys[open]")
    listed = {"".join(one.split()) for one in desk.locator("#keys dt").all_inner_texts()}
    assert {"r", "n", "m", "?", "/", "gq", "gd", "gc", "t"} <= listed
    assert all(desk.locator("#keys dd").all_inner_texts()), "each says what it does"

    desk.keyboard.press("Escape")
    desk.keyboard.down("Shift")  # alone it belongs to the input method
    desk.keyboard.up("Shift")
    desk.keyboard.press("Control+ ")
    assert desk.is_hidden("#keys")
    assert desk.is_hidden("#palette")


def test_the_palette_goes_everywhere(desk: Page, site: str, people: Cast) -> None:
    case = repair(people, "水管滴水")
    actions.take(case, by=people.agent, at=timezone.now())
    desk.goto(f"{site}/cases/{case.number}/")
    desk.wait_for_selector("#list-of")

    desk.keyboard.press("Control+k")
    desk.wait_for_selector("#palette[open] input:focus")
    desk.keyboard.type("受理")
    desk.keyboard.press("Enter")
    desk.wait_for_selector("#steps details[open] >> text=受理")

    desk.keyboard.press("Escape")
    desk.keyboard.press("Control+k")
    desk.keyboard.insert_text("水管")
    desk.wait_for_selector("#palette [data-found] a")
    assert desk.is_visible("#palette [data-fragment] >> text=水管滴水"), "looked at last"
    desk.keyboard.press("Escape")

    desk.keyboard.press("Control+k")
    desk.keyboard.insert_text(people.supervisor.name)
    desk.keyboard.press("Enter")
    desk.wait_for_selector(f"#case-head >> text={people.supervisor.name}")
    case.refresh_from_db()
    assert case.owner == people.supervisor
