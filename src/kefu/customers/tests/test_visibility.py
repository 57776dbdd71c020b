"""A customer of another department is unknown, in every question and in every action."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kefu.core.errors import Refused
from kefu.core.ledger.models import Event
from kefu.customers import actions, queries
from kefu.customers.models import Customer, Site
from kefu.customers.tests.people import AT, known
from kefu.staff.actions import leave_company
from kefu.staff.models import Person
from tests.cast import Cast

pytestmark = pytest.mark.db


def test_the_keeping_department_and_wider_scopes_see_a_customer(cast: Cast) -> None:
    customer = known(cast)

    seen_by = {
        name
        for name in Cast.__annotations__
        if isinstance(person := getattr(cast, name), Person)
        and customer in queries.customers_visible_to(person, AT)
    }

    assert seen_by == {"owner", "manager", "supervisor", "agent", "other_agent", "quality_manager"}


def test_whoever_left_sees_nobody(cast: Cast) -> None:
    known(cast)
    leave_company(cast.agent, by=cast.manager, at=AT)

    assert not queries.customers_visible_to(cast.agent, AT).exists()


CALLS: dict[str, Callable[[Customer, Site, Person], object]] = {
    "add_customer": lambda customer, site, by: actions.add_customer(
        customer.department, kind="natural", name="新", by=by, at=AT
    ),
    "change_customer": lambda customer, site, by: actions.change_customer(
        customer, name="x", id_number="", grade="", note="", by=by, at=AT
    ),
    "add_contact": lambda customer, site, by: actions.add_contact(
        customer, kind="wechat", value="x", by=by, at=AT
    ),
    "remove_contact": lambda customer, site, by: actions.remove_contact(
        customer.contact_points.get(), by=by, at=AT
    ),
    "add_site": lambda customer, site, by: actions.add_site(
        customer.department, community="新区", by=by, at=AT
    ),
    "move_in": lambda customer, site, by: actions.move_in(customer, site=site, role="tenant", by=by, at=AT),
    "move_out": lambda customer, site, by: actions.move_out(customer.occupancies.get(), by=by, at=AT),
    "merge": lambda customer, site, by: actions.merge(
        customer, into=Customer.objects.exclude(pk=customer.pk).get(), by=by, at=AT
    ),
    "reveal": lambda customer, site, by: actions.reveal(
        customer, f"contact:{customer.contact_points.get().pk}", reason="回访", by=by, at=AT
    ),
}
PUBLIC = sorted(set(actions.__all__) - {"follow_merge"})  # registers a function at start-up


def test_every_public_action_is_called_here() -> None:
    assert sorted(CALLS) == PUBLIC


@pytest.mark.parametrize("name", PUBLIC)
def test_the_action_writes_an_event_for_us_and_is_in_the_dark_for_others(cast: Cast, name: str) -> None:
    customer = known(cast)
    known(cast, name="何叶", phone="13912345678")
    site = actions.add_site(cast.service_centre, community="云庭", by=cast.agent, at=AT)
    actions.move_in(customer, site=site, role="owner", by=cast.agent, at=AT)
    events = Event.objects.count()

    for outsider in (cast.stranger, cast.worker, cast.auditor):
        with pytest.raises(Refused) as refused:
            CALLS[name](customer, site, outsider)
        assert refused.value.code.endswith(".unknown")
        assert refused.value.zh == "没有这条记录。"
    assert Event.objects.count() == events

    CALLS[name](customer, site, cast.quality_manager)  # company scope and the right to unmask
    assert Event.objects.count() > events


def test_a_customer_is_found_by_number_phone_mail_name_and_room(cast: Cast) -> None:
    customer = known(cast)
    actions.add_contact(customer, kind="mail", value="he@x.cn", by=cast.agent, at=AT)
    site = actions.add_site(
        cast.service_centre, community="云庭", building="3栋", room="1201", by=cast.agent, at=AT
    )
    actions.move_in(customer, site=site, role="owner", by=cast.agent, at=AT)
    known(cast, name="他人", phone="13912345678")

    for text in (
        customer.number,
        customer.number.lower(),
        "138 1234-5678",
        "HE@x.cn",
        "何",
        "花",
        "何花\x00",
        "云庭 1201",
        "3栋",
    ):
        assert queries.find_customers(cast.agent, text, at=AT) == [customer], text
        assert queries.find_customers(cast.stranger, text, at=AT) == [], text
    for text in (
        "",
        " ",
        "%",
        "_",
        "云庭 9999",
        "KH99999999999999999999",
        "x" * 10_000,
        "KH²",
        "\x00",
        "\ud800",
    ):
        assert queries.find_customers(cast.agent, text, at=AT) == [], text


def test_a_new_name_and_a_left_place_change_what_finds_a_customer(cast: Cast) -> None:
    customer = known(cast)
    site = actions.add_site(cast.service_centre, community="云庭", room="1201", by=cast.agent, at=AT)
    occupancy = actions.move_in(customer, site=site, role="owner", by=cast.agent, at=AT)

    actions.change_customer(customer, name="何其", id_number="", grade="", note="", by=cast.agent, at=AT)
    assert queries.find_customers(cast.agent, "何其 云庭", at=AT) == [customer]
    assert queries.find_customers(cast.agent, "何花", at=AT) == []

    actions.move_out(occupancy, by=cast.agent, at=AT)
    assert queries.find_customers(cast.agent, "云庭", at=AT) == []
