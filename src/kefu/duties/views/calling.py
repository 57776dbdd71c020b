"""The call list, and writing down a try to reach somebody."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from kefu.core.errors import Refused
from kefu.duties import calls, lists
from kefu.duties.queries import visible_duty
from kefu.duties.trying import CHANNELS, RESULTS, attempt
from kefu.duties.views.board import tabs
from kefu.staff.asking import person_of
from kefu.web.back import back
from kefu.web.instant import instant_of
from kefu.web.pages import unknown
from kefu.web.remaining import read_promises
from kefu.web.statuses import status_shown


@require_GET
@login_required
def call_list(request: HttpRequest) -> HttpResponse:
    return _calls(request)


def _calls(request: HttpRequest, refused: Refused | None = None, number: str = "") -> HttpResponse:
    person, at = person_of(request), instant_of(request)
    found = calls.call_list(person, at)
    read_promises(one.duty for one in found)
    context = {
        "at": at,
        "calls": found,
        "names": lists.names_of([one.duty for one in found]),
        "channels": CHANNELS,
        "results": RESULTS,
        "refused": refused,
        "number": number,
        "tabs": tabs("calls", person, at),
    }
    return render(request, "duties/calls.html", context, status=status_shown(refused))


@require_POST
@login_required
def try_to_reach(request: HttpRequest, number: str) -> HttpResponse:
    """One try, from the call list or from the duty's page; who reached somebody goes on to the duty's form."""
    person, at = person_of(request), instant_of(request)
    try:
        duty = visible_duty(person, number, at)
    except Refused as refused:
        return unknown(request, refused)
    result = request.POST.get("result", "")
    try:
        attempt(
            duty,
            channel=request.POST.get("channel", "telephone"),
            result=result,
            note=request.POST.get("note", ""),
            by=person,
            at=at,
        )
    except Refused as refused:
        return _calls(request, refused, number)
    shown = reverse("duties:show", args=[duty.number])
    return redirect(shown) if result == "reached" else back(request, reverse("duties:calls"))
