"""The form inside another site: one script tag there, one page here that may be framed by the origins configured.

The framed page sends and reads no cookies: browsers keep them from frames of other sites. It acts for nobody, so a
forged request gains nothing; the signed stamp in the form stands in place of the token.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from kefu.portal.queries import offered
from kefu.portal.views.common import portal_page
from kefu.portal.views.submitting import Way, done_page, form_page, not_offered
from kefu.portal.visits import Visitor
from kefu.web.assets import bundled
from kefu.web.instant import instant_of
from kefu.web.middleware import POLICY

FRAMED = Way("portal/embed.html", "portal:embed_done")
AN_HOUR = "public, max-age=3600"


@login_not_required
@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """What other sites load: `<script src="https://…/portal/embed.js" data-kind="complaint"></script>`."""
    response = HttpResponse(bundled("embed.js"), content_type="text/javascript; charset=utf-8")
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Cache-Control"] = AN_HOUR
    return response


@csrf_exempt
@xframe_options_exempt
@portal_page("GET", "POST")
def embed(request: HttpRequest, kind: str) -> HttpResponse:
    """The form of the first department that offers the kind, or of `?department=`."""
    at, code = instant_of(request), request.GET.get("department", "")
    found = (
        one for one in offered(at) if one.kind.name == kind and (not code or one.department.code == code)
    )
    what = next(found, None)
    if what is None:
        raise not_offered(kind)
    with _language(request):
        answer = form_page(request, what, Visitor(), FRAMED, at)
    return _framed(answer)


@xframe_options_exempt
@portal_page("GET")
def embed_done(request: HttpRequest, link: str) -> HttpResponse:
    with _language(request):
        return _framed(done_page(request, link, "portal/embed_done.html"))


def _framed(response: HttpResponse) -> HttpResponse:
    """May be framed by the origins configured, by no other."""
    origins = " ".join(settings.KEFU_EMBED_ORIGINS) or "'none'"
    response["Content-Security-Policy"] = POLICY.replace(
        "frame-ancestors 'none'", f"frame-ancestors {origins}"
    )
    return response


def _language(request: HttpRequest) -> Any:
    """`?language=en`: that of the site around; else the browser's."""
    wanted = request.GET.get("language", "")
    known = dict(settings.LANGUAGES)
    return translation.override(wanted if wanted in known else translation.get_language())
