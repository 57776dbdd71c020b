"""Getting in: sign-in with and without a second factor, sign-out, one-time links, and who is sent to sign in."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from kefu.core.ledger.actions import SYSTEM
from kefu.staff import limits
from kefu.staff.account_views import TICKET
from kefu.staff.actions import enable_totp, issue_link
from kefu.staff.models import OneTimeLink, SignIn
from tests.cast import PASSWORD, browse, give_password

pytestmark = pytest.mark.db


@pytest.fixture
def chen(cast):
    return give_password(cast.agent)


def sign_in(client, login="chen", password=PASSWORD, **more):
    return client.post("/sign-in/", {"login": login, "password": password, **more})


def test_a_page_asks_a_visitor_to_sign_in_and_then_opens(client, chen):
    asked = client.get("/account/sessions/?x=1")
    assert asked["Location"] == "/sign-in/?next=%2Faccount%2Fsessions%2F%3Fx%3D1"

    form = client.get(asked["Location"])
    assert 'value="/account/sessions/?x=1"' in form.content.decode()
    answer = sign_in(client, next="/account/sessions/")

    assert answer["Location"] == "/account/sessions/"
    assert client.get("/account/sessions/").status_code == 200


def test_signing_in_sets_a_cookie_that_scripts_cannot_read_and_a_new_csrf_token(client, chen):
    client.get("/sign-in/")
    before = client.cookies["csrftoken"].value

    answer = sign_in(client)

    cookie = answer.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert client.cookies["csrftoken"].value != before


@pytest.mark.parametrize(("language", "sentence"), [("zh-hans", "不正确"), ("en", "is not right")])
@pytest.mark.parametrize("login", ["chen", "nobody"])
def test_a_wrong_password_is_refused_like_an_unknown_name_and_the_name_typed_stays(
    client, chen, login, language, sentence
):
    answer = client.post(
        "/sign-in/", {"login": login, "password": "wrong-wrong-wrong"}, headers={"Accept-Language": language}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "sign_in.refused" in page
    assert sentence in page
    assert f'value="{login}"' in page
    assert "wrong-wrong-wrong" not in page
    assert not SignIn.objects.filter(person=chen).exists()


WEIRD: tuple[dict[str, object], ...] = (
    {"login": "chen", "password": "x" * 1_000_000},
    {"login": "c" * 1_000_000, "password": PASSWORD},
    {"login": "ch\x00en", "password": PASSWORD},
    {"login": "chen", "password": "\x00" * 20},
    {"login": ["chen", "hu"], "password": ""},
    {"password": PASSWORD},
    {},
)


def test_what_nobody_types_is_refused_and_not_a_fault(client, chen):
    for given in WEIRD:
        assert client.post("/sign-in/", given).status_code == 422, given
    assert not SignIn.objects.filter(person=chen).exists()


def test_after_five_failures_the_page_says_how_long_to_wait(client, chen):
    for _ in range(limits.FAILURES_BY_NAME):
        sign_in(client, password="wrong-wrong-wrong")

    answer = sign_in(client)

    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= limits.LOCKED.total_seconds()
    assert "sign_in.locked" in answer.content.decode()


def test_the_code_is_asked_for_only_after_the_right_password(client, chen):
    secret = pyotp.random_base32()
    at = timezone.now()
    enable_totp(chen, secret=secret, code=pyotp.TOTP(secret).at(at - timedelta(seconds=30)), by=chen, at=at)

    assert 'name="code"' not in sign_in(client, password="wrong-wrong-wrong").content.decode()
    asked = sign_in(client)
    assert asked.status_code == 200
    assert "alert-error" not in asked.content.decode()
    assert 'name="code"' in asked.content.decode()
    assert 'name="password"' not in asked.content.decode()
    assert not any(PASSWORD in text for text in (asked.content.decode(), str(client.cookies)))
    assert client.cookies[TICKET]["httponly"]
    refused = client.post("/sign-in/", {"code": "000000"})
    assert 'name="code"' in refused.content.decode()

    assert client.post("/sign-in/", {"code": pyotp.TOTP(secret).now()}).status_code == 302
    assert not client.cookies[TICKET].value
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("ticket", ["", "x:y:z", "WzEsIngiLDFd:aaaa"])
def test_a_code_without_the_password_before_it_begins_again(client, chen, ticket):
    client.cookies[TICKET] = ticket

    answer = client.post("/sign-in/", {"code": "123456"})

    assert "sign_in.again" in answer.content.decode()
    assert 'name="password"' in answer.content.decode()


@pytest.mark.parametrize("path", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_signing_in_leads_nowhere_else(client, chen, path):
    assert sign_in(client, next=path)["Location"] == "/"


def test_who_is_signed_in_is_not_asked_again(client, chen):
    assert browse(client, chen).get("/sign-in/?next=/account/")["Location"] == "/account/"


def test_a_fragment_sends_the_whole_page_to_sign_in(client, cast):
    answer = client.get("/account/", headers={"HX-Request": "true"})

    assert answer["HX-Redirect"] == "/sign-in/"
    assert answer.content == b""


def test_an_anonymous_post_changes_nothing(client, chen):
    answer = client.post("/account/away/")

    assert answer["Location"].startswith("/sign-in/")
    chen.refresh_from_db()
    assert chen.away_since is None


def test_signing_out_ends_the_session_itself_not_only_the_cookie(client, chen):
    browse(client, chen)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value

    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/"
    assert client.get("/account/")["Location"].startswith("/sign-in/")

    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = key
    assert thief.get("/account/").status_code == 302


def test_a_link_sets_a_password_once(client, cast):
    key = issue_link(cast.agent, purpose="invite", by=SYSTEM, at=timezone.now())

    assert cast.agent.name in client.get(f"/link/{key}/").content.decode()
    answer = client.post(f"/link/{key}/", {"new": PASSWORD, "again": PASSWORD})

    assert answer["Location"] == "/sign-in/"
    assert cast.agent.login in client.get("/sign-in/").content.decode()
    assert sign_in(client).status_code == 302
    assert "link.not_valid" in Client().get(f"/link/{key}/").content.decode()


@pytest.mark.parametrize(
    ("new", "again", "said"),
    [
        ("short", "short", "password.too_short"),
        ("chen-chen-chen", "chen-chen-chen", "password.like_login"),
        (PASSWORD, PASSWORD + "x", "again"),
        ("x" * 129, "x" * 129, "password.too_long"),
    ],
)
def test_a_poor_password_is_refused_and_the_link_still_works(client, cast, new, again, said):
    key = issue_link(cast.agent, purpose="reset", by=SYSTEM, at=timezone.now())

    answer = client.post(f"/link/{key}/", {"new": new, "again": again})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert OneTimeLink.objects.get(person=cast.agent).used_at is None


def test_an_unknown_link_says_so_without_a_form(client, cast):
    answer = client.get("/link/unknown/")

    assert answer.status_code == 422
    assert "link.not_valid" in answer.content.decode()
    assert "<input" not in answer.content.decode().partition("<main")[2].partition("</main>")[0]
