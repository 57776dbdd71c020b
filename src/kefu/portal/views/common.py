"""What every page of the portal is made from."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods

from kefu.core.errors import Refused
from kefu.web.forms import Form
from kefu.web.statuses import status_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def portal_page(*methods: str) -> Callable[[View[P]], View[P]]:
    """A page for everybody, with these methods, in the organisation's zone; a refusal that no form shows is a page of
    the customer's side too."""

    def wrap(view: View[P]) -> View[P]:
        @wraps(view)
        def shown(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            organisation = getattr(request, "organisation", None)
            with timezone.override(organisation.zone if organisation else None):
                try:
                    return view(request, *args, **kwargs)
                except Refused as refused:
                    context, status = {"refused": refused}, status_of(refused)
                    return render(request, "portal/refused.html", context, status=status)

        return cast("View[P]", login_not_required(require_http_methods(["HEAD", *methods])(shown)))

    return wrap


def address_of(request: HttpRequest) -> str:
    """Where the request comes from, as limits count it."""
    return request.META.get("REMOTE_ADDR", "")


def base_of(request: HttpRequest) -> str:
    """The address of this installation for links in messages."""
    return settings.KEFU_URL or f"{request.scheme}://{request.get_host()}"


def keep_at_field(form: Form, fields: dict[str, str]) -> None:
    """Show a refusal at the field it is about, by the first word of its code."""
    refused: Refused | None = form.refused
    name = fields.get(refused.code.partition(".")[0], "") if refused else ""
    if refused and name in form.fields:
        form.errors.pop("__all__", None)
        form.add_error(name, refused.text(translation.get_language() or "zh-hans"))
        form.refused = None
