from __future__ import annotations

from typing import Any

import pytest

from kefu.core.ledger.models import Event
from kefu.customers import actions, queries
from kefu.customers.models import ContactPoint, Customer, Site
from kefu.customers.tests.people import AT, known
from tests.cast import Cast, refuses

pytestmark = pytest.mark.db


def test_contact_points_are_kept_once_in_one_spelling(cast: Cast) -> None:
    customer = actions.add_customer(
        cast.service_centre,
        kind="natural",
        name="何花",
        contacts=[("phone", "138-1234-5678"), ("phone", "１３８１２３４５６７８"), ("mail", "He@X.cn")],
        by=cast.agent,
        at=AT,
    )

    assert [point.value for point in customer.contact_points.all()] == ["+8613812345678", "he@x.cn"]


def test_what_no_database_keeps_is_left_out(cast: Cast) -> None:
    customer = known(cast, name="何\x00花\ud800", note="一\x00\r\n二\udfff𠮷")

    customer.refresh_from_db()
    assert (customer.name, customer.note) == ("何花", "一\n二𠮷")


def test_names_and_numbers_stay_out_of_the_ledger(cast: Cast) -> None:
    customer = known(cast, name="何花", id_number="11010519491231002X", note="住院中")
    actions.change_customer(
        customer, name="何花花", id_number="", grade="", note="老客户", by=cast.agent, at=AT
    )
    actions.add_contact(customer, kind="wechat", value="hehua_88", note="晚上", by=cast.agent, at=AT)

    written = str(list(Event.objects.filter(subject_kind="customer").values()))
    assert "changed" in written  # premise: it is the ledger of these changes
    for secret in ("何花", "1381234", "11010519491231002", "住院", "hehua", "晚上"):
        assert secret not in written


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"kind": "robot"}, "customer.kind"),
        ({"name": " "}, "line.missing"),
        ({"name": "长" * 121}, "line.too_long"),
        ({"note": "x" * 1_000_000}, "line.too_long"),
        ({"id_number": "110105194912310021"}, "id_number.not_valid"),
        ({"contacts": [("phone", "1380013800A")]}, "phone.letters"),
        ({"contacts": [("fax", "1")]}, "contact.kind"),
        ({"contacts": [("mail", "x")]}, "mail.not_valid"),
    ],
)
def test_wrong_details_are_refused_and_leave_nothing(cast: Cast, changed: dict[str, Any], code: str) -> None:
    events = Event.objects.count()

    given: dict[str, Any] = {"kind": "natural", "name": "何花", "by": cast.agent, "at": AT}
    with refuses(code):
        actions.add_customer(cast.service_centre, **(given | changed))

    assert not Customer.objects.exists()
    assert not ContactPoint.objects.exists()
    assert Event.objects.count() == events


def test_the_same_name_with_the_same_phone_is_on_record_already(cast: Cast) -> None:
    known(cast)

    with refuses("customer.exists"):
        known(cast)
    known(cast, phone="13912345678")  # a namesake
    known(cast, name="何叶")  # one household, one phone


def test_places_and_who_lives_there(cast: Cast) -> None:
    customer = known(cast)
    place = {"community": "云庭", "building": "3", "unit": "2", "room": "1201"}
    site = actions.add_site(cast.service_centre, **place, by=cast.agent, at=AT)
    with refuses("site.exists"):
        actions.add_site(cast.service_centre, **place, by=cast.agent, at=AT)

    occupancy = actions.move_in(customer, site=site, role="owner", by=cast.agent, at=AT)
    with refuses("occupancy.exists"):
        actions.move_in(customer, site=site, role="owner", by=cast.agent, at=AT)
    with refuses("occupancy.role"):
        actions.move_in(customer, site=site, role="ghost", by=cast.agent, at=AT)
    assert [one.customer for one in queries.customers_at(site, AT)] == [customer]

    actions.move_out(occupancy, by=cast.agent, at=AT)
    assert not queries.customers_at(site, AT).exists()
    with refuses("occupancy.ended"):
        actions.move_out(occupancy, by=cast.agent, at=AT)


def test_the_same_place_may_be_kept_by_two_departments(cast: Cast) -> None:
    for department, person in ((cast.service_centre, cast.agent), (cast.sales, cast.stranger)):
        actions.add_site(department, community="云庭", by=person, at=AT)

    assert [site.department for site in queries.sites_visible_to(cast.stranger, AT)] == [cast.sales]
    assert Site.objects.count() == 2


def test_contact_points_are_removed_and_known_ones_refused(cast: Cast) -> None:
    customer = known(cast)
    with refuses("contact.known"):
        actions.add_contact(customer, kind="phone", value="+86 138 1234 5678", by=cast.agent, at=AT)

    actions.remove_contact(customer.contact_points.get(), by=cast.agent, at=AT)

    assert not customer.contact_points.exists()
