"""Registering while on the phone: the caller is found or made, nothing is typed twice, nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from kefu.cases.models import Case
from kefu.cases.tests.desk import desk_of, household, page_of, repair, token_in
from kefu.customers import actions as customers
from kefu.customers.models import Customer
from tests.cast import Cast

pytestmark = [pytest.mark.db, pytest.mark.django_db]
CALL = {
    "kind": "repair",
    "caller": "13812345678",
    "subject": "厨房漏水",
    "body": "水槽下面一直滴水",
    "channel": "telephone",
}


def post(cast: Cast, **more: str) -> Any:
    return desk_of(cast.agent).post("/cases/register/", CALL | more)


def test_the_caller_is_found_by_phone_masked_with_places_and_earlier_cases(cast: Cast) -> None:
    customer, site = household(cast)
    earlier = repair(cast, customer=customer, site=site, subject="上月的漏水")

    page = page_of(desk_of(cast.agent).get("/cases/register/customers/?phone=138-1234-5678"))

    assert "王芳" in page
    assert "138****5678" in page
    assert "13812345678" not in page
    assert "云庭花园 3号楼 0301" in page
    assert earlier.number in page
    other = page_of(desk_of(cast.stranger).get("/cases/register/customers/?phone=13812345678"))
    assert "王芳" not in other


def test_what_the_archive_knows_is_not_typed_again(cast: Cast) -> None:
    customer, site = household(cast)

    answer = post(cast, customer=str(customer.pk), site=str(site.pk))

    case = Case.objects.get()
    assert answer["Location"] == f"/cases/{case.number}/"
    assert (case.customer, case.site, case.channel) == (customer, site, "telephone")
    assert (case.values["surname"], case.values["house_number"]) == ("王芳", "3号楼 0301")
    assert case.values["content"] == "水槽下面一直滴水"


def test_a_caller_found_by_name_is_reached_by_the_number_on_record(cast: Cast) -> None:
    customer, _site = household(cast)

    post(cast, caller="王芳", customer=str(customer.pk))

    assert Case.objects.get().values["telephone"] == "138 1234 5678"


def test_a_new_caller_is_made_in_the_same_step_and_not_when_the_case_is_refused(cast: Cast) -> None:
    refused = post(cast, customer="new", name="李小龙", subject=" ")
    assert refused.status_code == 422
    assert "line.missing" in page_of(refused)
    assert 'value="李小龙"' in page_of(refused)
    assert not Customer.objects.exists()

    post(cast, customer="new", name="李小龙")

    assert Case.objects.get().customer == Customer.objects.get(name="李小龙")


def test_a_phone_with_letters_is_refused_and_all_stays_as_typed(cast: Cast) -> None:
    answer = post(cast, customer="new", name="李小龙", caller="1381234abcd")

    page = page_of(answer)
    assert answer.status_code == 422
    assert "phone.letters" in page
    for typed in ("1381234abcd", "李小龙", "厨房漏水", "水槽下面一直滴水"):
        assert typed in page
    assert not Case.objects.exists()


def test_the_same_form_sent_twice_registers_one_case(cast: Cast) -> None:
    desk = desk_of(cast.agent)
    form = CALL | {"token": token_in(page_of(desk.get("/cases/register/"))), "new.surname": "王"}

    first, second = desk.post("/cases/register/", form), desk.post("/cases/register/", form)

    assert first["Location"] == second["Location"] == f"/cases/{Case.objects.get().number}/"


def test_a_required_answer_that_is_missing_is_named_at_its_field(cast: Cast) -> None:
    answer = post(cast, caller="")

    page = page_of(answer)
    assert answer.status_code == 422
    assert "form.missing" in page
    assert "请填写此项" in page


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"customer": "999999"}, "customer.unknown"),
        ({"customer": "1 OR 1=1"}, "customer.unknown"),
        ({"site": "999999"}, "site.unknown"),
        ({"site": "../1"}, "site.unknown"),
        ({"kind": "salary"}, "work.unknown_kind"),
        ({"kind": "repair_call"}, "work.unknown_kind"),
        ({"subject": "长" * 350_000}, "line.too_long"),
    ],
)
def test_what_cannot_be_is_refused_with_its_code(cast: Cast, given: dict[str, str], code: str) -> None:
    answer = post(cast, **{"new.surname": "王", **given})

    assert answer.status_code == 422
    assert code in page_of(answer)
    assert not Case.objects.exists()


def test_a_customer_of_another_department_is_unknown(cast: Cast) -> None:
    foreign = customers.add_customer(
        cast.sales, kind="natural", name="外部客户", by=cast.stranger, at=timezone.now()
    )

    answer = post(cast, customer=str(foreign.pk))

    assert "customer.unknown" in page_of(answer)
    assert "外部客户" not in page_of(answer)


def test_a_rare_character_in_a_name_is_kept(cast: Cast) -> None:
    post(cast, customer="new", name="𠮷野𰻞", subject="𠮷祥里水管爆裂😀")

    case = Case.objects.get()
    assert (case.customer.name, case.subject) == ("𠮷野𰻞", "𠮷祥里水管爆裂😀")
    assert "𠮷祥里水管爆裂😀" in page_of(desk_of(cast.agent).get(f"/cases/{case.number}/"))


def test_choosing_a_kind_brings_its_questions_alone(cast: Cast) -> None:
    desk = desk_of(cast.agent)

    part = page_of(
        desk.get(
            "/cases/register/?kind=complaint", headers={"HX-Request": "true", "HX-Target": "kind-fields"}
        )
    )

    assert "投诉层级" in part
    assert "<html" not in part


def test_only_kinds_that_the_rulebook_gives_to_ones_post_are_offered(cast: Cast) -> None:
    page = page_of(desk_of(cast.manager).get("/cases/register/"))
    assert 'value="complaint"' in page
    assert 'value="hotline_call"' not in page

    answer = desk_of(cast.manager).post(
        "/cases/register/", CALL | {"kind": "hotline_call", "new.surname": "王"}
    )

    assert "work.opener" in page_of(answer)
