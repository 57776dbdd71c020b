"""Sheets of staff, rooms and customers, through the same actions as the pages."""

from __future__ import annotations

import io

import pytest

from kefu.core.ledger.models import Event
from kefu.customers.actions import add_site
from kefu.customers.imports import import_customers, import_rooms
from kefu.customers.models import Customer, Occupancy, Site
from kefu.customers.tests.people import AT
from tests.cast import Cast

pytestmark = pytest.mark.db

CUSTOMERS = """客户名称,类别,电话,备用电话,小区,楼栋,房号,关系
何花,个人,138 1234 5678,0571-88886666,云庭,3,1201,业主
何叶,个人,１３８１２３４５６７８,,云庭,3,1201,租户
云庭业委会,单位,,,,,,
何花,,13812345678,,,,,
坏电话,,1380013800A,,,,,
坏类别,机器人,,,,,,
,个人,,,,,,
"""


def sheet(text: str, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO(text.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_customers_come_in_with_their_rooms(cast: Cast, encoding: str) -> None:
    outcome = import_customers(
        sheet(CUSTOMERS, encoding), cast.service_centre, dry=False, by=cast.agent, at=AT
    )

    assert outcome.carried == 3
    assert [(row.number, row.reason.code) for row in outcome.refused] == [
        (5, "customer.exists"),
        (6, "phone.letters"),
        (7, "sheet.cell_choice"),
        (8, "sheet.cell_missing"),
    ]
    assert Site.objects.count() == 1
    assert set(Occupancy.objects.values_list("customer__name", "role")) == {
        ("何花", "owner"),
        ("何叶", "tenant"),
    }


def test_a_dry_run_of_customers_changes_nothing(cast: Cast) -> None:
    events = Event.objects.count()

    outcome = import_customers(sheet(CUSTOMERS), cast.service_centre, dry=True, by=cast.agent, at=AT)

    assert (outcome.carried, len(outcome.refused)) == (3, 4)
    assert not Customer.objects.exists()
    assert Event.objects.count() == events


def test_a_second_import_of_the_same_sheet_adds_nobody(cast: Cast) -> None:
    rooms = "小区,楼栋,单元,房号\n云庭,1,1,101\n云庭,1,1,102\n"
    for carried, known in ((2, 0), (0, 2)):
        outcome = import_rooms(sheet(rooms), cast.service_centre, dry=False, by=cast.agent, at=AT)
        assert (outcome.carried, outcome.known, outcome.refused) == (carried, known, [])


def test_a_room_put_on_record_otherwise_is_refused(cast: Cast) -> None:
    add_site(cast.service_centre, community="云庭", building="1", room="101", by=cast.agent, at=AT)
    rooms = "小区,楼栋,单元,房号\n云庭,1,,101\n"

    outcome = import_rooms(sheet(rooms), cast.service_centre, dry=False, by=cast.agent, at=AT)

    assert [row.reason.code for row in outcome.refused] == ["site.exists"]


def test_the_archive_of_another_department_takes_no_rows(cast: Cast) -> None:
    outcome = import_customers(sheet(CUSTOMERS), cast.service_centre, dry=False, by=cast.stranger, at=AT)

    assert outcome.carried == 0
    assert {row.reason.code for row in outcome.refused} >= {"department.unknown"}
