"""The archive on a screen and on a phone: a customer in full, the list, the allocation, the end of the service."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from kefu.core.ledger.actions import SYSTEM
from kefu.customers import archive
from kefu.customers.actions import add_customer
from kefu.customers.allotting import allot
from kefu.customers.tests.general import General, general
from kefu.documents import actions as documents
from kefu.staff.models import Person
from tests.browsing import let_in, too_wide, worst
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.db]
PICTURES = os.environ.get("PICTURES", "")  # a folder: what the pages look like is kept there


@pytest.fixture
def here(people: Cast) -> General:
    made = general(people)
    at = timezone.now() - timedelta(hours=2)
    names = (
        "青禾商贸有限公司",
        "何花",
        "王小明",
        "欧阳修远",
        "李强盛",
        "陈星",
        "郑州北辰机电设备有限公司",
        "钱多多",
    )
    customers = [
        add_customer(
            made.department,
            kind="legal" if "公司" in name else "natural",
            name=name,
            contacts=[("phone", f"1381234567{place}")],
            grade=("key", "ordinary", "")[place % 3],
            region=("华北", "华东", "")[place % 3],
            by=SYSTEM,
            at=at,
        )
        for place, name in enumerate(names)
    ]
    archive.change(customers[2], {"standing": "dangerous"}, by=SYSTEM, at=at)
    rest = {customers[0].pk: made.one.pk, customers[1].pk: made.two.pk, customers[3].pk: made.one.pk}
    allot(rest, department=made.department, abilities={}, by=made.supervisor, at=at)
    values = {"credit": "aa", "credit_limit": "80000", "standing": "excellent"}
    archive.change(customers[0], values, by=SYSTEM, at=at)
    card = {
        "customer": customers[0].ref,
        "card_type": "gold",
        "card_no": "8801",
        "expires_on": "2027-03-01T00:00",
    }
    documents.begin("member_card", department=made.department, by=made.one, at=at, values=card)
    archive.cancel(customers[7], by=SYSTEM, at=at)
    return made


def look_at(page: Page, address: str, name: str) -> None:
    """On a screen and on a phone: nothing sticks out, nothing is hard to perceive; a picture of each, if asked for."""
    for width, height in ((1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(address)
        page.wait_for_load_state("networkidle")
        if PICTURES:
            page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}.png"), full_page=True)
        assert too_wide(page) <= 0, (name, width)
        assert worst(page) == [], (name, width)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_archive_fits_every_screen(page: Page, site: str, here: General, language: str) -> None:
    Person.objects.filter(pk__in=[one.pk for one in here.people.values()]).update(language=language)
    let_in(page.context, here.supervisor, site)
    for name, path in {
        "list": "",
        "list-mine": "?standing=cancelled",
        "show": "KH000001/",
        "change": "KH000001/change/",
        "end": "KH000001/end/",
        "cancelled": "KH000008/",
        "allocate": f"allocate/?ability_{here.one.pk}=2",
        "papers": "KH000001/dealings/?list=papers",
    }.items():
        look_at(page, f"{site}/customers/{path}", f"{language}-{name}")


def test_a_supervisor_gives_customers_out(page: Page, site: str, here: General) -> None:
    let_in(page.context, here.supervisor, site)
    page.goto(f"{site}/customers/")
    page.get_by_role("link", name="分配", exact=True).click()
    page.get_by_role("textbox", name="能力").nth(2).fill("0")
    page.get_by_role("button", name="重新拟定").click()
    page.get_by_label("王小明").select_option("")
    page.get_by_role("button", name="按此分配").click()

    expect(page.get_by_text("已分配 3 位客户。")).to_be_visible()
    expect(page.get_by_role("link", name="王小明")).to_be_visible()
    expect(page.get_by_role("link", name="陈星")).to_have_count(0)
