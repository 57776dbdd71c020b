"""The desk in a real browser: lists, the case, and what is beside it, by mouse and by keys."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from kefu.cases.models import Attachment, Case, Message
from kefu.cases.phrases import keep_phrase
from kefu.cases.tests.desk import repair
from tests.browsing import let_in
from tests.cast import Cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
DROP = """(form, [name, text]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([Uint8Array.from(atob(text), (one) => one.charCodeAt(0))], name, {type: "image/png"}));
  form.dispatchEvent(new DragEvent("drop", {dataTransfer: carried, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def desk(site: str, page: Page, people: Cast) -> Page:
    """The page of the agent, signed in, with room for three zones."""
    let_in(page.context, people.agent, site)
    page.set_viewport_size({"width": 1440, "height": 900})
    return page


def shows(page: Page, case: Case) -> None:
    page.wait_for_selector(f"#work[data-number='{case.number}']")


def test_the_list_stays_while_cases_change_beside_it(desk: Page, site: str, people: Cast) -> None:
    first, second = repair(people, "水管滴水"), repair(people, "灯不亮")
    desk.goto(f"{site}/cases/?list=unassigned")
    rows = desk.locator("#rows tr[data-case]")
    desk.locator("#list").evaluate("(list) => list.setAttribute('data-same', '')")

    desk.click("text=水管滴水")
    shows(desk, first)
    desk.click("#list >> text=灯不亮")
    shows(desk, second)
    assert desk.url == f"{site}/cases/{second.number}/"
    assert desk.locator("#list[data-same]").count() == 1, "the list was not loaded again"
    assert desk.locator("#list").bounding_box()["width"] == 360
    assert desk.locator("tr[data-current]").get_attribute("data-case") == second.number

    desk.go_back()
    shows(desk, first)
    desk.go_back()
    desk.wait_for_selector("#work:empty", state="attached")
    assert rows.count() == 2
    desk.go_forward()
    shows(desk, first)
    desk.reload()
    shows(desk, first)
    desk.wait_for_selector(f"tr[data-current][data-case='{first.number}']")


def test_panels_that_were_closed_stay_closed(desk: Page, site: str, people: Cast) -> None:
    case = repair(people)
    desk.goto(f"{site}/cases/{case.number}/")
    desk.wait_for_selector("#list-of")
    desk.click("[data-desk=list]")
    desk.click("[data-desk=side]")
    assert desk.is_hidden("#list")
    assert desk.is_hidden("#case-side")

    desk.reload()
    assert desk.is_hidden("#list")
    assert desk.is_hidden("#case-side")
    desk.click("[data-desk=list]")
    desk.wait_for_selector("#list-of")


def test_on_a_phone_one_thing_at_a_time_fills_the_screen(desk: Page, site: str, people: Cast) -> None:
    case = repair(people)
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.goto(f"{site}/cases/?list=unassigned")
    desk.click(f"text={case.subject}")
    desk.wait_for_url(f"**/cases/{case.number}/")
    assert desk.is_hidden("#list")
    assert desk.is_hidden("#case-side")

    desk.click("[data-desk=side]")
    assert desk.is_visible("#case-side >> text=客户")
    desk.keyboard.press("Escape")
    assert desk.is_hidden("#case-side")
    desk.click("[data-desk=list]")
    desk.wait_for_url("**/cases/?list=unassigned")


def test_without_scripts_lists_and_cases_are_pages(desk: Page, site: str, people: Cast) -> None:
    case = repair(people)
    browser = desk.context.browser
    assert browser
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    context.add_cookies(desk.context.cookies())  # type: ignore[arg-type]
    plain = context.new_page()
    plain.goto(f"{site}/cases/?list=unassigned")
    plain.click(f"text={case.subject}")
    assert plain.url == f"{site}/cases/{case.number}/"
    plain.click("label:has-text('内部备注')")
    plain.fill("#composer [name=body]", "已电话联系")
    plain.click("#composer button.btn-primary")
    assert plain.is_visible("#entries >> text=已电话联系")
    context.close()


def test_phrases_and_colleagues_are_put_in_place_by_keys(desk: Page, site: str, people: Cast) -> None:
    case = repair(people)
    keep_phrase("致歉", "工单 {编号} 给您添麻烦了。", by=people.agent, at=timezone.now())
    desk.goto(f"{site}/cases/{case.number}/")
    desk.focus("#composer-body")
    desk.keyboard.type("/致")
    desk.wait_for_selector("#composer-words [aria-selected=true]")
    desk.keyboard.press("Enter")
    assert desk.input_value("#composer-body") == f"工单 {case.number} 给您添麻烦了。"

    desk.keyboard.type(" @赵")
    desk.wait_for_selector("#composer-words >> text=赵敏")
    desk.keyboard.press("Tab")
    assert desk.input_value("#composer-body").endswith("@赵敏 ")
    assert not Message.objects.exists()


def test_pictures_are_dropped_shown_removed_and_sent(desk: Page, site: str, people: Cast) -> None:
    case = repair(people)
    desk.goto(f"{site}/cases/{case.number}/")
    form = desk.locator("#composer")
    for name in ("漏水.png", "多余.png"):
        form.evaluate(DROP, [name, base64.b64encode(PICTURE).decode()])
    desk.wait_for_selector("[data-pictures] img >> nth=1")
    desk.click("[aria-label='删除 多余.png']")
    desk.click("#composer button.btn-primary")
    desk.wait_for_selector("#entries >> text=漏水.png")

    assert [one.file.name for one in Attachment.objects.all()] == ["漏水.png"]


def test_the_mode_is_remembered_and_sending_opens_the_next_of_the_list(
    desk: Page, site: str, people: Cast
) -> None:
    first, second = repair(people, "水管滴水"), repair(people, "灯不亮")
    desk.goto(f"{site}/cases/?list=all&sort=opened")
    desk.click("#list >> text=灯不亮")
    shows(desk, second)
    desk.check("[data-then-next]")
    desk.check("#public")
    desk.check("#internal")
    desk.fill("#composer-body", "已电话联系")
    desk.locator("#composer button.btn-primary").evaluate("(button) => { button.click(); button.click(); }")

    shows(desk, first)
    assert desk.url == f"{site}/cases/{first.number}/"
    assert desk.is_checked("#internal")
    assert desk.input_value("#composer-body") == ""
    assert Message.objects.filter(case=second).count() == 1, "pressed twice, sent once"
