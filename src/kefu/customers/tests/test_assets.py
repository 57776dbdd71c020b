"""Devices: whose they are, where they stand, how long under warranty, and the case that is about one."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from kefu.api.tests.calling import REPAIR, Program
from kefu.cases.models import Case
from kefu.cases.tests.desk import desk_of, household, page_of, repair
from kefu.core.ledger.models import Event
from kefu.core.search import verify
from kefu.customers import actions
from kefu.customers.assets import add_asset, assets_of, retire
from kefu.customers.imports import import_assets
from kefu.customers.models import Asset, Customer, Site
from kefu.customers.queries import find_customers
from tests.cast import Cast, refuses

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def device(cast: Cast, number: str, name: str = "热水器", **more: Any) -> Asset:
    given: dict[str, Any] = {"by": cast.agent, "at": timezone.now()} | more
    return add_asset(cast.service_centre, number=number, name=name, **given)


def place(cast: Cast, building: str, room: str = "") -> Site:
    at = timezone.now()
    return actions.add_site(
        cast.service_centre, community="云庭花园", building=building, room=room, by=cast.agent, at=at
    )


def test_a_customer_has_their_own_devices_and_those_of_the_building_they_live_in(cast: Cast) -> None:
    customer, home = household(cast)  # 3号楼 0301
    neighbour = actions.add_customer(
        cast.service_centre, kind="natural", name="李雷", by=cast.agent, at=timezone.now()
    )
    own, meter = device(cast, "SN-778", customer=customer), device(cast, "B-0301", "水表", site=home)
    lift = device(cast, "DT-3", "电梯", site=place(cast, "3号楼"))
    for number, more in (
        ("DT-4", {"site": place(cast, "4号楼")}),
        ("B-0302", {"site": place(cast, "3号楼", "0302")}),
        ("SN-1", {"customer": neighbour, "site": home}),
    ):
        device(cast, number, **more)
    old = device(cast, "SN-old", customer=customer)

    retire(old, by=cast.agent, at=timezone.now())

    assert set(assets_of([customer.pk], timezone.now())) == {own, meter, lift}
    with refuses("asset.retired"):
        retire(old, by=cast.agent, at=timezone.now())
    assert [event.kind for event in Event.objects.filter(subject_kind="asset", subject_id=str(old.pk))] == [
        "asset.added",
        "asset.retired",
    ]


def test_what_cannot_be_put_on_record_is_refused(cast: Cast) -> None:
    customer, _ = household(cast)
    device(cast, "SN-778", customer=customer)

    for code, more in (
        ("asset.exists", {"number": " SN-778 ", "customer": customer}),
        ("asset.nowhere", {"number": "SN-2"}),
        ("line.missing", {"number": " ", "customer": customer}),
        ("department.unknown", {"number": "SN-3", "customer": customer, "by": cast.stranger}),
    ):
        with refuses(code):
            device(cast, **more)
    with refuses("asset.unknown"):
        retire(Asset.objects.get(), by=cast.stranger, at=timezone.now())


def test_a_customer_is_found_by_the_number_on_their_device_and_keeps_it_when_merged(cast: Cast) -> None:
    customer, _ = household(cast)
    at = timezone.now()
    other = actions.add_customer(cast.service_centre, kind="natural", name="王芳芳", by=cast.agent, at=at)
    device(cast, "SN-778", customer=customer)
    assert find_customers(cast.agent, "SN-778", at=at) == [customer]
    assert find_customers(cast.stranger, "SN-778", at=at) == []

    actions.merge(customer, into=other, by=cast.agent, at=at)
    assert find_customers(cast.agent, "SN-778", at=at) == [other]
    retire(other.assets.get(), by=cast.agent, at=at)

    assert find_customers(cast.agent, "SN-778", at=at) == []
    assert list(verify.differences()) == []


def test_devices_come_in_from_a_sheet_and_rows_that_cannot_come_back(cast: Cast) -> None:
    customer, _ = household(cast)
    rows = (
        "设备编号,设备名称,客户编号,小区,楼栋,保修至",
        f"SN-778,热水器,{customer.number},,,2027-05-31",
        "DT-3,电梯,,云庭花园,3号楼,",
        "SN-9,空调,KH999999,,,",
        f"SN-10,空调,{customer.number},,,明年",
        "SN-11,空调,,,,",
    )

    done = import_assets(
        io.BytesIO("\n".join(rows).encode()), cast.service_centre, dry=False, by=cast.agent, at=timezone.now()
    )

    assert [one.reason.code for one in done.refused] == ["customer.unknown", "sheet.day", "asset.nowhere"]
    assert Asset.objects.get(number="SN-778").warranty_until == date(2027, 5, 31)
    assert str(Asset.objects.get(number="DT-3").site) == "云庭花园 3号楼"


def test_whoever_calls_about_a_device_is_registered_with_it_and_the_case_says_its_warranty(
    cast: Cast,
) -> None:
    customer, home = household(cast)
    today = timezone.localdate()
    ours = device(cast, "SN-778", customer=customer, warranty_until=today)
    device(cast, "SN-5", "空调", customer=customer, warranty_until=today - timedelta(days=1))
    desk = desk_of(cast.agent)

    found = page_of(desk.get("/cases/register/customers/", {"phone": "sn-778"}))
    assert f'name="asset" value="{ours.pk}" checked' in found, "it was asked for by its number"
    sent = {"kind": "repair", "caller": "SN-778", "customer": customer.pk, "site": home.pk, "asset": ours.pk}
    answer = desk.post("/cases/register/", sent | {"subject": "热水器不热", "new.content": "不热"})
    assert answer.status_code == 302, page_of(answer)
    case = Case.objects.get()

    page = page_of(desk.get(f"/cases/{case.number}/"))
    assert "热水器" in page
    assert f"保修至 {today}" in page
    beside = page_of(desk.get(f"/cases/{case.number}/beside/", headers={"HX-Request": "true"}))
    assert "空调" in beside
    assert f"已过保（{today - timedelta(days=1)}）" in beside


def test_the_device_is_named_later_taken_off_and_never_one_of_another_archive(cast: Cast) -> None:
    customer, _ = household(cast)
    ours, case = device(cast, "SN-778", customer=customer), repair(cast, customer=customer)
    theirs = add_asset(
        cast.sales,
        number="SN-1",
        name="样机",
        customer=_customer_of_sales(cast),
        by=cast.stranger,
        at=timezone.now(),
    )
    desk, url = desk_of(cast.agent), f"/cases/{case.number}/asset/"

    for sent, kept in (({"asset": ours.pk}, ours.pk), ({"asset": theirs.pk}, ours.pk), ({}, None)):
        desk.post(url, sent)
        case.refresh_from_db()
        assert case.asset_id == kept
    assert "热水器 SN-778" in page_of(desk.get(f"/cases/{case.number}/")), "the story says which it was"
    assert Event.objects.filter(kind="case.asset_set").count() == 2
    assert page_of(desk.post(url, {"asset": theirs.pk})).count("asset.unknown")


def test_the_customers_page_adds_a_device_and_takes_it_out_of_service(cast: Cast) -> None:
    customer, home = household(cast)
    desk, url = desk_of(cast.agent), f"/customers/{customer.number}/"
    sent = {"number": "SN-778", "name": "热水器", "site": home.pk, "warranty_until": "2031-05-31"}

    assert desk.post(f"{url}assets/", sent).status_code == 302
    again = desk.post(f"{url}assets/", sent)
    page = page_of(desk.get(url))

    assert again.status_code == 422
    assert "asset.exists" in page_of(again)
    assert "保修至 2031-05-31" in page
    desk.post(f"{url}assets/{Asset.objects.get().pk}/retire/")
    assert "SN-778" not in page_of(desk.get(url))


def test_programs_put_devices_on_record_and_name_them_on_cases(cast: Cast) -> None:
    customer, home = household(cast)
    agent = Program(cast.agent)
    new = {"number": "SN-778", "name": "热水器", "customer": customer.number, "warranty_until": "2031-05-31"}

    made = agent.post("/assets", new | {"site": home.pk})
    assert made.status == 201, made.json
    assert agent.get(f"/customers/{customer.number}/assets").json == [made.json]
    case = agent.post("/cases", REPAIR | {"customer": customer.number, "asset": made.json["id"]}).json
    assert case["asset"] == made.json["id"]
    assert agent.post(f"/cases/{case['number']}/asset", {"asset": None}).json["asset"] is None
    assert agent.post(f"/assets/{made.json['id']}/retire", {}).json["retired_at"]
    assert agent.post(f"/cases/{case['number']}/asset", {"asset": made.json["id"]}).code == "asset.unknown"


def _customer_of_sales(cast: Cast) -> Customer:
    at = timezone.now()
    return actions.add_customer(cast.sales, kind="natural", name="赵敏", by=cast.stranger, at=at)
