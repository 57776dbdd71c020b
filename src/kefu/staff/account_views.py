"""Getting in and out, and what people keep of their own: password, second factor, sessions, keys."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.core.inputs import phone_written
from kefu.core.ledger.actions import SYSTEM
from kefu.staff import actions, limits, queries, secrets
from kefu.staff.account_forms import (
    ChangePasswordForm,
    CodeForm,
    DepartmentRows,
    DetailsForm,
    EnableTotpForm,
    FoundingForm,
    NewPasswordForm,
    SignInForm,
    TokenForm,
    departments_of,
)
from kefu.staff.actions.links import find_link
from kefu.staff.middleware import forget, remember
from kefu.staff.models import Person, SignIn
from kefu.web.back import back, safe_path
from kefu.web.forms import Form, posted, refusing, shown
from kefu.web.instant import instant_of

TICKET = "kefu_ticket"  # the cookie between the password and the code
SECRET_SALT, SECRET_SECONDS = "kefu.staff.totp", 3600

form_page = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@form_page
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return back(request)
    if queries.organisation() is None:
        return redirect("account:found")
    form = CodeForm(request.POST) if "code" in request.POST else SignInForm(posted(request))
    if form.is_valid():
        with refusing(form):
            response = back(request)
            remember(response, _key_for(request, form.cleaned_data))
            rotate_token(request)
            response.delete_cookie(TICKET, path=request.path, samesite="Strict")
            return response
    return _asking(request, form)


def _key_for(request: HttpRequest, given: dict[str, str]) -> str:
    """The key of a new session: by name and password, or by the code that was asked for after them."""
    who: dict[str, Any] = {
        "address": request.META.get("REMOTE_ADDR", ""),
        "agent": request.headers.get("User-Agent", ""),
        "at": instant_of(request),
    }
    if "code" in given:
        return actions.sign_in_by_code(request.COOKIES.get(TICKET, ""), given["code"], **who)[1]
    return actions.sign_in(given["login"], given["password"], **who)[1]


def _asking(request: HttpRequest, form: Form) -> HttpResponse:
    """The form as it was refused; after a right password the code's, the password replaced by a ticket."""
    refused, ticket = form.refused, ""
    if isinstance(refused, actions.CodeMissing):
        ticket, form = refused.ticket, CodeForm()  # no mistake: the next step
    elif refused and refused.code == "sign_in.again":
        form = SignInForm()
        form.refused = refused
    response = shown(request, "staff/account/sign_in.html", form, {"next": safe_path(request)})
    if ticket:
        response.set_cookie(
            TICKET,
            ticket,
            max_age=int(limits.CODE.total_seconds()),
            path=request.path,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    actions.sign_out(_sign_in_of(request), by=_person(request), at=instant_of(request))
    response = redirect("/")
    forget(response)
    return response


@login_not_required
@form_page
def use_link(request: HttpRequest, key: str) -> HttpResponse:
    """Set a password by an invitation or a reset. The link is looked at first, so that nobody types in vain."""
    at = instant_of(request)
    link = find_link(key, at=at)
    form = NewPasswordForm(posted(request))
    if form.is_valid():
        with refusing(form):
            person = actions.use_link(key, password=form.cleaned_data["new"], at=at)
            messages.success(
                request, _("The password is set. Sign in as %(login)s.") % {"login": person.login}
            )
            response = redirect("account:sign_in")
            forget(response)
            return response
    return shown(request, "staff/account/link.html", form, {"link": link})


@form_page
def show(request: HttpRequest) -> HttpResponse:
    """One's own details."""
    person = _person(request)
    at = instant_of(request)
    initial = {
        "name": person.name,
        "phone": phone_written(person.phone) if person.phone else "",
        "mail": person.mail,
        "language": person.language,
    }
    form = DetailsForm(posted(request), initial=initial)
    if form.is_valid():
        with refusing(form):
            actions.change_person(person, **form.cleaned_data, by=person, at=at)
            messages.success(request, _("Saved."))
            return redirect("account:show")
    held = queries.posts_of(person, at)
    return shown(request, "staff/account/show.html", form, {"held": held})


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Of the person, or of this browser when nobody is signed in."""
    language = request.POST.get("language", "")
    response = back(request)
    if request.user.is_authenticated:
        person = _person(request)
        phone = phone_written(person.phone) if person.phone else ""
        actions.change_person(
            person,
            name=person.name,
            phone=phone,
            mail=person.mail,
            language=language,
            by=person,
            at=instant_of(request),
        )
    elif language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 86400, samesite="Lax")
    return response


@require_POST
def say_away(request: HttpRequest) -> HttpResponse:
    actions.mark_away(_person(request), by=_person(request), at=instant_of(request))
    return back(request)


@require_POST
def say_back(request: HttpRequest) -> HttpResponse:
    actions.mark_back(_person(request), by=_person(request), at=instant_of(request))
    return back(request)


@form_page
def change_password(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    form = ChangePasswordForm(posted(request))
    if form.is_valid():
        given = form.cleaned_data
        with refusing(form):
            actions.change_password(
                person,
                old=given["old"],
                new=given["new"],
                keep=_sign_in_of(request),
                by=person,
                at=instant_of(request),
            )
            messages.success(request, _("The password is changed; your other sessions have ended."))
            return redirect("account:change_password")
    return shown(request, "staff/account/password.html", form)


@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    if person.totp_secret:
        return shown(request, "staff/account/second_factor_on.html", CodeForm())
    secret = secrets.new_totp_secret()
    return _setting_up(request, secret, EnableTotpForm(initial={"secret": _sealed(secret)}))


@require_POST
def enable_totp(request: HttpRequest) -> HttpResponse:
    """The secret comes back as it was shown. One that is too old is replaced by a new one."""
    person = _person(request)
    form = EnableTotpForm(request.POST)
    try:
        secret = signing.loads(request.POST.get("secret", ""), salt=SECRET_SALT, max_age=SECRET_SECONDS)
    except signing.BadSignature:
        messages.warning(request, _("The code on the page was too old; scan the new one."))
        return redirect("account:second_factor")
    if form.is_valid():
        with refusing(form):
            actions.enable_totp(
                person, secret=secret, code=form.cleaned_data["code"], by=person, at=instant_of(request)
            )
            messages.success(request, _("The second factor is on. From now on signing in asks for a code."))
            return redirect("account:second_factor")
    return _setting_up(request, secret, form)


@require_POST
def disable_totp(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    form = CodeForm(request.POST)
    if form.is_valid():
        with refusing(form):
            actions.disable_totp(person, code=form.cleaned_data["code"], by=person, at=instant_of(request))
            messages.success(request, _("The second factor is off."))
            return redirect("account:second_factor")
    return shown(request, "staff/account/second_factor_on.html", form)


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    open_ones = queries.sessions_of(_person(request), instant_of(request))
    return render(request, "staff/account/sessions.html", {"sessions": open_ones})


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    at = instant_of(request)
    person = _person(request)
    session = get_object_or_404(queries.sessions_of(person, at), pk=pk)
    actions.end_session(session, by=person, at=at)
    messages.success(request, _("The session has ended."))
    return redirect("account:sessions")


@form_page
def tokens(request: HttpRequest) -> HttpResponse:
    """Keys for programs. A new key is shown on the answer that made it and never again."""
    person, at = _person(request), instant_of(request)
    form = TokenForm(posted(request))
    key = ""
    if form.is_valid():
        given = form.cleaned_data
        with refusing(form):
            _token, key = actions.make_token(
                person,
                name=given["name"],
                scopes=[given["scope"]],
                expires_at=at + timedelta(days=given["days"]),
                by=person,
                at=at,
            )
            form = TokenForm()
    return shown(
        request, "staff/account/tokens.html", form, {"tokens": queries.tokens_of(person, at), "key": key}
    )


@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    person, at = _person(request), instant_of(request)
    token = get_object_or_404(queries.tokens_of(person, at), pk=pk)
    actions.revoke_token(token, by=person, at=at)
    messages.success(request, _("The key no longer works."))
    return redirect("account:tokens")


@login_not_required
@form_page
def found(request: HttpRequest) -> HttpResponse:
    """The first page of a new installation; unknown once there is an organisation."""
    if queries.organisation() is not None:
        raise Http404
    form = FoundingForm(posted(request))
    first = [{"name": "客服中心", "code": "service_centre", "pack": "property"}, {}, {}]
    rows = DepartmentRows(posted(request), initial=first, prefix="department")
    if form.is_valid() and rows.is_valid():
        given = form.cleaned_data
        with refusing(form):
            made = actions.found(
                given["name"],
                zone=given["zone"],
                owner_login=given["owner_login"],
                owner_name=given["owner_name"],
                departments=departments_of(rows),
                by=SYSTEM,
                at=instant_of(request),
            )
            return redirect("account:use_link", key=made.link)
    response = shown(request, "staff/account/found.html", form, {"rows": rows})
    if rows.is_bound and not rows.is_valid():
        response.status_code = 422
    return response


def _setting_up(request: HttpRequest, secret: str, form: EnableTotpForm) -> HttpResponse:
    organisation = queries.organisation()
    issuer = organisation.name if organisation else "Kefu"
    address = secrets.totp_address(_person(request), secret, issuer)
    picture = SafeString(segno.make(address).svg_inline(border=2, omitsize=True))  # made of the address alone
    grouped = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    return shown(
        request, "staff/account/second_factor_off.html", form, {"picture": picture, "secret": grouped}
    )


def _sealed(secret: str) -> str:
    return signing.dumps(secret, salt=SECRET_SALT)


def _person(request: HttpRequest) -> Person:
    return cast("Person", request.user)


def _sign_in_of(request: HttpRequest) -> SignIn:
    return cast("Any", request).sign_in
