"""The wall as it hangs: read from across the room, honest about its age, gone when its address ended."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from kefu.cases.models import Case
from kefu.cases.tests.desk import repair
from kefu.home.models import Wall
from kefu.home.tests.killed import free_port, served
from kefu.home.wall import make_wall, revoke_wall
from tests.cast import Cast, make_cast
from tools.look import CUT, SIDEWAYS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tools.fresh_database import FreshDatabase

pytestmark = pytest.mark.browser
STALE, GONE, PART = "[data-wall-stale]", "[data-wall-gone]", "[data-wall-part]"

# height of the digits themselves, and the least contrast of any words with the ground behind them
MEASURE = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  const light = (rgb) => {
    const [r, g, b] = rgb.map((one) => (one /= 255) <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const ground = (one) => {
    for (; one; one = one.parentElement) {
      const colour = parts(getComputedStyle(one).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour.slice(0, 3);
    }
  };
  const all = (wanted) => [...document.querySelectorAll(wanted)].filter((one) => one.checkVisibility());
  const says = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const contrasts = all(".wall *").filter(says).map((one) => {
    const [high, low] = [light(parts(getComputedStyle(one).color)), light(ground(one))].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  });
  const heights = all(".wall-figure > span").filter((one) => /\\d/.test(one.textContent)).map((one) => {
    const { fontWeight, fontSize, fontFamily } = getComputedStyle(one);
    pen.font = `${fontWeight} ${fontSize} ${fontFamily}`;
    const { actualBoundingBoxAscent, actualBoundingBoxDescent } = pen.measureText(one.textContent);
    return actualBoundingBoxAscent + actualBoundingBoxDescent;
  });
  const cut = all(".wall-figure").filter((one) => one.scrollWidth > one.parentElement.clientWidth);
  const [least, lowest] = [Math.min(...contrasts), Math.min(...heights)];
  return { least, texts: contrasts.length, lowest, figures: heights.length, cut: cut.length };
}"""


def hung(site: str, cast: Cast) -> tuple[Wall, str]:
    at = timezone.now()
    wall, key = make_wall(
        name="大厅", department=cast.service_centre, expires_at=at + timedelta(days=1), by=cast.manager, at=at
    )
    return wall, f"{site}/wall/{key}/"


@pytest.fixture
def screen(browser: Browser) -> Page:
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN")
    context.set_default_timeout(20_000)
    return context.new_page()


def test_figures_are_read_from_across_the_room(site: str, screen: Page) -> None:
    cast = make_cast()
    late = repair(cast, at=timezone.now() - timedelta(hours=30))
    for _ in range(12):
        repair(cast)
    for number, case in enumerate(Case.objects.exclude(pk=late.pk)):
        Case.objects.filter(pk=case.pk).update(kind=f"kind_{number}")
    _, address = hung(site, cast)
    screen.goto(address)
    screen.wait_for_selector("[data-wall-page] >> text='1 / 2'")

    found = screen.evaluate(MEASURE)

    assert found["figures"] >= 13
    assert found["texts"] >= 25
    assert found["lowest"] >= 96
    assert found["least"] >= 7
    assert found["cut"] == 0
    assert screen.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert screen.locator("a, button, nav").count() == 0
    names = "els => els.filter(one => one.checkVisibility()).map(one => one.textContent)"
    first = screen.eval_on_selector_all("[data-wall-kinds] h3", names)
    screen.wait_for_selector("[data-wall-page] >> text='2 / 2'")
    then = screen.eval_on_selector_all("[data-wall-kinds] h3", names)
    assert (len(first), len(then)) == (10, 3)
    assert not set(first) & set(then)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_on_a_phone_too_it_can_be_read_by_everybody(site: str, browser: Browser, language: str) -> None:
    cast = make_cast()
    repair(cast, at=timezone.now() - timedelta(hours=30))
    _, address = hung(site, cast)
    context = browser.new_context(locale=language, reduced_motion="reduce")
    opened = context.new_page()
    opened.goto(address)

    for width, height in ((390, 844), (844, 390), (1440, 900)):
        opened.set_viewport_size({"width": width, "height": height})
        assert opened.evaluate(SIDEWAYS) <= 0
        assert opened.evaluate(CUT) == []
        faults = [
            one
            for one in Axe().run(opened).response["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert faults == []
    assert opened.evaluate("document.documentElement.lang") == language.lower().replace("zh-cn", "zh-hans")
    assert ("Open by kind" in opened.inner_text("main")) == (language == "en")
    context.close()


def test_it_looks_again_by_itself_and_says_when_it_is_old(site: str, screen: Page) -> None:
    cast = make_cast()
    _, address = hung(site, cast)
    screen.goto(address)
    intake = screen.locator(".wall-figure > span").first
    assert intake.text_content() == "0"
    repair(cast, at=timezone.now())
    screen.wait_for_selector(".wall-tiles > :first-child .wall-figure >> text='1'")
    assert screen.locator(STALE).is_hidden()

    screen.context.set_offline(True)
    screen.wait_for_selector(STALE)
    assert "数据已停止更新" in (screen.text_content(STALE) or "")
    assert screen.evaluate(MEASURE)["least"] >= 7
    screen.context.set_offline(False)
    screen.wait_for_selector(STALE, state="hidden")


def test_it_says_so_as_well_when_the_server_was_killed(fresh_database: FreshDatabase, screen: Page) -> None:
    screen.set_default_timeout(40_000)
    port = free_port()
    _, address = hung(f"http://127.0.0.1:{port}", make_cast())
    with served(fresh_database, port):
        screen.goto(address)
        assert screen.locator(STALE).is_hidden()

    screen.wait_for_selector(STALE)
    assert "数据已停止更新" in (screen.text_content(STALE) or "")
    assert screen.locator(PART).is_visible()

    with served(fresh_database, port):
        screen.wait_for_selector(STALE, state="hidden")


def test_the_figures_go_when_the_address_ended(site: str, screen: Page) -> None:
    cast = make_cast()
    wall, address = hung(site, cast)
    screen.goto(address)

    revoke_wall(wall, by=cast.manager, at=timezone.now())

    screen.wait_for_selector(GONE)
    assert screen.locator(PART).is_hidden()
