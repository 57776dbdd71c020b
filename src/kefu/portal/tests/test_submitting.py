"""A case sent in by its customer: registered under the rulebook, promised in plain words, never lost or doubled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from kefu.cases.models import Case
from kefu.cases.tests.desk import page_of
from kefu.customers import actions as customers
from kefu.customers.models import Customer
from kefu.portal import links
from kefu.portal.models import Visit
from kefu.portal.tests.street import OTHER_PHONE, PHONE, WRITTEN, form, sent_in
from kefu.staff.secrets import digest
from tests.cast import Cast

pytestmark = pytest.mark.db
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def test_the_tiles_are_the_kinds_that_the_rulebook_opens_to_customers(client: Client, cast: Cast) -> None:
    page = page_of(client.get("/portal/"))

    assert "/portal/new/service_centre/complaint/" in page
    assert "/portal/new/service_centre/repair/" in page
    assert "/portal/new/sales/enquiry/" in page
    assert "hotline_call" not in page
    assert client.get("/portal/new/service_centre/hotline_call/").status_code == 404


def test_a_repair_is_registered_for_its_customer_with_pictures_and_confirmed(
    client: Client, cast: Cast
) -> None:
    at = timezone.now()
    case = sent_in(
        client,
        at,
        **{"new.fault": "burst_pipe"},
        files=[SimpleUploadedFile("水.png", PNG), SimpleUploadedFile("地板.png", PNG)],
    )

    assert (case.channel, case.author_id, case.owner_id) == ("web", None, None)
    assert case.values["fault"] == "burst_pipe"
    assert case.values["house_number"] == WRITTEN["place"]
    assert case.customer is not None
    assert case.customer.name == WRITTEN["name"]
    assert case.messages.get().customer_id == case.customer_id
    assert case.attachments.count() == 2

    page = page_of(client.get(f"/portal/done/{links.link_of(case.pk, at=at)}/"))
    assert case.number in page
    assert "我们会在" in page
    assert "到达现场" in page  # ten minutes for a burst pipe
    assert "退回期限" not in page


def test_a_double_click_makes_one_case(client: Client, cast: Cast) -> None:
    sent = form(timezone.now(), token="t1")

    answers = [client.post("/portal/new/service_centre/repair/", sent) for _ in range(2)]

    assert Case.objects.count() == 1
    assert answers[0]["Location"] == answers[1]["Location"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"phone": "138 1234 567"}, "不是有效号码"),
        ({"phone": "一三八"}, "字母或汉字"),
        ({"mail": "wang@"}, "不是邮箱地址"),
        ({"body": "   "}, "必填"),
        ({"new.fault": "volcano"}, "不在选项内"),
    ],
)
def test_a_refusal_keeps_what_was_typed_and_stands_at_its_field(
    client: Client, cast: Cast, wrong: dict[str, str], says: str
) -> None:
    answer = client.post("/portal/new/service_centre/repair/", form(timezone.now(), **wrong))

    assert answer.status_code == 422
    page = page_of(answer)
    assert says in page
    kept = (WRITTEN | wrong)["name"], WRITTEN["place"]
    assert all(text in page for text in kept)
    assert not Case.objects.exists()
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    "robot",
    [{"website": "http://spam"}, {"shown": ""}, {"shown": "now"}, {"shown": "old"}, {"shown": "forged"}],
)
def test_a_form_that_no_person_filled_in_is_not_taken(
    client: Client, cast: Cast, robot: dict[str, str]
) -> None:
    at = timezone.now()
    stamps = {
        "now": links.form_shown(at=at),
        "old": links.form_shown(at=at - timedelta(hours=25)),
        "forged": "WyJ4IiwwXQ:x:y",
    }
    sent = form(at) | {name: stamps.get(value, value) for name, value in robot.items()}

    answer = client.post("/portal/new/service_centre/repair/", sent)

    assert answer.status_code == 422
    assert "portal.machine" in page_of(answer)
    assert WRITTEN["body"] in page_of(answer)
    assert not Case.objects.exists()


def test_too_many_and_too_false_files_are_refused(client: Client, cast: Cast) -> None:
    at = timezone.now()
    many = [SimpleUploadedFile(f"{n}.png", PNG) for n in range(6)]
    assert "portal.files" in page_of(client.post("/portal/new/service_centre/repair/", form(at, files=many)))

    false = SimpleUploadedFile("a.png", b"<html><script>alert(1)</script>")
    answer = client.post("/portal/new/service_centre/repair/", form(at, files=[false]))
    assert "file.not_what_it_says" in page_of(answer)
    assert "请重新选择文件" in page_of(answer)
    assert not Case.objects.exists()


def test_nobody_adds_to_a_customer_on_record_by_naming_their_phone(client: Client, cast: Cast) -> None:
    at = timezone.now()
    known = customers.add_customer(
        cast.service_centre,
        kind="natural",
        name="李四",
        contacts=[("phone", PHONE)],
        by=cast.agent,
        at=at,
    )

    case = sent_in(client, at, mail="thief@example.com")

    assert case.customer == known
    assert [point.value for point in known.contact_points.all()] == ["+8613812345678"]


def test_a_phone_sends_in_five_an_hour_and_an_address_ten(client: Client, cast: Cast) -> None:
    at = timezone.now()
    for _ in range(5):
        sent_in(client, at)

    answer = client.post("/portal/new/service_centre/repair/", form(at))
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert WRITTEN["body"] in page_of(answer)

    for _ in range(5):
        sent_in(client, at, phone=OTHER_PHONE)
    third = client.post("/portal/new/service_centre/repair/", form(at, phone="137 1111 2222"))
    assert third.status_code == 429
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    sent_in(elsewhere, at, phone="137 1111 2222")


def test_who_has_signed_in_chooses_among_their_own_places(cast: Cast) -> None:
    at = timezone.now()
    places = {}
    for name, phone, room in (("王大明", PHONE, "1201"), ("赵小明", OTHER_PHONE, "1302")):
        customer = customers.add_customer(
            cast.service_centre,
            kind="natural",
            name=name,
            contacts=[("phone", phone)],
            by=cast.agent,
            at=at,
        )
        place = customers.add_site(cast.service_centre, community="云庭", room=room, by=cast.agent, at=at)
        customers.move_in(customer, site=place, role="owner", by=cast.agent, at=at)
        places[name] = place
    there = Client()
    there.cookies["kefu_portal"] = "key"
    Visit.objects.create(digest=digest("key"), channel="phone", contact="+8613812345678", started_at=at)

    page = page_of(there.get("/portal/new/service_centre/repair/"))
    assert "云庭 1201" in page
    assert "1302" not in page
    assert 'value="王大明"' in page

    case = sent_in(there, at, site=str(places["王大明"].pk), place="")
    assert case.site == places["王大明"]
    assert case.values["house_number"] == "云庭 1201"

    stolen = there.post("/portal/new/service_centre/repair/", form(at, site=str(places["赵小明"].pk)))
    assert stolen.status_code == 422
    assert Case.objects.count() == 1
