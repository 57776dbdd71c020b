"""Register a case while on the phone: one page, by keyboard."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from kefu.cases import actions, grading
from kefu.cases.models import Case
from kefu.cases.registering import CHANNELS, NEW, Caller, callers, completed, customer_of, new_customer
from kefu.core.errors import Refused
from kefu.core.rulebook.model import Kind, Rulebook
from kefu.core.work.actions import require_opener
from kefu.core.work.fields import fields_of
from kefu.documents import drafts, filling, parts
from kefu.documents.grading import by_answers
from kefu.documents.once import new_token, once
from kefu.staff.asking import person_of
from kefu.staff.models import Person
from kefu.staff.rights import rulebook_of
from kefu.web.instant import instant_of
from kefu.web.pages import unknown
from kefu.web.statuses import status_shown

JUST_NOW = timedelta(minutes=10)
LATELY = 300  # cases that say which kinds are registered often
PREFIX = "new"  # of the inputs that are fields of the case's form
FROM_HEAD = ("content",)  # what the head of the page asks already


@require_http_methods(["GET", "POST"])
@login_required
def register(request: HttpRequest) -> HttpResponse:
    """GET shows the form for `kind`; asked by htmx for `kind-fields`, the questions of the kind alone, and for
    `grade-proposed`, what their answers would give."""
    person, at = person_of(request), instant_of(request)
    if request.headers.get("HX-Target") == "grade-proposed":
        return _proposed(request, person, at)
    if request.method == "GET":
        return _page(request, person, at, request.GET)
    if parts.wants_line(request.POST):
        return _page(request, person, at, request.POST)
    try:
        return redirect(once(request, by=person, at=at, do=lambda: _register(request, person, at)))
    except Refused as refused:
        return _page(request, person, at, request.POST, refused)


@require_GET
@login_required
def find_customers(request: HttpRequest) -> HttpResponse:
    """The fragment with who may be calling."""
    person, at = person_of(request), instant_of(request)
    phone = request.GET.get("phone", "")
    found = callers(person, phone, at)
    chosen = _chosen(found, phone)
    context = {
        "at": at,
        "callers": found,
        "typed": request.GET,
        "phone": phone,
        "chosen": chosen,
        "new": NEW,
        "newcomer": new_customer(phone),
        "naming": "naming" in request.GET,
    }
    return render(request, "cases/_callers.html", context)


def _register(request: HttpRequest, person: Person, at: datetime) -> str:
    posted, place = request.POST, reverse("cases:register")
    drafts.require_unsent(person, place, "register", posted.get("draft", ""))
    name = posted.get("kind", "")
    rulebook = rulebook_of(person.department, at)
    rule = rulebook.kinds.get(name)
    values: dict[str, object] = {}
    told: dict[str, object] = {}
    customer, site, asset = customer_of(person, posted, at=at)
    if rule is not None:
        fields, choices = fields_of(rule), filling.choices_for(person.department_id)
        values = filling.given(fields, _questions(rule), posted, prefix=PREFIX, choices=choices)
        values = completed(fields, values, posted, customer, site)
        early = grading.told_early(grading.to_be_opened(rule, rulebook, person, at))
        told = filling.given(fields, early, posted, prefix=PREFIX, choices=choices)
    case = actions.register(
        name,
        department=person.department,
        by=person,
        at=at,
        subject=posted.get("subject", ""),
        body=posted.get("body", ""),
        values=values,
        channel=posted.get("channel", "") if posted.get("channel") in CHANNELS else "",
        customer=customer,
        site=site,
        asset=asset,
        told=told,
    )
    drafts.forget(person, place)
    return reverse("cases:show", args=[case.number])


def _page(
    request: HttpRequest, person: Person, at: datetime, typed: QueryDict, refused: Refused | None = None
) -> HttpResponse:
    rulebook = rulebook_of(person.department, at)
    kinds = [
        kind
        for kind in rulebook.kinds.values()
        if kind.chapter == Case.chapter and _may_open(rulebook, kind, person, at)
    ]
    often = Counter(
        Case.objects.filter(department=person.department_id)
        .order_by("-id")
        .values_list("kind", flat=True)[:LATELY]
    )
    kinds.sort(key=lambda one: -often[one.name])
    kind = next((one for one in kinds if one.name == typed.get("kind")), kinds[0] if kinds else None)
    asked: list[filling.Asked] = []
    grade: dict[str, Any] = {}
    if kind is not None:
        case = grading.to_be_opened(kind, rulebook, person, at)
        grade = _grade(case, typed)
        names = [name for name in _questions(kind) if name not in FROM_HEAD]
        asked = filling.asked(
            rulebook,
            fields_of(kind),
            dict.fromkeys((*names, *grade.get("watched", ()))),
            prefix=PREFIX,
            values={},
            choices=filling.choices_for(person.department_id),
            required=[name for name, field in kind.form.fields.items() if field.required],
            tried=typed if typed else None,
            refused=refused,
        )
    by_name = {one.field.name: one for one in asked if not one.field.required}
    short = [by_name[name] for name in grade.get("watched", ()) if name in by_name]
    phone = typed.get("phone") or typed.get("caller") or ""
    found = callers(person, phone, at) if phone else []
    context = {
        "at": at,
        "kinds": kinds,
        "kind": kind,
        "asked": [one for one in asked if one.field.required],
        "optional": [one for one in asked if one not in short and not one.field.required],
        "short": short,
        **grade,
        "typed": typed,
        "refused": refused,
        "callers": found,
        "chosen": typed["customer"] if "customer" in typed else _chosen(found, phone),
        "phone": phone,
        "new": NEW,
        "newcomer": new_customer(phone),
        "lately": _lately(person, at) if refused is None else None,
        "channels": CHANNELS,
        "token": new_token(),
    }
    part = request.headers.get("HX-Target") == "kind-fields"
    template = "cases/_kind_fields.html" if part else "cases/register.html"
    return render(request, template, context, status=status_shown(refused))


def _proposed(request: HttpRequest, person: Person, at: datetime) -> HttpResponse:
    """The fragment with the grade that the answers typed so far would give."""
    rulebook = rulebook_of(person.department, at)
    kind = rulebook.kinds.get(request.GET.get("kind", ""))
    if kind is None or kind.chapter != Case.chapter:
        return unknown(request, LookupError("kind"))
    grade = _grade(grading.to_be_opened(kind, rulebook, person, at), request.GET)
    return render(request, "cases/_grade_proposed.html", grade)


def _grade(case: Case, typed: QueryDict) -> dict[str, Any]:
    """What the form says of the grade: the fields on which it rests, whether one is answered, what they would give,
    and the move that sets it. Nothing where its rules ask for nothing that is answered in a word."""
    watched = grading.questions(case)
    if not watched:
        return {}
    answers = {name: given for name in watched if (given := typed.get(f"{PREFIX}.{name}", ""))}
    return {
        "watched": watched,
        "prefix": PREFIX,
        "answered": bool(answers),
        "proposal": by_answers(case, answers),
        "setting": grading.setting(case.rule),
    }


def _lately(person: Person, at: datetime) -> Case | None:
    """What the person registered just now: who comes back to the form sees that it was done."""
    mine = Case.objects.filter(author=person, opened_at__gt=at - JUST_NOW)
    return mine.order_by("-id").first()


def _questions(kind: Kind) -> list[str]:
    """What is asked at once: required fields first, then those that no move asks later."""
    free = filling.free_fields(kind)
    required = [name for name, field in kind.form.fields.items() if field.required]
    return list(dict.fromkeys((*required, *free)))


def _may_open(rulebook: Rulebook, kind: Kind, person: Person, at: datetime) -> bool:
    """Whether the rulebook lets the person register this kind; the action asks again."""
    try:
        require_opener(rulebook, kind.name, person.department_id, by=person, at=at)
    except Refused:
        return False
    return True


def _chosen(found: list[Caller], typed: str) -> str:
    """The one customer found; a new one when nobody is known under a phone number or name; else nobody yet."""
    if len(found) == 1:
        return str(found[0].customer.pk)
    return NEW if not found and new_customer(typed) else ""
