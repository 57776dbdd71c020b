"""The furniture in a real browser: signing in, keys, the input method, theme, phone width, accessibility."""

from __future__ import annotations

import pytest

from kefu.staff.models import Person
from tests.browsing import worst
from tests.cast import PASSWORD, give_password, make_cast

pytestmark = pytest.mark.browser

COMPOSED_ENTER = """(field) => {
  field.focus();
  const enter = new KeyboardEvent("keydown", {key: "Enter", isComposing: COMPOSING, bubbles: true, cancelable: true});
  return field.dispatchEvent(enter);
}"""


@pytest.fixture
def desk(site, page):
    """The page of the agent, signed in through the form, at the account."""
    give_password(make_cast().agent)
    page.goto(f"{site}/account/")
    page.fill("[name=login]", "chen")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_selector("details.popup >> nth=1")
    return page


def test_enter_signs_in_and_comes_to_the_page_asked_for(desk):
    assert desk.url.endswith("/account/")
    assert desk.locator("html").get_attribute("lang") == "zh-hans"


@pytest.mark.parametrize(("composing", "sent"), [("true", False), ("false", True)])
def test_enter_is_the_input_methods_own_while_it_composes(site, page, composing, sent):
    make_cast()
    page.goto(f"{site}/sign-in/")

    let_through = page.locator("[name=login]").evaluate(COMPOSED_ENTER.replace("COMPOSING", composing))

    assert let_through is sent


def test_the_account_can_be_used_by_everybody_and_fits_a_phone(desk, site):
    for path in ("", "password/", "second-factor/", "sessions/", "keys/"):
        desk.set_viewport_size({"width": 1440, "height": 900})
        desk.goto(f"{site}/account/{path}")
        assert worst(desk) == []
        desk.emulate_media(color_scheme="dark")
        assert worst(desk) == []

        desk.set_viewport_size({"width": 390, "height": 844})
        assert worst(desk) == []
        assert desk.evaluate("document.documentElement.scrollWidth") <= 390
        desk.emulate_media(color_scheme="light")


def test_a_refusal_and_what_is_unknown_can_be_read_by_everybody(site, page):
    make_cast()
    for path in ("sign-in/", "link/unknown/", "nowhere/"):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.goto(f"{site}/{path}")
            assert worst(page) == []


def test_the_check_for_everybody_finds_what_is_wrong(site, page):
    make_cast()
    page.goto(f"{site}/sign-in/")

    page.evaluate("document.querySelector('main').append(document.createElement('input'))")

    assert worst(page)[0].startswith("label: <input>")


def test_the_menu_opens_and_closes_by_keyboard_and_says_away(desk):
    summary = desk.locator("details.popup > summary").nth(1)
    summary.focus()
    desk.keyboard.press("Enter")
    assert desk.locator("text=我离开一下").is_visible()
    desk.keyboard.press("Escape")
    assert not desk.locator("text=我离开一下").is_visible()

    desk.keyboard.press("Enter")
    desk.click("text=我离开一下")
    desk.wait_for_selector(".state.away")

    assert Person.objects.get(login="chen").away_since is not None


def test_the_theme_chosen_stays(desk, site):
    desk.locator("details.popup > summary").nth(1).click()
    desk.click("text=深色")
    desk.wait_for_selector("html[data-theme=dark]")

    desk.goto(f"{site}/account/password/")

    assert desk.locator("html").get_attribute("data-theme") == "dark"


def test_a_form_is_sent_once_however_often_the_button_is_pressed(desk, site):
    desk.goto(f"{site}/account/keys/")
    desk.fill("[name=name]", "报表")

    twice = "(button) => { button.click(); button.click(); }"
    desk.locator("main form button:has-text('创建令牌')").evaluate(twice)
    desk.wait_for_selector("#new-key")

    assert Person.objects.get(login="chen").tokens.count() == 1
