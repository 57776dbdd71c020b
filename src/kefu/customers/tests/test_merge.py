from __future__ import annotations

import pytest

from kefu.customers import actions, queries
from kefu.customers.models import Customer
from kefu.customers.tests.people import AT, known
from tests.cast import Cast, refuses

pytestmark = pytest.mark.db


def test_a_merge_moves_everything_and_both_numbers_stay_findable(cast: Cast) -> None:
    old, new = known(cast, note="旧"), known(cast, name="何 花", note="新", phone="13912345678")
    actions.add_contact(old, kind="phone", value="13912345678", by=cast.agent, at=AT)
    shared = actions.add_site(cast.service_centre, community="云庭", by=cast.agent, at=AT)
    other = actions.add_site(cast.service_centre, community="云庭", room="2", by=cast.agent, at=AT)
    for customer, site in ((old, shared), (new, shared), (old, other)):
        actions.move_in(customer, site=site, role="owner", by=cast.agent, at=AT)

    actions.merge(old, into=new, by=cast.agent, at=AT)

    new.refresh_from_db()
    assert {point.value for point in new.contact_points.all()} == {"+8613812345678", "+8613912345678"}
    assert set(new.occupancies.filter(until=None).values_list("site", flat=True)) == {shared.pk, other.pk}
    assert new.note == "新\n旧"
    assert queries.find_customers(cast.agent, old.number, at=AT) == [new]
    assert queries.all_numbers(new) == [new.pk, old.pk]
    with refuses("customer.merged"):
        actions.add_contact(old, kind="wechat", value="x", by=cast.agent, at=AT)
    with refuses("customer.merged"):
        actions.merge(new, into=old, by=cast.agent, at=AT)


def test_nobody_is_merged_with_themselves_or_across_archives(cast: Cast) -> None:
    customer = known(cast)
    foreign = actions.add_customer(cast.sales, kind="natural", name="何花", by=cast.stranger, at=AT)

    with refuses("merge.same"):
        actions.merge(customer, into=customer, by=cast.agent, at=AT)
    with refuses("merge.departments"):
        actions.merge(customer, into=foreign, by=cast.owner, at=AT)
    for pair in ((customer, foreign), (foreign, customer)):
        with refuses("customer.unknown"):
            actions.merge(pair[0], into=pair[1], by=cast.agent, at=AT)
    assert not Customer.objects.exclude(merged_into=None).exists()


def test_what_hangs_on_a_customer_follows_in_the_same_transaction(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed: list[tuple[Customer, Customer]] = []
    monkeypatch.setattr(actions, "_followers", [lambda old, new: followed.append((old, new))])
    old, new = known(cast), known(cast, phone="13912345678")

    actions.merge(old, into=new, by=cast.agent, at=AT)

    assert followed == [(old, new)]
