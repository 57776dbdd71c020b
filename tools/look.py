"""Shoots every page of a running demonstration, to be looked at by people.

    .venv/bin/python -m tools.look http://127.0.0.1:8000 FOLDER [LOGIN …] [--wide] [--light] [--zh]

Signs in as each person, follows links, opens one page of each shape (all numbers are alike), and shoots it
1440 and 390 pixels wide, in Chinese and English, light and dark. What a machine can see (a page that scrolls
sideways, a cut label, Chinese left in English furniture, a fault) is listed.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from tools import browser as chromium
from tools.environment import say

PASSWORD = "guihua-2026"  # noqa: S105  (of everybody in the demonstration)
PEOPLE = ("wangfang", "zhaomin", "chenjing", "hetao", "guogang", "hanmei")
WIDTHS = {"wide": (1440, 900), "phone": (390, 844)}
SKIPPED = re.compile(
    r"/(static|events|api|files)/|sign.?out|/print/|/sheet|template|\.\w{2,4}$|^/sign-in|export"
)
HARVEST = "links => [...new Set(links.map(link => link.pathname + link.search))]"
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT = """() => [...document.querySelectorAll('button, .btn, label, th, .badge, .tab, nav a, h1, h2, legend')]
  .filter(one => one.offsetParent && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1
    && getComputedStyle(one).overflow !== 'visible' && !one.classList.contains('sr-only'))
  .map(one => one.textContent.trim().slice(0, 40))"""
FURNITURE = """() => [...document.querySelectorAll('button, .btn, label, th, nav a, h1, h2, legend, .hint')]
  .filter(one => one.offsetParent)
  .map(one => one.innerText.trim().replace(/\\s+/g, ' '))
  .filter(text => /[\\u4e00-\\u9fff]/.test(text))"""


def shape(address: str) -> str:
    """Addresses that differ in a number, a code or a filter show the same page."""
    path, _, query = address.partition("?")
    path = re.sub(r"/[A-Z]{1,4}\d[\w-]*|/\d+", "/N", path)
    return path + ("?" + re.sub(r"=[^&]*", "", query) if query else "")


def walk(page: Page, site: str) -> Iterator[str]:
    """One address of each shape that links lead to, from the first page on."""
    waiting, seen = ["/"], {"/"}
    while waiting:
        address = waiting.pop(0)
        page.goto(site + address)
        for found in page.eval_on_selector_all("a[href^='/'], a[href^='?']", HARVEST):
            if not SKIPPED.search(found) and shape(found) not in seen and urlsplit(found).netloc == "":
                seen.add(shape(found))
                waiting.append(found)
        yield address


def look(opened: Browser, site: str, folder: Path, login: str, variants: list[tuple[str, str, str]]) -> None:
    context = opened.new_context(base_url=site)
    page = context.new_page()
    page.goto(f"{site}/sign-in/")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_selector("#main")
    addresses = list(walk(page, site))
    token = page.locator('meta[name="csrf-token"]').get_attribute("content") or ""
    for width, theme, language in variants:
        posted = {"X-CSRFToken": token, "Referer": site}
        context.request.post(site + "/theme/", form={"theme": theme}, headers=posted)
        context.request.post(site + "/account/language/", form={"language": language}, headers=posted)
        page.set_viewport_size({"width": WIDTHS[width][0], "height": WIDTHS[width][1]})
        for address in addresses:
            answer = page.goto(site + address)
            name = re.sub(r"[^\w]+", "_", address).strip("_") or "day"
            place = folder / f"{login}-{width}-{theme}-{language}"
            place.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=place / f"{name[:80]}.png", full_page=True)
            wrong = [f"status {answer.status}"] if answer and answer.status != 200 else []
            wrong += [
                f"{over} pixels wider than the screen" for over in [page.evaluate(SIDEWAYS)] if over > 0
            ]
            wrong += [f"cut: {text}" for text in page.evaluate(CUT)]
            if (width, language) == ("wide", "en"):
                wrong += [f"Chinese: {text[:60]}" for text in page.evaluate(FURNITURE)]
            for one in wrong:
                say(f"{login} {width} {theme} {language} {address}: {one}")
    say(f"{login}: {len(addresses)} pages")
    context.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="tools.look")
    parser.add_argument("site")
    parser.add_argument("folder", type=Path)
    parser.add_argument("people", nargs="*", default=PEOPLE)
    parser.add_argument("--wide", action="store_true", help="no phone")
    parser.add_argument("--light", action="store_true", help="no dark theme")
    parser.add_argument("--zh", action="store_true", help="no English")
    given = parser.parse_args()
    variants = [
        (width, theme, language)
        for language in (["zh-hans"] if given.zh else ["zh-hans", "en"])
        for theme in (["light"] if given.light else ["light", "dark"])
        for width in (["wide"] if given.wide else list(WIDTHS))
    ]
    parts = chromium.provide()
    os.environ.update(parts)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=parts["KEFU_CHROMIUM"], args=chromium.LAUNCH)
        for login in given.people:
            look(opened, given.site, given.folder, login, variants)


if __name__ == "__main__":
    main()
