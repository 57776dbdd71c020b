"""Coming in by a code, by number and phone, by a link: each opens what is one's own and nothing of a neighbour."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.utils import timezone

from kefu.cases import actions as cases
from kefu.cases.models import Case
from kefu.cases.tests.desk import SLIP, page_of
from kefu.core.jobs.models import Job
from kefu.customers import actions as customers
from kefu.portal import entering, links
from kefu.portal.models import Code, Visit
from kefu.portal.tests.street import (
    OTHER_PHONE,
    PHONE,
    WRITTEN,
    code_in,
    delivered,
    open_as,
    sent_in,
    work_off,
)
from tests.cast import Cast, browse, refuses

pytestmark = pytest.mark.db
__all__ = ["delivered"]
VERBS = {
    "reply": {"body": "偷看"},
    "move": {"move": "reopened"},
    "urge": {},
    "rating": {"marks": "1"},
}


@pytest.fixture
def mine(cast: Cast) -> Case:
    return sent_in(Client(), timezone.now(), mail="wang@example.com")


@pytest.fixture
def neighbours(cast: Cast) -> Case:
    return sent_in(Client(), timezone.now(), phone=OTHER_PHONE, name="赵小明", mail="zhao@example.com")


def signed_in(client: Client, contact: str, capsys: Any) -> Client:
    answer = client.post("/portal/sign-in/", {"contact": contact})
    work_off(timezone.now())
    word = unquote(answer["Location"].partition("asked=")[2])
    answer = client.post("/portal/code/", {"asked": word, "code": code_in(capsys.readouterr().out)})
    assert answer.status_code == 302
    return client


def sees(client: Client, case: Case) -> bool:
    """One answer for the list, the page, and everything that can be done: all of it or nothing."""
    listed = case.number in page_of(client.get("/portal/requests/", follow=True))
    shown = client.get(f"/portal/requests/{case.number}/").status_code
    answers = {
        client.post(f"/portal/requests/{case.number}/{verb}/", body).status_code
        for verb, body in VERBS.items()
    }
    assert answers == {404} or 404 not in answers
    assert shown in (200, 404)
    assert listed == (shown == 200) == (404 not in answers)
    return listed


def test_who_proves_a_phone_sees_their_own_and_not_the_neighbours(
    client: Client, mine: Case, neighbours: Case, delivered: None, capsys: Any
) -> None:
    signed_in(client, PHONE, capsys)

    assert sees(client, mine)
    assert not sees(client, neighbours)


def test_who_proves_a_mail_address_sees_what_was_sent_in_with_it(
    client: Client, mine: Case, neighbours: Case, delivered: None, capsys: Any
) -> None:
    signed_in(client, "Zhao@example.com", capsys)

    assert sees(client, neighbours)
    assert not sees(client, mine)


def test_a_case_that_staff_registered_is_there_too_but_no_kind_that_is_not_for_customers(
    client: Client, cast: Cast, mine: Case, delivered: None, capsys: Any
) -> None:
    at = timezone.now()
    told = {
        kind: cases.register(
            kind,
            department=cast.service_centre,
            by=cast.agent,
            at=at,
            subject="来电",
            values=SLIP,
            customer=mine.customer,
        )
        for kind in ("complaint", "hotline_call")
    }
    signed_in(client, PHONE, capsys)

    assert sees(client, told["complaint"])
    assert not sees(client, told["hotline_call"])


@pytest.mark.parametrize("contact", ["137 0000 0000", "nobody@example.com"])
def test_a_contact_that_nobody_has_gets_the_same_answer_and_no_message(
    client: Client, mine: Case, delivered: None, capsys: Any, contact: str
) -> None:
    known = client.post("/portal/sign-in/", {"contact": PHONE})
    unknown = client.post("/portal/sign-in/", {"contact": contact})

    assert known.status_code == unknown.status_code == 302
    pages = [page_of(client.get(one["Location"])) for one in (known, unknown)]
    assert len({len(one) for one in pages}) <= 2  # but for the word in it
    assert Job.objects.filter(handler=entering.SEND_CODE).count() == 1


def test_a_code_is_good_once_for_ten_minutes_and_five_tries(cast: Cast, mine: Case, delivered: None) -> None:
    at = timezone.now()

    def enter(given: str, later: timedelta = timedelta(0)) -> str:
        return entering.enter_code(word, given, visit=None, address="203.0.113.1", at=at + later)

    word = entering.ask_code(PHONE, address="203.0.113.1", at=at)
    right = entering.digits_of(Code.objects.latest("pk"))
    with refuses("portal.code"):
        enter(right, timedelta(minutes=10))
    assert enter(f" {right[:3]} {right[3:]}", timedelta(minutes=9))
    with refuses("portal.code"):
        enter(right)

    at += timedelta(hours=1)
    word = entering.ask_code(PHONE, address="203.0.113.1", at=at)
    right = entering.digits_of(Code.objects.latest("pk"))
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        with refuses("portal.code"):
            enter(wrong)
    with refuses("portal.code"):
        enter(right)


def test_the_code_itself_is_stored_nowhere(cast: Cast, mine: Case, delivered: None) -> None:
    entering.ask_code(PHONE, address="203.0.113.1", at=timezone.now())
    code = Code.objects.get()
    digits = entering.digits_of(code)

    kept = [str(vars(code)), *(str(vars(job)) for job in Job.objects.all())]

    assert not any(digits in one for one in kept)


def test_codes_are_asked_for_six_times_a_day_and_once_a_minute(
    cast: Cast, mine: Case, delivered: None
) -> None:
    at = timezone.now()
    for n in range(6):
        moment = at + timedelta(minutes=2 * n)
        entering.ask_code(PHONE, address=f"203.0.113.{n}", at=moment)
        with refuses("portal.too_many"):
            entering.ask_code(PHONE, address=f"198.51.100.{n}", at=moment + timedelta(seconds=59))
    with refuses("portal.too_many"):
        entering.ask_code(PHONE, address="203.0.113.9", at=at + timedelta(hours=1))
    entering.ask_code(PHONE, address="203.0.113.9", at=at + timedelta(hours=25))


@pytest.mark.parametrize("phone", ["5678", "138 1234 5678", "13812345678", "+86 138 1234 5678"])
def test_number_and_phone_open_this_one_case(
    client: Client, mine: Case, neighbours: Case, phone: str
) -> None:
    answer = client.post("/portal/find/", {"number": f" {mine.number.lower()} ", "phone": phone})

    assert answer.status_code == 302
    assert sees(client, mine)
    assert not sees(client, neighbours)


def test_a_wrong_number_and_a_wrong_phone_get_the_same_answer(client: Client, mine: Case) -> None:
    given = [("WX20200101-0001", "5678"), (mine.number, "5679"), (mine.number, ""), (mine.number, "8")]
    pages = []
    for number, phone in given:
        answer = client.post("/portal/find/", {"number": number, "phone": phone})
        assert answer.status_code == 422
        pages.append(page_of(answer))

    assert all("portal.not_found" in page for page in pages[:2])
    assert pages[0].count("没有找到") == pages[1].count("没有找到")
    assert not Visit.objects.exists()


def test_one_case_is_guessed_at_ten_times_an_hour_from_wherever(client: Client, mine: Case) -> None:
    for n in range(10):
        there = Client(REMOTE_ADDR=f"203.0.113.{n}")
        there.post("/portal/find/", {"number": mine.number, "phone": f"000{n}"})

    answer = client.post("/portal/find/", {"number": mine.number, "phone": "5678"})

    assert answer.status_code == 429


def test_a_link_opens_its_one_case_for_thirty_days_and_nothing_else(
    client: Client, mine: Case, neighbours: Case
) -> None:
    at = timezone.now()
    old = links.link_of(mine.pk, at=at - timedelta(days=31))
    for bad in (old, links.link_of(mine.pk, at=at)[:-1] + "x", "x"):
        assert "portal.link" in page_of(client.get(f"/portal/open/{bad}/"))
        assert not sees(client, mine)

    open_as(client, mine, at)

    assert sees(client, mine)
    assert not sees(client, neighbours)


def test_signing_out_closes_everything(client: Client, mine: Case, delivered: None, capsys: Any) -> None:
    signed_in(client, PHONE, capsys)
    assert sees(client, mine)
    stolen = client.cookies["kefu_portal"].value

    client.post("/portal/sign-out/")
    thief = Client()
    thief.cookies["kefu_portal"] = stolen

    assert not sees(thief, mine)


def test_a_visit_ends_after_thirty_days_and_is_forgotten(client: Client, mine: Case) -> None:
    at = timezone.now()
    open_as(client, mine, at)
    Visit.objects.update(started_at=at - timedelta(days=30))
    assert not sees(client, mine)

    open_as(Client(), mine, at)
    assert Visit.objects.count() == 1


def test_staff_who_are_signed_in_are_no_customers_here(client: Client, cast: Cast, mine: Case) -> None:
    assert not sees(browse(client, cast.owner), mine)


def test_a_merged_customer_keeps_seeing_both_numbers(
    client: Client, cast: Cast, mine: Case, delivered: None, capsys: Any
) -> None:
    at = timezone.now()
    survivor = customers.add_customer(
        cast.service_centre, kind="natural", name="王大明先生", contacts=[], by=cast.agent, at=at
    )
    assert mine.customer is not None
    customers.merge(mine.customer, into=survivor, by=cast.agent, at=at)

    signed_in(client, PHONE, capsys)

    assert sees(client, mine)


def test_a_confirmation_says_nothing_of_the_sender_and_goes_out_three_times_a_day(
    cast: Cast, delivered: None, capsys: Any
) -> None:
    at = timezone.now()
    for _ in range(4):
        sent_in(Client(), at, body="加微信 evil123 领奖", name="点击 http://evil", mail="victim@example.com")
    work_off(timezone.now())

    printed = capsys.readouterr().out

    assert printed.count("victim@example.com") == 3
    assert "evil" not in printed
    assert "/portal/open/" in printed
    assert WRITTEN["place"] not in printed


def test_without_a_way_of_delivery_nothing_is_promised(client: Client, mine: Case, settings: Any) -> None:
    settings.KEFU_DELIVER = {"phone": "", "mail": ""}

    assert "/portal/sign-in/" not in page_of(client.get("/portal/"))
    answer = client.post("/portal/sign-in/", {"contact": PHONE})
    assert (answer.status_code, "还不能发送验证码" in page_of(answer)) == (422, True)
