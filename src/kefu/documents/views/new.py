"""A form to fill in: shown with what is on record, saved as a draft, or signed at once."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kefu.core.errors import Refused
from kefu.core.rulebook.model import Kind, Ref, Rulebook
from kefu.core.work.actions import require_opener
from kefu.core.work.fields import fields_of, read_values
from kefu.documents import actions, drafts, parts
from kefu.documents.asking import language
from kefu.documents.composing import empty_paper
from kefu.documents.figures import figures
from kefu.documents.models import Document
from kefu.documents.once import new_token, once
from kefu.documents.prefilling import prefilled
from kefu.documents.printed import printed
from kefu.documents.queries import places_of
from kefu.documents.records import may_see, names
from kefu.documents.views.choosing import new_address
from kefu.documents.work_page import Tried
from kefu.documents.writing import (
    SAVE,
    finder,
    first_moves,
    free_of,
    move_values,
    typed_values,
    uploads,
    written,
)
from kefu.staff.asking import person_of
from kefu.staff.models import Department, Person
from kefu.staff.rights import Tree, rulebook_of
from kefu.web.instant import instant_of
from kefu.web.pages import unknown
from kefu.web.statuses import status_shown


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest, department: int, kind: str, noun: str = "", pk: int = 0) -> HttpResponse:
    person, at = person_of(request), instant_of(request)
    try:
        origin = _origin(person, noun, pk, at)
        here, rulebook, rule = form_of(person, department, kind, at, origin)
    except Refused as refused:
        return unknown(request, refused)
    if request.method != "POST":
        return _page(request, here, rulebook, rule, origin, None)
    if parts.wants_line(request.POST):
        return _page(request, here, rulebook, rule, origin, Tried("write", request.POST, None))

    place = new_address(department, kind, origin)

    def act() -> str:
        drafts.require_unsent(person, place, "write", request.POST.get("draft", ""))
        document = _begin(request, here, rule, origin, person, at)
        drafts.forget(person, place, "write")
        return reverse("documents:show", args=[document.number])

    try:
        return redirect(once(request, by=person, at=at, do=act))
    except Refused as refused:
        return _page(request, here, rulebook, rule, origin, Tried("write", request.POST, refused))


@require_safe
@login_required
def empty(request: HttpRequest, department: int, kind: str) -> HttpResponse:
    """The form to be filled in by hand."""
    try:
        here, rulebook, rule = form_of(person_of(request), department, kind, instant_of(request))
    except Refused as refused:
        return unknown(request, refused)
    lang = language()
    return printed([empty_paper(rulebook, rule, here, lang)], rule.title.text(lang))


def _begin(
    request: HttpRequest, department: Department, rule: Kind, origin: Ref | None, person: Person, at: datetime
) -> Document:
    """What the button says: keep the draft, or make the first move with it."""
    rulebook = rulebook_of(department, at)
    known = prefilled(rule.name, rulebook, origin=origin, author=person, department=department, at=at)
    find, asked = finder(person, at, known.values()), request.POST.get("do", SAVE)
    values = typed_values(request, rule, department.pk, find)
    move = next((one for one in first_moves(rule) if one.name == asked), None)
    given, drawn = move_values(request, rule, move, department.pk, find) if move else ({}, {})
    values |= uploads(request, rule, free_of(rule), "fill", by=person, at=at)
    document = actions.begin(
        rule.name, department=department, by=person, at=at, values=values, origin=origin, prefill=True
    )
    if move is not None:
        document = actions.move(document, move.name, by=person, at=at, values=given, drawn=drawn)
    return document


def _page(
    request: HttpRequest,
    department: Department,
    rulebook: Rulebook,
    rule: Kind,
    origin: Ref | None,
    tried: Tried | None,
) -> HttpResponse:
    person, at = person_of(request), instant_of(request)
    raw = prefilled(rule.name, rulebook, origin=origin, author=person, department=department, at=at)
    values = read_values(fields_of(rule), raw, zone=rulebook.calendar.zone) if tried is None else {}
    if tried is None:
        values |= figures(rule, rulebook, values, department=department, origin=origin, person=person, at=at)
    refused = tried.refused if tried else None
    context = {
        "at": at,
        "kind": rule,
        "department": department,
        "origin": names([origin]).get(origin, "") if origin else "",
        "clauses": [rulebook.clauses[one] for one in rule.clauses if one in rulebook.clauses],
        "form": written(rulebook, rule, department.pk, values=values, moves=first_moves(rule), tried=tried),
        "action": new_address(department.pk, rule.name, origin),
        "empty_url": reverse("documents:empty", args=[department.pk, rule.name]),
        "tried": tried,
        "refused": refused,
        "token": new_token(),
    }
    return render(request, "documents/new.html", context, status=status_shown(refused))


def form_of(
    person: Person, department: int, kind: str, at: datetime, origin: Ref | None = None
) -> tuple[Department, Rulebook, Kind]:
    """Raises Refused document.no_form for what one may not fill in, as for what there is not."""
    tree = Tree()
    here = tree.by_id.get(department)
    rulebook = tree.rulebook_of(department, at) if here else None
    rule = rulebook.kinds.get(kind) if rulebook else None
    try:
        known = rulebook is not None and rule is not None and rule.chapter == Document.chapter
        if (
            here is None
            or rulebook is None
            or rule is None
            or not known
            or here.pk not in places_of(person, at, origin)
        ):
            raise Refused("document.no_form", zh="没有这种表单。", en="There is no such form.")
        require_opener(rulebook, kind, department, by=person, at=at)
    except Refused:
        raise Refused(
            "document.no_form",
            zh="没有这种表单，或不由您填写；请从表单目录中选择。",
            en="There is no such form, or it is not yours to fill in; choose one from the list of forms.",
        ) from None
    return here, rulebook, rule


def _origin(person: Person, noun: str, pk: int, at: datetime) -> Ref | None:
    """What it is filled in for. Raises Refused document.no_origin for what the person may not see."""
    if not noun:
        return None
    origin = Ref(noun, str(pk))
    if may_see(origin, person, at):
        return origin
    raise Refused("document.no_origin", zh="没有找到该记录。", en="There is no such record.")
