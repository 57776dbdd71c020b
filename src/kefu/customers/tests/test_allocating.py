"""Customers go to whoever has the fewest for what they can carry, by the form of the rulebook."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from kefu.core.ledger.actions import SYSTEM
from kefu.customers import archive
from kefu.customers.allocating import Hand, propose
from kefu.customers.allotting import allot, departments_allotted_by, hands, specialists, without_specialist
from kefu.customers.models import Customer
from kefu.customers.ruled import allocation, in_force
from kefu.customers.tests.general import AT, LATER, General, follow, general
from kefu.documents.models import Document
from kefu.duties.models import Duty
from kefu.staff.actions import leave_company
from tests.cast import Cast, browse, refuses

ABILITIES = st.sampled_from([Decimal("0.5"), Decimal(1), Decimal(2)])
HANDS = st.lists(
    st.builds(
        Hand,
        st.integers(1, 10**6),
        st.integers(0, 50),
        ABILITIES,
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda hand: hand.person,
)


def test_the_one_with_the_fewest_is_next_and_of_equals_the_first():
    assert propose([7, 8, 9], [Hand(1, 2), Hand(2, 0), Hand(3, 1)]) == {7: 2, 8: 2, 9: 3}


def test_who_can_carry_twice_as_much_gets_twice_as_much():
    found = propose(range(9), [Hand(1, 0, Decimal(2)), Hand(2, 0)])
    assert Counter(found.values()) == {1: 6, 2: 3}


def test_nobody_gets_what_they_cannot_carry():
    assert set(propose(range(5), [Hand(1, 0, Decimal(0)), Hand(2, 40)]).values()) == {2}
    assert propose(range(5), [Hand(1, 0, Decimal(0))]) == {}
    assert propose(range(5), []) == {}


@given(HANDS, st.integers(0, 60))
def test_nobody_who_gets_one_would_have_had_less_elsewhere(people: list[Hand], count: int):
    gets = Counter(propose(range(count), people).values())
    assert gets.total() == count
    ratio = {one.person: Decimal(one.load + gets[one.person]) / one.ability for one in people}
    for hand in people:
        if gets[hand.person]:
            assert all(
                ratio[hand.person] <= (other.load + gets[other.person] + 1) / other.ability
                for other in people
            )


# --- given out -----------------------------------------------------------------------------------------------


@pytest.fixture
def here(cast: Cast) -> General:
    return general(cast)


def given_out(here: General, customers: dict[int, int], **abilities: str) -> list[Document]:
    said = {here.people[name].pk: Decimal(value) for name, value in abilities.items()}
    return allot(customers, department=here.department, abilities=said, by=here.supervisor, at=LATER)


@pytest.mark.db
def test_the_form_says_load_and_ability_and_the_first_contact_is_due_within_a_week(here: General) -> None:
    kept, first, second = (here.customer(name) for name in ("甲", "乙", "丙"))
    archive.change(kept, {"specialist": here.one}, by=here.clerk, at=AT)

    made = given_out(here, {first.pk: here.one.pk, second.pk: here.one.pk}, one="1.5")

    assert [(one.state, one.values["load"], one.values["ability"]) for one in made] == [
        ("assigned", 1, Decimal("1.5")),
        ("assigned", 2, Decimal("1.5")),
    ]
    assert made[0].values["customer"] == first.ref
    first.refresh_from_db()
    assert (first.specialist_id, first.specialist_since) == (here.one.pk, LATER)
    contact = Duty.objects.get(kind="first_contact", fields__customer={"$ref": ["customer", str(first.pk)]})
    assert (contact.owner_id, contact.due_at) == (here.one.pk, LATER + timedelta(days=7))
    follow()
    form = allocation(in_force(here.department, LATER))
    assert form
    people = specialists(here.department, form, LATER)
    assert {one.name for one in people} == {"丁一", "田二", "万三"}
    assert hands(here.department, people, form, {})[0] == Hand(here.one.pk, 3, Decimal("1.5")), (
        "it is remembered"
    )


@pytest.mark.db
def test_those_whose_specialist_left_wait_again_and_the_cancelled_and_merged_do_not(here: General) -> None:
    left, gone, waits = (here.customer(name) for name in ("甲", "乙", "丙"))
    archive.change(left, {"specialist": here.three}, by=here.clerk, at=AT)
    leave_company(here.three, by=SYSTEM, at=AT)
    archive.cancel(gone, by=SYSTEM, at=AT)

    assert list(without_specialist(here.department)) == [left, waits]


@pytest.mark.db
def test_what_somebody_else_gave_out_meanwhile_is_refused_and_none_is_given(here: General) -> None:
    first, second = here.customer("甲"), here.customer("乙")
    given_out(here, {second.pk: here.two.pk})

    with refuses("customer.taken"):
        given_out(here, {first.pk: here.one.pk, second.pk: here.one.pk})

    first.refresh_from_db()
    assert first.specialist_id is None
    assert Document.objects.count() == 1


@pytest.mark.db
def test_only_specialists_get_customers_and_only_the_supervisor_gives_them(cast: Cast, here: General) -> None:
    customer = here.customer()
    with refuses("customer.specialist"):
        given_out(here, {customer.pk: here.clerk.pk})
    with refuses("customer.unknown"):
        given_out(here, {10**9: here.one.pk})
    for person in (here.one, here.clerk, cast.agent):
        assert departments_allotted_by(person, LATER) == []
        with refuses("work.opener"):
            allot({customer.pk: here.one.pk}, department=here.department, abilities={}, by=person, at=LATER)
    assert departments_allotted_by(here.supervisor, LATER) == [here.department]


@pytest.mark.db
def test_the_page_proposes_and_gives_out_as_the_rows_say(here: General) -> None:
    customers = [here.customer(f"客户{n}") for n in range(4)]
    desk = browse(Client(), here.supervisor)

    page = desk.get("/customers/allocate/", {f"ability_{here.one.pk}": "0"}).content.decode()
    assert page.count(f'value="{here.one.pk}" selected') == 0
    assert page.count(f'value="{here.two.pk}" selected') == 2

    rows = {f"to_{one.pk}": "" for one in customers} | {f"to_{customers[0].pk}": here.three.pk, "to_x": "1"}
    answer = desk.post("/customers/allocate/", rows | {"department": here.department.pk})
    assert answer.status_code == 302
    assert [one.specialist_id for one in Customer.objects.order_by("pk")] == [here.three.pk, None, None, None]
    again = desk.post("/customers/allocate/", rows | {"department": here.department.pk})
    assert "customer.taken" in again.content.decode()


@pytest.mark.db
def test_nobody_else_opens_the_page(cast: Cast, here: General) -> None:
    for person in (here.one, here.clerk, cast.agent):
        assert browse(Client(), person).get("/customers/allocate/").status_code == 404
