"""A leader gives cases out from the board, by keys and by dragging."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from kefu.cases.models import Case
from kefu.cases.tests.desk import desk_of, repair
from tests.cast import make_cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_a_case_is_given_by_keys_and_by_dragging(site: str, page: Page) -> None:
    cast = make_cast()
    first, second = repair(cast), repair(cast)
    key = desk_of(cast.supervisor).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site}])
    page.set_default_timeout(20_000)
    page.goto(f"{site}/team/")

    page.locator(f"input[value='{first.number}']").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("a")
    page.keyboard.type(cast.agent.name)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"text={first.number} 已交给{cast.agent.name}")

    row = page.locator(f"tr[data-case='{second.number}']").first
    row.drag_to(page.locator(f"[data-person='{cast.other_agent.login}']"))
    page.wait_for_selector(f"text={second.number} 已交给{cast.other_agent.name}")

    owners = dict(Case.objects.values_list("number", "owner"))
    assert owners == {first.number: cast.agent.pk, second.number: cast.other_agent.pk}
