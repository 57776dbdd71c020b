"""The first hour of an owner in a real browser: founding, the first colleague, the second factor."""

from __future__ import annotations

import pyotp
import pytest
from django.utils import timezone

from tests.cast import PASSWORD

pytestmark = pytest.mark.browser


def set_password(page):
    page.fill("[name=new]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.click("#main button.btn-primary")


def sign_in(page, site, login):
    page.goto(f"{site}/sign-in/")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")


def test_a_new_installation_is_founded_staffed_and_guarded_by_a_code(site, page, browser):
    page.goto(site, timeout=30_000)  # the first request of a server loads everything
    page.fill("[name=name]", "云庭物业")
    page.fill("[name=owner_name]", "王芳")
    page.fill("[name=owner_login]", "wangfang")
    page.click("#main button.btn-primary")
    set_password(page)
    sign_in(page, site, "wangfang")
    page.goto(f"{site}/staff/add/")
    page.fill("[name=name]", "陈静")
    page.fill("[name=login]", "chenjing")
    page.click("#main button.btn-primary")
    page.select_option("#post", label="客服主管")
    page.click("form:has(#post) button")
    page.click("form[action$='/link/'] button")
    link = page.locator("#main").inner_text().split("/link/")[1].split()[0]

    hers = browser.new_page(locale="zh-CN")  # another person, another window
    hers.goto(f"{site}/link/{link}")
    set_password(hers)
    sign_in(hers, site, "chenjing")
    hers.goto(f"{site}/account/second-factor/")
    totp = pyotp.TOTP(hers.locator(".secret").inner_text().replace(" ", ""))
    hers.fill("[name=code]", totp.at(timezone.now().timestamp() - 30))
    hers.press("[name=code]", "Enter")
    hers.wait_for_selector("text=动态口令已启用")
    hers.context.clear_cookies()
    sign_in(hers, site, "chenjing")
    hers.wait_for_selector("[name=code]")
    assert PASSWORD not in hers.content()
    hers.fill("[name=code]", totp.now())
    hers.press("[name=code]", "Enter")
    hers.wait_for_selector("h1:has-text('我的一天')")
    hers.close()
