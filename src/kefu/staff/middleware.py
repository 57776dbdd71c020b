"""Who asks: the person whose session the cookie names, as `request.user`, with `request.sign_in`.

Our own sessions stand in place of Django's: a session is a row that is seen, listed and ended at once, its
key is only ever made by `sign_in`, and nothing else is kept in it.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from kefu.staff import limits, queries
from kefu.staff.sessions import session_of
from kefu.web.instant import instant_of

ANSWER_THEMSELVES = ("/api/", "/healthz")  # programs: they get a status, not a page to sign in on
BY_ITSELF = "X-Kefu-By-Itself"  # a screen that looks again because it was told to: nobody touched a key


class SignedIn:
    """Sets `request.user` (a Person or AnonymousUser), `request.sign_in` (a SignIn or None),
    `request.organisation` (or something false), the language the person chose and the organisation's zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        by_itself = BY_ITSELF in request.headers
        sign_in = session_of(key, instant_of(request), sign_of_life=not by_itself)
        request.sign_in = sign_in  # type: ignore[attr-defined]  # a plain HttpRequest does not know it
        request.user = sign_in.person if sign_in else AnonymousUser()
        request.organisation = organisation = SimpleLazyObject(queries.organisation)  # type: ignore[attr-defined]  # as above
        if sign_in is None:
            return self.get_response(request)
        if sign_in.person.language:  # else the browser's, which stands already
            translation.activate(sign_in.person.language)
            request.LANGUAGE_CODE = sign_in.person.language
        with timezone.override(organisation.zone if organisation else None):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., object], args: object, kwargs: object
    ) -> HttpResponse | None:
        """Every page asks for a sign-in unless it says `login_not_required`."""
        opened = not getattr(view, "login_required", True) or request.path.startswith(ANSWER_THEMSELVES)
        if request.user.is_authenticated or opened:
            return None
        wanted = request.get_full_path() if request.method == "GET" else "/"
        address = f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': wanted})}"
        if request.headers.get("HX-Request"):  # a fragment's place is not where one signs in
            return HttpResponse(headers={"HX-Redirect": reverse(settings.LOGIN_URL)})
        return HttpResponseRedirect(address)


def remember(response: HttpResponse, key: str) -> None:
    """Put the key of a new session into the browser."""
    response.set_cookie(
        settings.SESSION_COOKIE_NAME,
        key,
        max_age=int(limits.SESSION.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse) -> None:
    response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Lax")
