"""The session of the cookie: who is asking."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from kefu.staff.actions import end_session
from kefu.staff.middleware import SignedIn, forget, remember
from kefu.staff.models import Person, SignIn
from kefu.staff.rights import sees
from kefu.web.instant import instant_of
from kefu.web.middleware import ReadOnce
from tests.cast import Cast, browse

pytestmark = pytest.mark.db


def asking(key: str) -> HttpRequest:
    seen: list[HttpRequest] = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    request = RequestFactory().get("/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = key
    ReadOnce(SignedIn(page))(request)
    return seen[0]


def test_the_cookie_names_the_person_until_the_session_ends(cast: Cast, client: Client) -> None:
    key = browse(client, cast.agent).cookies[settings.SESSION_COOKIE_NAME].value
    request = asking(key)
    assert request.user == cast.agent
    assert not hasattr(request, "LANGUAGE_CODE"), "it is the browser's until the person chooses one"

    Person.objects.update(language="en")
    assert asking(key).LANGUAGE_CODE == "en"

    session = SignIn.objects.get()
    end_session(session, by=cast.manager, at=session.started_at)

    assert not asking(key).user.is_authenticated


@pytest.mark.parametrize("key", ["", "None", "x" * 100_000, "\x00", "键"])
def test_a_made_up_cookie_is_nobody(cast: Cast, key: str) -> None:
    assert not asking(key).user.is_authenticated


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites() -> None:
    response = HttpResponse()
    remember(response, "key")
    cookie = response.cookies[settings.SESSION_COOKIE_NAME]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    forget(response)
    assert response.cookies[settings.SESSION_COOKIE_NAME].value == ""


def test_a_page_asks_who_is_who_once_and_a_verb_every_time(cast: Cast) -> None:
    found: list[int] = []

    def twice(request: HttpRequest) -> HttpResponse:
        with CaptureQueriesContext(connection) as asked:
            sees(cast.agent, instant_of(request))
            sees(cast.agent, instant_of(request))
        found.append(len(asked))
        return HttpResponse()

    for method in ("GET", "POST"):
        ReadOnce(twice)(RequestFactory().generic(method, "/"))
    looked, acted = found
    assert acted == 2 * looked > 2
