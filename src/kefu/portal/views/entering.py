"""Coming in: by code, by number and phone, by link; and going out."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kefu.core.errors import Refused
from kefu.portal import delivery, entering
from kefu.portal.forms import CodeForm, ContactForm, LookUpForm
from kefu.portal.views.common import address_of, keep_at_field, portal_page
from kefu.portal.visits import forget, remember, visitor_of
from kefu.web.forms import posted, refusing, shown
from kefu.web.instant import instant_of

CODE_WORD = "asked"


@portal_page("GET", "POST")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Asks for a phone or mail address; the next page asks for the code that was sent there."""
    form = ContactForm(posted(request))
    if form.is_valid():
        with refusing(form):
            word = entering.ask_code(
                form.cleaned_data["contact"], address=address_of(request), at=instant_of(request)
            )
            return redirect(f"{reverse('portal:enter_code')}?{urlencode({CODE_WORD: word})}")
        keep_at_field(form, {"phone": "contact", "mail": "contact"})
    return shown(request, "portal/sign_in.html", form, {"codes": delivery.channels()})


@portal_page("GET", "POST")
def enter_code(request: HttpRequest) -> HttpResponse:
    at = instant_of(request)
    word = request.POST.get(CODE_WORD) or request.GET.get(CODE_WORD, "")
    form = CodeForm(posted(request))
    if form.is_valid():
        with refusing(form):
            key = entering.enter_code(
                word,
                form.cleaned_data["code"],
                visit=visitor_of(request, at).visit,
                address=address_of(request),
                at=at,
            )
            response = redirect("portal:requests")
            remember(response, key)
            return response
    return shown(request, "portal/code.html", form, {"word": word})


@portal_page("POST")
def sign_out(request: HttpRequest) -> HttpResponse:
    at = instant_of(request)
    visit = visitor_of(request, at).visit
    if visit is not None:
        entering.sign_out(visit, at=at)
    response = redirect("portal:home")
    forget(response)
    return response


@portal_page("GET", "POST")
def look_up(request: HttpRequest) -> HttpResponse:
    at = instant_of(request)
    form = LookUpForm(posted(request))
    if form.is_valid():
        with refusing(form):
            case, key = entering.look_up(
                form.cleaned_data["number"],
                form.cleaned_data["phone"],
                visit=visitor_of(request, at).visit,
                address=address_of(request),
                at=at,
            )
            response = redirect("portal:request", case.number)
            remember(response, key)
            return response
    return shown(request, "portal/look_up.html", form)


@portal_page("GET")
def open_link(request: HttpRequest, link: str) -> HttpResponse:
    """Follow the link of a confirmation: it opens its one case in this browser, nothing else."""
    at = instant_of(request)
    try:
        case, key = entering.open_link(link, visit=visitor_of(request, at).visit, at=at)
    except Refused as refused:
        form = LookUpForm()
        form.refused = refused
        return shown(request, "portal/look_up.html", form)
    response = redirect("portal:request", case.number)
    remember(response, key)
    return response
