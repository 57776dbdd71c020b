"""Where a button without a page of its own comes back to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


def safe_path(request: HttpRequest, otherwise: str = "/") -> str:
    """The posted or asked `next` when it is a path of this site; `//evil`, `/\\evil` and others are not."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    own = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if own else otherwise


def back(request: HttpRequest, otherwise: str = "/") -> HttpResponseRedirect:
    return HttpResponseRedirect(safe_path(request, otherwise))
