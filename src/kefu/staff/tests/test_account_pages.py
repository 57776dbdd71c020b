"""One's own account, and the first page of an empty installation."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from django.test import Client
from django.utils import timezone

from kefu.staff import sessions
from kefu.staff.models import ApiToken, Department, Organisation, Person, SignIn
from kefu.staff.secrets import opened
from tests.cast import PASSWORD, browse, give_password, present

pytestmark = pytest.mark.db
NEW = "秋天-写了-两封-信-呢"


@pytest.fixture
def desk(client, cast):
    """The browser of the agent."""
    return browse(client, cast.agent)


def page_of(answer):
    return answer.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_the_account_opens_in_both_languages(desk, cast, language):
    Person.objects.filter(pk=cast.agent.pk).update(language=language)

    for path in ("", "password/", "second-factor/", "sessions/", "keys/"):
        page = page_of(desk.get(f"/account/{path}"))
        assert f'<html lang="{language}"' in page
        assert ("我的账号" in page) == (language == "zh-hans")
        assert ("My account" in page) == (language == "en")


def test_details_are_saved_and_a_phone_number_with_letters_is_refused_keeping_what_was_typed(desk, cast):
    given = {"name": "陈静", "phone": "138 1234 5678", "mail": "", "language": "zh-hans"}
    assert desk.post("/account/", given).status_code == 302
    cast.agent.refresh_from_db()
    assert cast.agent.phone == "+8613812345678"
    assert "138 1234 5678" in page_of(desk.get("/account/"))

    answer = desk.post("/account/", given | {"phone": "138CALLME", "name": "陈静静"})

    assert answer.status_code == 422
    assert "phone.letters" in page_of(answer)
    assert 'value="138CALLME"' in page_of(answer)
    assert 'value="陈静静"' in page_of(answer)


def test_a_name_with_markup_and_rare_characters_is_shown_as_it_was_typed(desk, cast):
    desk.post("/account/", {"name": "𠮷<b>田", "phone": "", "mail": "", "language": "zh-hans"})

    assert "𠮷&lt;b&gt;田" in page_of(desk.get("/account/"))


def test_the_language_of_the_person_follows_the_button_and_the_phone_stays(desk, cast):
    Person.objects.filter(pk=cast.agent.pk).update(phone="+8657188886666;ext=12")

    answer = desk.post("/account/language/", {"language": "en", "next": "/account/"})

    assert answer["Location"] == "/account/"
    assert '<html lang="en"' in page_of(desk.get("/account/"))
    cast.agent.refresh_from_db()
    assert cast.agent.phone == "+8657188886666;ext=12"
    assert "language.unknown" in page_of(desk.post("/account/language/", {"language": "xx"}))


def test_who_never_chose_a_language_reads_that_of_the_browser_and_who_chose_reads_theirs(desk, cast):
    english = {"Accept-Language": "en-GB,en;q=0.9"}

    assert "My account" in page_of(desk.get("/account/", headers=english))
    assert "我的账号" in page_of(desk.get("/account/"))
    desk.post("/account/language/", {"language": "zh-hans"})
    assert "我的账号" in page_of(desk.get("/account/", headers=english))
    desk.post("/account/", {"name": "陈静", "phone": "", "mail": "", "language": ""})
    assert "My account" in page_of(desk.get("/account/", headers=english)), "chosen no more"


def test_a_visitor_chooses_the_language_for_the_browser(client, cast):
    client.post("/account/language/", {"language": "en"})

    assert '<html lang="en"' in page_of(client.get("/sign-in/"))


def test_away_and_back_stand_in_the_menu_in_turn(desk, cast):
    assert 'action="/account/away/"' in page_of(desk.get("/account/"))

    desk.post("/account/away/")
    page = page_of(desk.get("/account/"))
    assert 'action="/account/back/"' in page
    assert 'action="/account/away/"' not in page
    desk.post("/account/back/")

    cast.agent.refresh_from_db()
    assert cast.agent.away_since is None


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(desk, cast):
    give_password(cast.agent)
    other = present(cast.agent, timezone.now())

    wrong = desk.post("/account/password/", {"old": "not-it-at-all", "new": NEW, "again": NEW})
    assert "password.old_wrong" in page_of(wrong)
    right = desk.post("/account/password/", {"old": PASSWORD, "new": NEW, "again": NEW})

    assert right.status_code == 302
    other.refresh_from_db()
    assert other.ended_at is not None
    assert desk.get("/account/").status_code == 200
    cast.agent.refresh_from_db()
    assert cast.agent.check_password(NEW)


def test_the_second_factor_goes_on_with_the_secret_shown_and_off_with_a_code(desk, cast):
    page = page_of(desk.get("/account/second-factor/"))
    sealed = re.search(r'name="secret" value="([^"]+)"', page)[1]
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    assert "<svg" in page

    wrong = desk.post("/account/second-factor/on/", {"secret": sealed, "code": "000000"})
    assert wrong.status_code == 422
    assert sealed in page_of(wrong)  # the picture already scanned stays the right one
    before = timezone.now() - timedelta(seconds=30)
    desk.post("/account/second-factor/on/", {"secret": sealed, "code": pyotp.TOTP(secret).at(before)})

    cast.agent.refresh_from_db()
    assert opened(cast.agent.totp_secret) == secret
    off = desk.post("/account/second-factor/off/", {"code": "123456"})
    assert "totp.code_wrong" in page_of(off)
    desk.post("/account/second-factor/off/", {"code": pyotp.TOTP(secret).now()})
    cast.agent.refresh_from_db()
    assert cast.agent.totp_secret == ""


def test_a_secret_that_was_not_shown_here_is_not_taken(desk, cast):
    answer = desk.post("/account/second-factor/on/", {"secret": "JBSWY3DPEHPK3PXP", "code": "000000"})

    assert answer["Location"] == "/account/second-factor/"
    cast.agent.refresh_from_db()
    assert cast.agent.totp_secret == ""


def test_sessions_are_listed_with_their_device_and_ended_one_by_one(desk, cast):
    other = present(cast.agent, timezone.now())
    SignIn.objects.filter(pk=other.pk).update(agent="Mozilla/5.0 (Windows NT 10.0) Chrome/141 Edg/141")
    assert "Edge · Windows" in page_of(desk.get("/account/sessions/"))

    desk.post(f"/account/sessions/{other.pk}/end/")

    other.refresh_from_db()
    assert other.ended_at is not None
    assert "Edge" not in page_of(desk.get("/account/sessions/"))


def test_the_session_of_somebody_else_is_unknown(desk, cast):
    foreign = present(cast.stranger, timezone.now())

    assert desk.post(f"/account/sessions/{foreign.pk}/end/").status_code == 404
    assert desk.post("/account/sessions/999999/end/").status_code == 404
    foreign.refresh_from_db()
    assert foreign.ended_at is None


def test_a_key_is_shown_once_works_and_is_revoked(desk, cast):
    made = page_of(desk.post("/account/keys/", {"name": "报表", "scope": "read", "days": "30"}))
    key = re.search(r'id="new-key">([\w-]+)<', made)[1]
    token = sessions.token_of(key, timezone.now())
    assert token.person == cast.agent
    assert token.scopes == ["read"]
    assert key not in page_of(desk.get("/account/keys/"))

    foreign = ApiToken.objects.create(
        person=cast.stranger,
        name="x",
        digest="d",
        made_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=1),
    )
    assert desk.post(f"/account/keys/{foreign.pk}/revoke/").status_code == 404
    desk.post(f"/account/keys/{token.pk}/revoke/")

    assert sessions.token_of(key, timezone.now()) is None


def test_a_key_cannot_be_made_for_longer_than_offered(desk):
    answer = desk.post("/account/keys/", {"name": "报表", "scope": "admin", "days": "4000"})

    assert answer.status_code == 422
    assert not ApiToken.objects.exists()


ROWS = {
    "department-TOTAL_FORMS": "2",
    "department-INITIAL_FORMS": "0",
    "department-0-name": "客服中心",
    "department-0-code": "service_centre",
    "department-0-pack": "property",
    "department-1-name": "工程部",
    "department-1-code": "engineering",
    "department-1-pack": "",
}
FIRM = {"name": "云庭物业", "zone": "Asia/Shanghai", "owner_name": "王芳", "owner_login": "wang"}


def test_an_empty_installation_begins_with_founding_and_leads_to_the_first_page(db):
    client = Client()
    assert client.get("/sign-in/")["Location"] == "/start/"
    assert 'value="service_centre"' in page_of(client.get("/start/"))

    made = client.post("/start/", FIRM | ROWS)
    assert made["Location"].startswith("/link/")
    client.post(made["Location"], {"new": PASSWORD, "again": PASSWORD})
    client.post("/sign-in/", {"login": "wang", "password": PASSWORD})

    assert client.get("/account/").status_code == 200
    assert Organisation.objects.get().owner.login == "wang"
    assert [department.pack for department in Department.objects.all()] == ["property", ""]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"zone": "Asia/Atlantis"}, "organisation.zone_unknown"),
        ({"owner_login": "w w"}, "login.form"),
        ({"department-1-code": "service_centre"}, "department.code_taken"),
        ({"department-0-code": "客服"}, "department.code_form"),
        ({"department-0-code": ""}, "service_centre"),
        ({"department-0-pack": "nonsense"}, "nonsense"),
        ({"department-0-name": "", "department-1-name": ""}, "organisation.no_department"),
    ],
)
def test_what_cannot_be_founded_is_said_and_nothing_is_kept(db, change, code):
    answer = Client().post("/start/", FIRM | ROWS | change)

    page = page_of(answer)
    assert answer.status_code == 422
    assert code in page
    assert 'value="云庭物业"' in page
    assert not Organisation.objects.exists()
    assert not Department.objects.exists()


def test_once_founded_the_first_page_is_unknown(client, cast):
    assert client.get("/start/").status_code == 404
    assert client.post("/start/", FIRM | ROWS).status_code == 404


def test_times_are_shown_where_the_organisation_is(desk, cast):
    Organisation.objects.update(zone="Asia/Tokyo")
    SignIn.objects.filter(person=cast.agent).update(started_at=timezone.now())

    page = page_of(desk.get("/account/sessions/"))

    assert "(JST)" in page
    assert "(CST)" not in page
