"""The team board of a leader, and what is done from it with the case that is chosen there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from kefu.cases import actions, rights, urging
from kefu.cases.models import Case
from kefu.cases.queries import visible_case
from kefu.core.errors import Refused
from kefu.core.inputs import searchable
from kefu.home.board import board_of, mates_of
from kefu.staff.asking import person_of
from kefu.staff.models import Person
from kefu.web.instant import instant_of
from kefu.web.statuses import status_shown

Verb = Callable[[HttpRequest, Case, Person, datetime], str]


@require_GET
@login_required
def board(request: HttpRequest) -> HttpResponse:
    """For who leads nobody it stays empty and says so."""
    return _page(request, instant_of(request))


def _page(request: HttpRequest, at: datetime, refused: Refused | None = None) -> HttpResponse:
    found = board_of(person_of(request), at)
    shown: dict[str, Any] = {"board": found, "at": at, "refused": refused, "typed": request.POST}
    return render(request, "home/board.html", shown, status=status_shown(refused) if refused else 200)


def _verb(do: Verb) -> Callable[[HttpRequest], HttpResponse]:
    """A button of the board: does it with the chosen case and comes back; a refusal stands on the board itself."""

    @require_POST
    @login_required
    def pressed(request: HttpRequest) -> HttpResponse:
        person, at = person_of(request), instant_of(request)
        case = visible_case(person, searchable(request.POST.get("case", "")).strip(), at)
        try:
            said = do(request, case, person, at)
        except Refused as refused:
            return _page(request, at, refused)
        messages.success(request, said)
        return redirect("home:board")

    return pressed


@_verb
def assign(request: HttpRequest, case: Case, person: Person, at: datetime) -> str:
    """`to`: the name or the login of somebody on the board."""
    rights.require("assign", person, case, at)
    to = _named(request.POST.get("to", ""), person, at)
    actions.assign(case, to, by=person, at=at)
    return gettext("%(number)s is with %(name)s now.") % {"number": case.number, "name": to.name}


@_verb
def nudge(request: HttpRequest, case: Case, person: Person, at: datetime) -> str:
    urging.nudge(case, by=person, at=at, reason=request.POST.get("reason", ""))
    return gettext("%(number)s was nudged.") % {"number": case.number}


@_verb
def supervise(request: HttpRequest, case: Case, person: Person, at: datetime) -> str:
    try:
        until = forms.DateTimeField().clean(request.POST.get("feedback_by", ""))
    except forms.ValidationError:
        raise Refused(
            "form.instant",
            zh="请填写要求反馈的日期和时间，例：2026-10-08 15:04。",
            en="Say by when you want an answer, as date and time: 2026-10-08 15:04.",
        ) from None
    urging.supervise(case, by=person, at=at, reason=request.POST.get("reason", ""), feedback_by=until)
    return gettext("%(number)s is supervised.") % {"number": case.number}


def _named(words: str, person: Person, at: datetime) -> Person:
    """One of the people led, by login or by a name that only one of them has."""
    wanted = searchable(words).strip()
    people = mates_of(person, at)
    found = list(people.filter(login=wanted.lower())[:1]) or list(people.filter(name=wanted)[:2])
    if len(found) == 1:
        return found[0]
    raise Refused(
        "person.unknown",
        zh=f"看板上没有「{wanted[:40]}」，或有同名的人；请从列表中选择。",
        en=f"Nobody on the board is called “{wanted[:40]}”, or more than one is; choose from the list.",
    )
