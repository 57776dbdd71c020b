"""A customer's whole way in a real browser, by phone; and the form inside a page of another origin."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from kefu.cases import actions as cases
from kefu.cases.models import Case, Rating, Urge
from kefu.portal import links
from kefu.portal.tests.street import code_in, work_off
from tests.cast import Cast, make_cast

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

pytestmark = pytest.mark.browser
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
ACCEPTED = {"house_number": "1-201", "validity": "valid", "difficulty": "ordinary", "clarification": "致歉"}


@pytest.fixture
def people(site: str, settings: Any) -> Cast:
    settings.KEFU_DELIVER = {"phone": "console", "mail": "console"}
    return make_cast()


def fill_in(page: Any, phone: str = "138 1234 5678") -> None:
    """What a person types; the time it takes is set back in the form's stamp."""
    stamp = links.form_shown(at=timezone.now() - timedelta(seconds=20))
    page.locator("[name=shown]").evaluate("(one, stamp) => { one.value = stamp }", stamp)
    page.locator("[name=body]").fill("三楼楼道灯不亮，晚上看不清台阶。")
    page.locator("[name=name]").fill("王大明")
    page.locator("[name=phone]").fill(phone)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def worst(page: Page) -> list[str]:
    page.emulate_media(reduced_motion="reduce")
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in Axe().run(page).response["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def test_from_the_form_to_taken_up_again(page: Page, site: str, people: Cast, capsys: Any) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{site}/portal/")
    page.click(f"section:has-text('{people.service_centre.name}') a:has-text('投诉')")
    fill_in(page, "138 1234 567")
    page.click("button:has-text('提交')")
    page.wait_for_selector("text=不是有效号码")
    assert page.input_value("[name=body]").startswith("三楼")
    fill_in(page)
    page.click("button:has-text('提交')")

    page.wait_for_url("**/portal/done/**")
    number = page.inner_text("#number")
    assert page.is_visible("text=受理后，这里会写明我们答复您的时间")
    assert fits(page)

    page.goto(f"{site}/portal/find/")
    page.fill("[name=number]", number)
    page.fill("[name=phone]", "5678")
    page.click("main button:has-text('查询')")
    page.wait_for_url(f"**/portal/requests/{number}/")
    page.goto(f"{site}/portal/requests/")
    page.click("button:has-text('退出登录')")

    page.goto(f"{site}/portal/sign-in/")
    page.fill("[name=contact]", "13812345678")
    page.click("button:has-text('获取验证码')")
    page.wait_for_selector("[name=code]")
    work_off(timezone.now())
    page.fill("[name=code]", code_in(capsys.readouterr().out))
    page.click("main button:has-text('登录')")
    page.click(f"a:has-text('{number}')")

    case = Case.objects.get()
    at = timezone.now()
    steps: list[tuple[str, Any, Any]] = [
        ("accepted", people.agent, ACCEPTED),
        ("graded", people.agent, {"cause": "service_faulty", "severity": "important"}),
        (
            "dispatched",
            people.agent,
            {"handling_department": str(people.engineering.pk), "arrangement": "今日查看"},
        ),
        ("taken_on", people.engineering_supervisor, {}),
    ]
    for name, by, values in steps:
        case = cases.move(case, name, by=by, at=at, values=values)
    page.reload()
    assert page.inner_text("[aria-current=step]").split()[1] == "处理中"
    assert page.is_visible("text=前与您联系")
    page.fill("form[action$='/reply/'] [name=body]", "什么时候来人？")
    page.click("form[action$='/reply/'] button")
    page.wait_for_selector(".mine:has-text('什么时候来人')")
    page.click("button:has-text('催办')")
    page.wait_for_selector("text=您催办了一次")
    assert not page.is_visible("button:has-text('催办')")
    assert Urge.objects.get().case == case

    case = cases.move(
        case,
        "resolved",
        by=people.engineering_supervisor,
        at=timezone.now(),
        values={"result": "已换灯", "department_signature": "周涛"},
    )
    page.reload()
    page.click("button:has-text('已经解决')")
    page.wait_for_selector("text=已记录")
    page.click(".stars label:has-text('4 分')")
    page.check("text=响应及时")
    page.fill("[name=words]", "师傅很快")
    page.click("button:has-text('提交评价')")
    page.wait_for_selector("text=您给了 4 分")
    assert Rating.objects.get().marks == 4

    page.click("summary:has-text('还没有解决')")
    page.fill("[name='reopened.reopen_reason']", "灯又灭了")
    page.click("details[open] button:has-text('发送')")
    page.wait_for_selector(".mine:has-text('灯又灭了')")
    case.refresh_from_db()
    assert case.state == "in_work"


def test_every_page_fits_a_phone_and_can_be_read_by_everybody(page: Page, site: str, people: Cast) -> None:
    page.goto(f"{site}/portal/new/service_centre/repair/")
    fill_in(page)
    page.click("button:has-text('提交')")
    page.wait_for_url("**/portal/done/**")
    done = page.url.removeprefix(site)
    page.click("a:has-text('查看进度')")
    page.wait_for_url("**/portal/requests/*/")
    request = page.url.removeprefix(site)
    addresses = [
        "/portal/",
        "/portal/new/service_centre/repair/",
        done,
        request,
        "/portal/requests/",
        "/portal/find/",
        "/portal/sign-in/",
        "/portal/code/",
        "/portal/embed/repair/",
    ]
    for address in addresses:
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            page.goto(f"{site}{address}")
            assert fits(page), (address, size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.reload()
            assert worst(page) == [], (address, scheme)


def test_what_was_written_survives_a_reload_and_not_the_sending(page: Page, site: str, people: Cast) -> None:
    address = f"{site}/portal/new/service_centre/complaint/"
    page.goto(address)
    fill_in(page)
    page.reload()
    assert page.input_value("[name=body]").startswith("三楼")

    fill_in(page)
    page.click("button:has-text('提交')")
    page.wait_for_url("**/portal/done/**")
    page.goto(address)
    assert page.input_value("[name=body]") == ""


def test_an_input_method_composes_without_sending(page: Page, site: str, people: Cast) -> None:
    page.goto(f"{site}/portal/find/")
    page.focus("[name=number]")
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "wx", "selectionStart": 2, "selectionEnd": 2})
    page.keyboard.press("Enter")

    page.wait_for_timeout(200)
    assert page.url.endswith("/portal/find/")
    assert not page.is_visible("[role=alert]")


@pytest.fixture
def other_site(site: str) -> Iterator[str]:
    """A page of another origin, with the script tag in it."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = f"""<!doctype html><title>云庭</title><h1>云庭花园</h1>
                <script src="{site}/portal/embed.js" data-kind="complaint"></script>"""
            self.send_response(200 if self.path == "/" else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode() if self.path == "/" else b"")

        def log_message(self, *words: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_form_stands_in_a_page_of_another_origin_as_high_as_it_is(
    page: Page, site: str, people: Cast, other_site: str, settings: Any
) -> None:
    settings.KEFU_EMBED_ORIGINS = [other_site]
    page.set_viewport_size(PHONE)
    page.goto(other_site)
    frame = page.frame_locator("iframe")
    frame.locator("[name=body]").wait_for()
    page.wait_for_function("document.querySelector('iframe').offsetHeight !== 704")
    high = page.evaluate("document.querySelector('iframe').offsetHeight")
    inside = frame.locator(".portal.framed").evaluate("one => one.offsetHeight")
    assert abs(high - inside) <= 1

    fill_in(frame)
    frame.locator("button:has-text('提交')").click()

    frame.locator("text=已收到").wait_for()
    number = frame.locator("#number").inner_text()
    assert re.fullmatch(r"TS\d+-\d+", number)
    assert Case.objects.get().number == number
    page.wait_for_function(f"document.querySelector('iframe').offsetHeight < {high}")


def test_an_origin_that_is_not_configured_shows_no_form(
    browser: Browser, site: str, people: Cast, other_site: str, settings: Any
) -> None:
    settings.KEFU_EMBED_ORIGINS = ["https://elsewhere.example"]
    page = browser.new_page()

    with page.expect_console_message(lambda said: "frame-ancestors https://elsewhere.example" in said.text):
        page.goto(other_site)

    assert not page.frame_locator("iframe").locator("[name=body]").is_visible()
    page.close()


def test_an_open_page_says_what_is_new_and_keeps_what_was_typed(page: Page, site: str, people: Cast) -> None:
    page.set_viewport_size(PHONE)
    page.set_default_timeout(30_000)
    page.goto(f"{site}/portal/new/service_centre/complaint/")
    fill_in(page)
    page.get_by_role("button", name="提交").click()
    page.get_by_role("link", name="查看进度").click()
    page.wait_for_url("**/portal/requests/**")
    case = Case.objects.get()
    page.locator("[name=body]").fill("我还想补充")
    assert page.locator("[data-asks] button").is_hidden()

    at = timezone.now()
    cases.add_message(case, by=people.agent, at=at, body="已通知电工，今晚修好。", public=True)
    cases.move(case, "accepted", by=people.agent, at=at, values=ACCEPTED)
    shown = page.get_by_role("button", name="有新进展，点击查看")
    shown.wait_for()
    assert page.title().startswith("●")
    assert worst(page) == []
    shown.click()

    page.get_by_text("已通知电工，今晚修好。").wait_for()
    assert "已受理" in page.locator("#progress [aria-current=step]").inner_text()
    assert page.locator("[name=body]").input_value() == "我还想补充"
    assert page.locator("#happened > .fresh").count() >= 1
    assert page.locator("[data-asks] button").is_hidden()
    assert not page.title().startswith("●")
    assert fits(page)
