"""The pages nobody asks for: unknown, refused, a form too old, a fault of ours; and the choice of theme.

What one may not see looks like what does not exist, so 403 shows the same page as 404.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils import translation
from django.views.decorators.http import require_POST

from kefu.core.errors import Refused
from kefu.web import theme
from kefu.web.back import back
from kefu.web.statuses import status_of


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nobody may know yet who asks (an unknown host name is refused before that): no furniture."""
    return HttpResponse(_plain("web/bad_request.html", request), status=400)


def unknown(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handles 404 and 403: byte for byte the same answer, status included."""
    return render(request, "web/unknown.html", status=404)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "web/form_too_old.html", status=403)


def fault(request: HttpRequest) -> HttpResponse:
    """Uses nothing that may be broken: no database, no person, no furniture."""
    return HttpResponse(_plain("web/fault.html", request), status=500)


def _plain(name: str, request: HttpRequest) -> str:
    return loader.get_template(name).render({"theme": theme.of(request)})


def refused_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """A refusal that no form of the page shows: its sentence, its code, and the way back."""
    template = "web/c/refused.html" if request.headers.get("HX-Request") else "web/refused.html"
    response = render(request, template, {"refused": refused}, status=status_of(refused))
    if wait := refused.facts.get("retry_after"):
        response.headers["Retry-After"] = str(wait)
    return response


@login_not_required
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep the choice for a year; anything else than a theme means: as the device says."""
    response = back(request)
    chosen = request.POST.get("theme", "")
    if chosen in theme.THEMES:
        response.set_cookie(theme.COOKIE, chosen, max_age=365 * 86400, samesite="Lax", httponly=True)
    else:
        response.delete_cookie(theme.COOKIE, samesite="Lax")
    return response


def language() -> str:
    """The language of the page, as texts of the rulebook and refusals want it."""
    return translation.get_language() or "zh-hans"
