"""What tests in a real browser share: somebody signed in, and what is judged on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from tests.cast import Cast, browse, make_cast

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from kefu.staff.models import Person


@pytest.fixture
def people(site: str) -> Cast:
    """The cast, on the site that the browser opens."""
    return make_cast()


def let_in(context: BrowserContext, person: Person, site: str) -> None:
    """Have the pages of the context signed in as somebody."""
    key = browse(Client(), person).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])


def worst(page: Page) -> list[str]:
    """What an accessibility check finds, without what is a matter of taste."""
    page.emulate_media(reduced_motion="reduce")  # a colour on its way is no colour to judge
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in Axe().run(page).response["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def too_wide(page: Page) -> int:
    """How far the page reaches beyond the screen, in pixels."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
