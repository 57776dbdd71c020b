"""Pages of the archive: what is masked stays masked, what is refused is said, strangers see nothing."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from kefu.core.ledger.actions import SYSTEM
from kefu.core.ledger.models import Event
from kefu.customers import actions, archive
from kefu.customers.allotting import allot
from kefu.customers.models import Customer, Occupancy, Site
from kefu.customers.queries import REVEALS_AN_HOUR
from kefu.customers.tests.general import general
from kefu.customers.views import dealing
from kefu.documents import actions as documents
from kefu.duties.models import Duty
from kefu.staff.actions import add_person
from kefu.staff.models import Person
from tests.cast import browse

pytestmark = pytest.mark.db
PHONE = "13812345678"


def desk_of(person):
    return browse(Client(), person)


def page_of(answer):
    return unescape(answer.content.decode())


@pytest.fixture
def wang(cast):
    return actions.add_customer(
        cast.service_centre,
        kind="natural",
        name="王小明",
        contacts=[("phone", PHONE), ("mail", "wang@example.com")],
        id_number="11010519491231002X",
        by=cast.agent,
        at=timezone.now(),
    )


@pytest.mark.parametrize(
    ("path", "chinese", "english"),
    [
        ("/customers/", "客户", "Customers"),
        ("/customers/add/", "新建客户", "Add a customer"),
        ("/customers/{number}/", "联系方式", "Contact points"),
        ("/customers/{number}/change/", "证件号码", "Another id number"),
        ("/customers/{number}/merge/", "并入另一位客户", "into another"),
        ("/customers/import/", "下载模板", "Template"),
        ("/customers/rooms/import/", "下载模板", "Template"),
    ],
)
def test_every_page_opens_in_both_languages(cast, wang, path, chinese, english):
    for language, there in (("zh-hans", chinese), ("en", english)):
        Person.objects.filter(pk=cast.agent.pk).update(language=language)
        answer = desk_of(cast.agent).get(path.format(number=wang.number))
        assert answer.status_code == 200
        assert there in page_of(answer)


def test_no_page_shows_a_number_in_full(cast, wang):
    desk = desk_of(cast.agent)
    for path in (
        "/customers/",
        f"/customers/?q={PHONE}",
        *(f"/customers/{wang.number}/{x}" for x in ("", "change/")),
    ):
        page = page_of(desk.get(path))
        for typed in (f'value="{PHONE}"', f"?q={PHONE}", f"%3Fq%3D{PHONE}"):
            page = page.replace(typed, "")
        assert "王小明" in page
        assert PHONE not in page
        assert "11010519491231002X" not in page
        assert "wang@example.com" not in page
    assert "138****5678" in page_of(desk.get(f"/customers/{wang.number}/"))


@pytest.mark.parametrize("text", [PHONE, "138 1234 5678", "王小明", "KH{pk:06d}", "wang@example.com"])
def test_a_customer_is_found_by_phone_name_number_and_mail(cast, wang, text):
    page = page_of(desk_of(cast.agent).get("/customers/", {"q": text.format(pk=wang.pk)}))

    assert f"/customers/{wang.number}/" in page


@pytest.mark.parametrize("text", ["%", "'; DROP", "\x00\ud7ff", "𠮷", "9" * 60])
def test_whatever_is_searched_for_is_answered(cast, wang, text):
    answer = desk_of(cast.agent).get("/customers/", {"q": text, "after": "x", "kind": "owner__password"})

    assert answer.status_code == 200
    assert wang.number not in page_of(answer)


def test_a_customer_of_another_department_is_unknown_in_every_way(cast, wang):
    stranger = desk_of(cast.stranger)
    missing = stranger.get("/customers/KH999999/")

    token = re.compile(
        rb'value="[^"]{64}"|content="[^"]{64}"|KH[0-9]+'
    )  # new with every answer; the address asked for
    there = stranger.get(f"/customers/{wang.number}/").content
    assert token.sub(b"", there) == token.sub(b"", missing.content)
    assert missing.status_code == 404
    assert wang.number not in page_of(stranger.get("/customers/", {"q": "王小明"}))
    assert stranger.get(f"/cases/of-customer/{wang.number}/").status_code == 404
    assert (
        stranger.post(f"/customers/{wang.number}/contacts/", {"kind": "phone", "value": PHONE}).status_code
        == 404
    )


def test_a_full_value_is_shown_once_with_a_reason_and_on_record(cast, wang):
    desk, point = desk_of(cast.agent), wang.contact_points.get(kind="phone")
    path, given = f"/customers/{wang.number}/reveal/", {"field": f"contact:{point.pk}"}

    silent = desk.post(path, given | {"reason": ""})
    assert silent.status_code == 422
    assert "138 1234 5678" not in page_of(silent)
    shown = page_of(desk.post(path, given | {"reason": "回电"}))

    assert "138 1234 5678" in shown
    assert "wang@example.com" not in shown  # only what was asked for
    assert "138 1234 5678" not in page_of(desk.get(f"/customers/{wang.number}/"))
    assert Event.objects.filter(kind="customer.revealed", subject_id=str(wang.pk)).count() == 1


def test_looking_too_often_is_refused_with_the_time_to_wait(cast, wang):
    desk, path = desk_of(cast.agent), f"/customers/{wang.number}/reveal/"
    for _ in range(REVEALS_AN_HOUR):
        actions.reveal(wang, "id_number", reason="核对", by=cast.agent, at=timezone.now())

    answer = desk.post(path, {"field": "id_number", "reason": "核对"})

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "3600"
    assert "reveal.too_many" in page_of(answer)
    assert "11010519491231002X" not in page_of(answer)


def test_a_customer_sent_twice_is_added_once_and_letters_in_the_phone_lose_nothing(cast):
    desk = desk_of(cast.agent)
    token = re.search(r'name="token" value="([^"]+)"', page_of(desk.get("/customers/add/")))
    assert token
    given = {"token": token[1], "kind": "natural", "name": "李𠮷", "department": cast.service_centre.pk}

    wrong = desk.post("/customers/add/", given | {"phone": "138CALLME"})
    assert wrong.status_code == 422
    assert "phone.letters" in page_of(wrong)
    assert 'value="李𠮷"' in page_of(wrong)
    first, second = (desk.post("/customers/add/", given) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert Customer.objects.filter(name="李𠮷").count() == 1


def test_a_change_keeps_the_id_number_unless_it_is_taken_away(cast, wang):
    desk, path = desk_of(cast.agent), f"/customers/{wang.number}/change/"

    desk.post(path, {"name": "王大明", "id_number": "", "standing": "excellent", "region": "北区"})
    wang.refresh_from_db()
    assert (wang.name, wang.standing, wang.region, wang.id_number) == (
        "王大明",
        "excellent",
        "北区",
        "11010519491231002X",
    )
    desk.post(path, {"name": "王大明", "id_number": "", "standing": "ordinary", "forget_id_number": "on"})
    wang.refresh_from_db()

    assert wang.id_number == ""


def test_a_place_is_added_with_its_room_or_not_at_all_and_ended(cast, wang):
    desk, path = desk_of(cast.agent), f"/customers/{wang.number}/places/"
    given = {"community": "云庭", "building": "3", "unit": "", "room": "1201", "role": "owner"}

    assert desk.post(path, given).status_code == 302
    occupancy = Occupancy.objects.get()
    assert "云庭 3 1201" in page_of(desk.get(f"/customers/{wang.number}/"))
    again = desk.post(path, given)
    assert "occupancy.exists" in page_of(again)
    assert desk.post(path, given | {"room": "1202", "role": "king"}).status_code == 422
    assert Site.objects.count() == 1
    desk.post(f"{path}{occupancy.pk}/end/")

    occupancy.refresh_from_db()
    assert occupancy.until is not None


def test_a_contact_point_is_added_refused_when_known_and_removed(cast, wang):
    desk, path = desk_of(cast.agent), f"/customers/{wang.number}/contacts/"

    assert desk.post(path, {"kind": "wechat", "value": "xiaoming"}).status_code == 302
    assert "contact.known" in page_of(desk.post(path, {"kind": "phone", "value": "138-1234-5678"}))
    point = wang.contact_points.get(kind="wechat")
    assert desk.post(f"{path}{point.pk}/remove/").status_code == 302
    assert desk.post(f"{path}{point.pk}/remove/").status_code == 404


def test_two_records_of_one_customer_become_one_and_both_numbers_lead_there(cast, wang):
    desk, at = desk_of(cast.agent), timezone.now()
    other = actions.add_customer(cast.service_centre, kind="natural", name="王小明", by=cast.agent, at=at)
    look = page_of(desk.get(f"/customers/{other.number}/merge/", {"into": wang.number}))
    assert f'value="{wang.number}"' in look

    assert "merge.same" in page_of(desk.post(f"/customers/{wang.number}/merge/", {"into": wang.number}))
    assert desk.post(f"/customers/{other.number}/merge/", {"into": "KH999999"}).status_code == 404
    desk.post(f"/customers/{other.number}/merge/", {"into": wang.number})

    assert desk.get(f"/customers/{other.number}/").headers["Location"] == f"/customers/{wang.number}/"
    assert other.number in page_of(desk.get(f"/customers/{wang.number}/"))
    assert "customer.merged" in page_of(desk.post(f"/customers/{other.number}/change/", {"name": "王"}))


@pytest.fixture
def here(cast):
    return general(cast)


def test_the_list_is_narrowed_by_standing_by_grade_and_by_who_looks_after_them(here):
    at, clerk = timezone.now(), here.clerk
    kept = {name: here.customer(name) for name in ("甲一", "乙二", "丙三", "丁四")}
    archive.change(
        kept["甲一"], {"standing": "dangerous", "specialist": clerk, "grade": "key"}, by=SYSTEM, at=at
    )
    archive.change(kept["乙二"], {"standing": "dangerous", "specialist": here.one}, by=SYSTEM, at=at)
    archive.cancel(kept["丙三"], by=SYSTEM, at=at)
    desk = desk_of(clerk)

    def shown(query):
        page = page_of(desk.get(f"/customers/?{query}"))
        return {name for name in kept if f">{name}</a>" in page}

    assert shown("") == shown("standing=nonsense&who=x") == set(kept)
    assert shown("standing=dangerous") == {"甲一", "乙二"}
    assert shown("standing=dangerous&who=me") == {"甲一"}
    assert shown("standing=cancelled") == {"丙三"}
    assert shown("who=nobody") == {"丙三", "丁四"}
    assert shown("grade=key") == {"甲一"}
    assert shown("q=甲一&who=nobody") == set()
    assert shown("q=甲一&who=me") == {"甲一"}
    assert "重点客户" in page_of(desk.get("/customers/")), "a grade is said in words"


def test_what_changes_by_approval_is_no_question_of_the_form_and_says_where_to_ask(here):
    customer = here.customer(grade="key")
    page = page_of(desk_of(here.clerk).get(f"/customers/{customer.number}/change/"))

    for name in ("grade", "credit", "credit_limit"):
        assert f'name="{name}"' not in page
    assert 'name="region"' in page
    assert "/approvals/ask/?kind=grade_change" in page
    assert "?kind=credit_change" not in page, "a clerk may not ask for that"
    answer = desk_of(here.clerk).post(
        f"/customers/{customer.number}/change/",
        {"name": "何花", "grade": "ordinary", "standing": "excellent"},
    )
    assert answer.status_code == 302
    customer.refresh_from_db()
    assert (customer.grade, customer.standing) == ("key", "excellent")


def test_the_end_of_the_service_says_what_is_open_and_where_to_ask_and_is_taken_back(here):
    customer = here.customer()
    card = documents.begin(
        "member_card",
        department=here.department,
        by=here.one,
        at=timezone.now(),
        values={"customer": customer.ref},
    )
    desk, path = desk_of(here.clerk), f"/customers/{customer.number}/end/"
    page = page_of(desk.get(path))
    assert card.number in page
    assert "?kind=customer_cancellation" in page
    assert "customer.by_approval" in page_of(desk.post(path))

    documents.discard(card, reason="写错", by=here.one, at=timezone.now())
    archive.cancel(customer, by=SYSTEM, at=timezone.now())
    assert "恢复服务" in page_of(desk.get(f"/customers/{customer.number}/"))
    desk.post(path, {"back": "1"})
    customer.refresh_from_db()
    assert customer.cancelled_at is None


def test_follow_ups_papers_and_approvals_stand_with_the_customer_each_for_whom_it_is(cast, here):
    customer, other = here.customer(), here.customer("王小明")
    at = timezone.now()
    (made,) = allot(
        {customer.pk: here.one.pk}, department=here.department, abilities={}, by=here.supervisor, at=at
    )
    contact = Duty.objects.get(kind="first_contact")
    asked = here.ask(
        "grade_change", {"customer": customer.ref, "sales": 1, "credit": "good", "reason": "一年"}
    )
    path = f"/customers/{customer.number}/dealings/"

    page = page_of(desk_of(here.supervisor).get(path))
    for number in (made.number, contact.number, asked.number):
        assert number in page
    newcomer = add_person(here.department, login="new", name="新人", by=SYSTEM, at=at)  # holds no post
    theirs = page_of(desk_of(newcomer).get(path))
    for number in (contact.number, asked.number):
        assert number not in theirs, "neither theirs nor of their team"
    empty = page_of(desk_of(here.supervisor).get(f"/customers/{other.number}/dealings/"))
    assert contact.number not in empty
    assert desk_of(cast.agent).get(path).status_code == 404


def test_a_list_of_papers_goes_on_where_it_ended(here, monkeypatch):
    monkeypatch.setattr(dealing, "PAGE", 2)
    customer, at = here.customer(), timezone.now()
    papers = [
        documents.begin(
            "member_card", department=here.department, by=here.one, at=at, values={"customer": customer.ref}
        )
        for _ in range(3)
    ]
    desk, path = desk_of(here.one), f"/customers/{customer.number}/dealings/?list=papers"

    first = page_of(desk.get(path))
    assert [one.number in first for one in papers] == [False, True, True]
    (after,) = re.findall(r"list=papers&after=(\d+)", first)
    second = page_of(desk.get(f"{path}&after={after}"))
    assert [one.number in second for one in papers] == [True, False, False]
