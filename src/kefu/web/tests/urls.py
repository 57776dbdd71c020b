"""Addresses of the furniture's own tests: pages that refuse, fail, greet."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from kefu.config.urls import handler400, handler403, handler404, handler500
from kefu.config.urls import urlpatterns as real
from kefu.core.errors import Refused

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def greet(request: HttpRequest) -> HttpResponse:
    return render(request, "web/page.html")


def refuse(request: HttpRequest) -> HttpResponse:
    wait = {"retry_after": 90} if request.GET.get("wait") else {}
    raise Refused("tea.cold", zh="茶凉了<b>。", en="The tea is cold<b>.", **wait)


def forbid(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def lose(request: HttpRequest) -> HttpResponse:
    raise Http404


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault of ours")


urlpatterns = [
    *(path(f"t/{view.__name__}/", login_not_required(view)) for view in (greet, refuse, forbid, lose, fail)),
    path("t/closed/", lambda request: HttpResponse("inside")),
    path("", include(real)),
]
