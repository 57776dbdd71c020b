"""What a browser transfers for the pages of a running demonstration: a first visit, and the pages after it.

    .venv/bin/python benchmarks/pages.py http://127.0.0.1:8000 [LOGIN]

Counts bytes on the wire (headers included) as Chromium reports them, in one profile that begins empty.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

from tools import browser as chromium

PASSWORD = "guihua-2026"  # noqa: S105  (of everybody in the demonstration)
PAGES = ("/", "/cases/?list=department", "/customers/", "/cases/register/", "/search/?q=电梯", "/notices/")


@contextmanager
def transferred(page: Page) -> Iterator[list[float]]:
    """The bytes of what finishes loading while the block runs."""
    chrome = page.context.new_cdp_session(page)
    chrome.send("Network.enable")
    sizes: list[float] = []
    chrome.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    yield sizes
    page.wait_for_timeout(1500)
    chrome.detach()


def main() -> None:
    site, login = sys.argv[1], (sys.argv[2:] or ["chenjing"])[0]
    parts = chromium.provide()
    os.environ.update(parts)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=parts["KEFU_CHROMIUM"], args=chromium.LAUNCH)
        page = browser.new_page()
        with transferred(page) as sizes:
            page.goto(f"{site}/sign-in/")
        print(f"first visit, signing in: {sum(sizes) / 1000:.1f} kB in {len(sizes)} answers")
        with transferred(page) as sizes:
            page.fill("[name=login]", login)
            page.fill("[name=password]", PASSWORD)
            page.press("[name=password]", "Enter")
            page.wait_for_url(f"{site}/")
        print(f"and my day: {sum(sizes) / 1000:.1f} kB")
        for address in PAGES:
            with transferred(page) as sizes:
                page.goto(site + address)
            print(f"{address}: {sum(sizes) / 1000:.1f} kB")
        page.goto(f"{site}/cases/?list=department")
        with transferred(page) as sizes:
            page.locator("[data-row]").first.click()
            page.wait_for_selector("#work .case-main")
        print(f"a case opened from the list: {sum(sizes) / 1000:.1f} kB")
        with transferred(page) as sizes:
            page.reload()
        print(f"the same case as a page: {sum(sizes) / 1000:.1f} kB")


if __name__ == "__main__":
    main()
