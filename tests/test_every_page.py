"""Every page that links lead to: readable by everybody, fits its screen, and safe to write into."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.utils import timezone

from kefu.cases.phrases import keep_phrase
from kefu.cases.tests.desk import complaint, desk_of, repair
from kefu.customers import actions as customers
from kefu.home.wall import make_wall
from tests.cast import Cast, make_cast
from tests.composing import assert_composes_safely
from tools.look import CUT, SIDEWAYS, walk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.long]

WRITTEN = """() => [...document.querySelectorAll('textarea, input')]
  .filter(one => (one.tagName === 'TEXTAREA' || /^(text|search|tel|email|url)$/.test(one.type)) && one.checkVisibility()
    && !one.disabled && !one.readOnly)
  .map((one, at) => { one.setAttribute('data-tried', at); return at; })"""


@pytest.fixture
def desk(site: str, page: Page) -> Page:
    """The page of the owner, who sees all there is."""
    cast: Cast = make_cast()
    at = timezone.now()
    customer = customers.add_customer(
        cast.service_centre,
        kind="natural",
        name="王芳",
        contacts=[("phone", "13812345678")],
        by=cast.agent,
        at=at,
    )
    repair(cast, customer=customer)
    complaint(cast)
    keep_phrase("致歉", "给您添麻烦了", by=cast.owner, at=at)
    end = at + timedelta(days=1)
    make_wall(name="大厅", department=cast.service_centre, expires_at=end, by=cast.owner, at=at)
    key = desk_of(cast.owner).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])
    page.emulate_media(reduced_motion="reduce")
    return page


def test_every_page_can_be_read_by_everybody_in_both_themes(desk: Page, site: str) -> None:
    wrong, seen = [], set()
    for address in walk(desk, site):
        seen.add(address)
        for scheme in ("light", "dark"):
            desk.emulate_media(color_scheme=scheme)
            wrong += [
                f"{address} {scheme} {one['id']}: {node['html'][:140]}"
                for one in Axe().run(desk).response["violations"]
                if one["impact"] in ("serious", "critical")
                for node in one["nodes"]
            ]
    assert wrong == []
    assert {"/", "/team/", "/walls/"} <= seen  # those that few have


def test_no_page_scrolls_sideways_or_cuts_a_label(desk: Page, site: str) -> None:
    wrong = []
    for address in list(walk(desk, site)):
        for language in ("zh-hans", "en"):
            _speak(desk, site, language)
            desk.goto(f"{site}{address}")
            for width in (1440, 390):
                desk.set_viewport_size({"width": width, "height": 900})
                if desk.evaluate(SIDEWAYS) > 0:
                    wrong.append(f"{address} {language} {width}: scrolls sideways")
                wrong += [f"{address} {language} {width}: cuts {label}" for label in desk.evaluate(CUT)]
    assert wrong == []


def test_an_input_method_sends_nothing_from_any_field(desk: Page, site: str) -> None:
    tried = 0
    for address in list(walk(desk, site)):
        desk.goto(f"{site}{address}")
        for details in desk.locator("main details").all():
            details.evaluate("(one) => one.open = true")
        for place in desk.evaluate(WRITTEN):
            assert_composes_safely(desk, f"[data-tried='{place}']")
            tried += 1
    assert tried > 20


def _speak(page: Page, site: str, language: str) -> None:
    token = page.locator('meta[name="csrf-token"]').get_attribute("content") or ""
    page.request.post(
        f"{site}/account/language/",
        form={"language": language},
        headers={"X-CSRFToken": token, "Referer": site},
    )
