"""A case that was registered without a customer gets one later."""

from __future__ import annotations

import pytest
from django.utils import timezone

from kefu.api.tests.calling import Program
from kefu.cases import actions
from kefu.cases.models import Case
from kefu.cases.tests.desk import desk_of, page_of, repair
from kefu.core.ledger.models import Event
from kefu.customers.actions import add_customer
from kefu.customers.models import Customer
from kefu.customers.tests.people import known
from tests.cast import Cast

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def url(case: Case, verb: str = "") -> str:
    return f"/cases/{case.number}/{verb}/" if verb else f"/cases/{case.number}/"


def test_who_works_on_it_finds_the_customer_by_phone_and_names_them(cast: Cast) -> None:
    customer, case, desk = known(cast), repair(cast), desk_of(cast.agent)

    found = page_of(desk.get(url(case), {"phone": "13812345678"}))
    assert customer.name in found
    answer = desk.post(url(case, "customer"), {"customer": str(customer.pk), "caller": "13812345678"})

    case.refresh_from_db()
    assert (answer.status_code, case.customer) == (302, customer)
    event = Event.objects.get(kind="case.customer_set")
    assert (event.subject_id, event.data, event.actor) == (
        str(case.pk),
        {"customer": customer.pk},
        cast.agent.actor_id,
    )
    page = page_of(desk.get(url(case)))
    assert f"/customers/{customer.number}/" in page
    assert "customer/" not in page.replace("/customers/", "")  # it has one: the form is gone


def test_somebody_new_is_made_in_place(cast: Cast) -> None:
    case, desk = repair(cast), desk_of(cast.agent)

    desk.post(url(case, "customer"), {"customer": "new", "caller": "13987654321", "name": "何叶"})

    case.refresh_from_db()
    assert case.customer is not None
    assert (case.customer.name, case.customer.contact_points.get().value) == ("何叶", "+8613987654321")


def test_nobody_is_made_for_who_may_not_name_them(cast: Cast) -> None:
    case = repair(cast)

    answer = desk_of(cast.manager).post(
        url(case, "customer"), {"customer": "new", "caller": "13987654321", "name": "何叶"}
    )

    assert "case.may_not" in page_of(answer)
    assert not Customer.objects.filter(name="何叶").exists()


def test_what_is_void_gets_no_customer(cast: Cast) -> None:
    customer, case = known(cast), repair(cast)
    actions.void(case, by=cast.agent, at=timezone.now(), reason="误登记")

    answer = desk_of(cast.agent).post(url(case, "customer"), {"customer": str(customer.pk)})

    assert "work.voided" in page_of(answer)
    case.refresh_from_db()
    assert case.customer is None


@pytest.mark.parametrize("chosen", ["", "999999", "abc", "-1"])
def test_a_customer_that_is_not_there_is_refused_and_the_search_stays(cast: Cast, chosen: str) -> None:
    case = repair(cast)

    answer = desk_of(cast.agent).post(url(case, "customer"), {"customer": chosen, "caller": "王小明"})

    page = page_of(answer)
    assert answer.status_code == 422
    assert "customer.none" in page or "customer.unknown" in page
    assert 'value="王小明"' in page


def test_a_customer_of_another_department_is_unknown(cast: Cast) -> None:
    case = repair(cast)
    foreign = add_customer(
        cast.sales, kind="natural", name="何叶", contacts=[], by=cast.stranger, at=timezone.now()
    )

    page = desk_of(cast.agent).post(url(case, "customer"), {"customer": str(foreign.pk)})
    program = Program(cast.agent).post(f"/cases/{case.number}/customer", {"customer": foreign.number})

    assert "customer.unknown" in page_of(page)
    assert (program.status, program.code) == (404, "customer.unknown")
    case.refresh_from_db()
    assert case.customer is None


def test_a_program_names_the_customer(cast: Cast) -> None:
    customer, case = known(cast), repair(cast)

    named = Program(cast.agent).post(f"/cases/{case.number}/customer", {"customer": customer.number})

    assert named.json["customer"] == customer.number


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("13900000001", "以此号码新建客户"),
        ("何叶", "以此姓名新建客户"),
        ("KH000001", ""),
        ("138", ""),
        ("3栋1201", ""),
        ("a@example.com", ""),
    ],
)
def test_only_a_phone_number_or_a_name_makes_somebody_new(cast: Cast, typed: str, offered: str) -> None:
    page = page_of(desk_of(cast.agent).get("/cases/register/customers/", {"phone": typed}))

    assert ('value="new"' in page) == bool(offered)
    assert offered in page
