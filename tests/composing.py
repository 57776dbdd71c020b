"""An input method at work in a text field: what people type Chinese with, and what must never send a form.

def test_…(page):
    assert_composes_safely(page, "[name=body]")
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request


@contextmanager
def composing(page: Page, selector: str, letters: str) -> Iterator[None]:
    """The field holds `letters` as an unfinished composition while the block runs; Chromium's own, not a fake."""
    page.focus(selector)
    chrome = page.context.new_cdp_session(page)
    size = len(letters)
    chrome.send("Input.imeSetComposition", {"text": letters, "selectionStart": size, "selectionEnd": size})
    try:
        yield
    finally:
        chrome.detach()


def assert_composes_safely(page: Page, selector: str, letters: str = "louyu") -> None:
    """Enter that ends a composition sends nothing: no form, no navigation, no request but what keeps the draft."""
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.is_navigation_request() or request.method == "POST":
            sent.append(f"{request.method} {request.url}")

    address = page.url
    page.on("request", note)
    with composing(page, selector, letters):
        page.keyboard.press("Enter")
        page.wait_for_timeout(150)
    page.remove_listener("request", note)
    sent = [one for one in sent if not one.endswith(("/drafts/", "/live/writing/"))]
    assert not sent, f"Enter in {selector} while composing sent {sent}"
    assert page.url == address
