"""My requests: the list, one of them, and what one can do with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kefu.cases.models import Case
from kefu.cases.rating import may_rate, rate
from kefu.core.errors import Refused
from kefu.core.files.queries import content
from kefu.core.flow import Offer
from kefu.core.rulebook.model import Field, Text
from kefu.documents import filling
from kefu.documents.asking import language
from kefu.documents.once import new_token, once
from kefu.portal import actions, limits
from kefu.portal.forms import RatingForm, ReplyForm
from kefu.portal.guards import spend
from kefu.portal.progress import steps, story
from kefu.portal.promises import promises
from kefu.portal.queries import case_shown, cases_shown_to, files_shown, mark_of, unknown
from kefu.portal.views.common import portal_page
from kefu.portal.visits import Visitor, actor_of, visitor_of
from kefu.web.instant import instant_of
from kefu.web.statuses import status_shown

PAGE = 20


@portal_page("GET")
def requests(request: HttpRequest) -> HttpResponse:
    """Newest first, by keyset."""
    at = instant_of(request)
    visitor = visitor_of(request, at)
    if visitor.visit is None:
        return redirect("portal:sign_in")
    cases = cases_shown_to(visitor, at).order_by("-id")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        cases = cases.filter(pk__lt=int(before))
    found = list(cases[: PAGE + 1])
    context = {
        "at": at,
        "visitor": visitor,
        "rows": [(case, _now(case)) for case in found[:PAGE]],
        "more": found[PAGE - 1].pk if len(found) > PAGE else None,
    }
    return render(request, "portal/requests.html", context)


@portal_page("GET")
def show(request: HttpRequest, number: str) -> HttpResponse:
    at = instant_of(request)
    visitor = visitor_of(request, at)
    return _page(request, case_shown(visitor, number, at), visitor, at)


@portal_page("GET")
def news(request: HttpRequest, number: str) -> HttpResponse:
    """What an open page asks every few seconds: the mark of what it would show now, nothing of the case itself."""
    at = instant_of(request)
    case = case_shown(visitor_of(request, at), number, at)
    return JsonResponse({"mark": mark_of(case)}, headers={"Cache-Control": "no-store"})


@portal_page("POST")
def reply(request: HttpRequest, number: str) -> HttpResponse:
    def do(case: Case, at: datetime) -> str:
        actions.reply(case, request.POST.get("body", ""), request.FILES.getlist("files"), at=at)
        return _("Your message was sent.")

    return _act(request, number, "reply", do)


@portal_page("POST")
def move(request: HttpRequest, number: str) -> HttpResponse:
    name = request.POST.get("move", "")

    def do(case: Case, at: datetime) -> str:
        rule = case.flow.moves.get(name)
        fields = case.rule.form.fields
        names = [one for one in (rule.fill if rule else ()) if one in fields]
        values = filling.given(fields, names, request.POST, prefix=name, choices={})
        actions.move(case, name, values, at=at)
        return _("Thank you, it is noted.")

    return _act(request, number, name, do)


@portal_page("POST")
def send_urge(request: HttpRequest, number: str) -> HttpResponse:
    def do(case: Case, at: datetime) -> str:
        actions.urge(case, at=at)
        return _("We were reminded: whoever handles it and their leader have a notice.")

    return _act(request, number, "urge", do)


@portal_page("POST")
def send_rating(request: HttpRequest, number: str) -> HttpResponse:
    form = RatingForm(request.POST)

    def do(case: Case, at: datetime) -> str:
        given = form.cleaned_data if form.is_valid() else {}
        rate(
            case,
            marks=given.get("marks", 0),
            tags=given.get("tags", []),
            words=given.get("words", ""),
            by=actor_of(case),
            at=at,
        )
        return _("Thank you for your rating.")

    return _act(request, number, "rate", do)


@portal_page("GET")
def download(request: HttpRequest, number: str, file: str) -> HttpResponse:
    """A file that was sent to or by the customer, as opaque bytes: never shown by the browser."""
    at = instant_of(request)
    attachment = files_shown(case_shown(visitor_of(request, at), number, at)).filter(file_id=file).first()
    if attachment is None:
        raise unknown(number)
    response = HttpResponse(content(attachment.file), content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(attachment.file.name)}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _act(request: HttpRequest, number: str, name: str, do: Callable[[Case, datetime], str]) -> HttpResponse:
    """Do one thing once, say so, and come back to the page; a refusal shows it with what was typed."""
    at = instant_of(request)
    visitor = visitor_of(request, at)
    case = case_shown(visitor, number, at)
    try:
        spend({f"act:{case.pk}:{actor_of(case).actor_id}": limits.ACT_ON_CASE}, at=at)
        messages.success(request, once(request, by=actor_of(case), at=at, do=lambda: do(case, at)))
    except Refused as refused:
        return _page(request, case, visitor, at, name, refused)
    return redirect("portal:request", case.number)


def _page(
    request: HttpRequest,
    case: Case,
    visitor: Visitor,
    at: datetime,
    name: str = "",
    refused: Refused | None = None,
) -> HttpResponse:
    """The whole page; `name` is the form that was refused, shown as it was filled in."""
    lang, tried = language(), request.POST if refused else None
    case = Case.objects.select_related("owner", "department", "merged_into").get(pk=case.pk)
    rating = getattr(case, "rating", None)
    moves = actions.moves_of(case, at)
    forms = {"reply", *(one.move.name for one in moves)} | ({"rate"} if may_rate(case) else set())
    goes_on = cases_shown_to(visitor, at).filter(pk=case.merged_into_id or 0).exists()
    context: dict[str, Any] = {
        "at": at,
        "visitor": visitor,
        "case": case,
        "mark": mark_of(
            case
        ),  # before the rest is read: what comes meanwhile is told twice rather than never
        "goes_on": goes_on,
        "kind": case.rule.to_customer or case.rule.title,
        "steps": steps(case, lang),
        "promises": promises(case, at, lang) if case.is_open else [],
        "entries": story(case, lang),
        "moves": [
            (one.move, _asked(case, one, tried if one.move.name == name else None, refused)) for one in moves
        ],
        "may_urge": actions.may_urge(case),
        "reply": ReplyForm(tried if name == "reply" else None),
        "rate": RatingForm(tried, initial=_given(rating))
        if name == "rate"
        else RatingForm(initial=_given(rating)),
        "may_rate": may_rate(case),
        "rating": rating,
        "name": name,
        "refused": refused,
        "refused_at_head": refused is not None and name not in forms,
        "had_files": bool(request.FILES),
        "most_files": limits.MOST_FILES,
        "token": new_token(),
    }
    return render(request, "portal/request.html", context, status=status_shown(refused))


def _asked(case: Case, offer: Offer, tried: Any, refused: Refused | None) -> list[filling.Asked]:
    fields = {
        name: _to_customer(field) for name, field in case.rule.form.fields.items() if name in offer.move.fill
    }
    return filling.asked(
        case.rulebook,
        fields,
        [name for name in offer.move.fill if name in fields],
        prefix=offer.move.name,
        values={},
        choices={},
        required=offer.move.fill,
        tried=tried,
        refused=refused if tried else None,
    )


def _to_customer(field: Field) -> Field:
    return replace(field, title=field.to_customer or field.title, clauses=())


def _given(rating: Any) -> dict[str, object]:
    return {"marks": rating.marks, "tags": rating.tags, "words": rating.words} if rating else {}


def _now(case: Case) -> Text:
    """The step it stands at, in the customer's words."""
    state = case.flow.states[case.state]
    return state.to_customer or state.title
