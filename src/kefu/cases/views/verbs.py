"""What is done with one case: each verb its own address. A refusal shows the page again with what was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from kefu.cases import actions, rights
from kefu.cases.models import Case, Message
from kefu.cases.queries import visible_case
from kefu.cases.views.showing import page, person_named
from kefu.core.errors import Refused
from kefu.core.files.actions import store
from kefu.core.files.models import StoredFile
from kefu.core.inputs import searchable
from kefu.core.rulebook.model import Ref
from kefu.core.work import actions as work
from kefu.core.work.fields import fields_of
from kefu.documents import filling, work_page
from kefu.documents.asking import revision_of
from kefu.documents.once import once
from kefu.documents.work_page import Tried
from kefu.staff.asking import person_of
from kefu.staff.models import Person
from kefu.web.pages import unknown

Verb = Callable[[HttpRequest, Case, Person, datetime], object]


def verb(name: str) -> Callable[[Verb], Callable[[HttpRequest, str], HttpResponse]]:
    """A view that fetches the case, does one thing once, and goes back to its page; refused, shows it anew.

    name: which form of the page was sent.
    """

    def made(do: Verb) -> Callable[[HttpRequest, str], HttpResponse]:
        @require_POST
        @login_required
        @wraps(do)
        def view(request: HttpRequest, number: str) -> HttpResponse:
            person, at = person_of(request), timezone.now()
            try:
                case = visible_case(person, number, at)
            except Refused as refused:
                return unknown(request, refused)
            back = reverse("cases:show", args=[case.number])

            def act() -> str:
                do(request, case, person, at)
                return back

            try:
                return redirect(once(request, by=person, at=at, do=act))
            except Refused as refused:
                tried = Tried(request.POST.get("move", "") if name == "move" else name, request.POST, refused)
                return page(request, case, at, tried)

        return view

    return made


@verb("move")
def move(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    name = request.POST.get("move", "")
    rule = case.flow.moves.get(name)
    fields = fields_of(case.rule)
    names = work_page.form_of(case, rule) if rule is not None else ()
    values = filling.given(
        fields, names, request.POST, prefix=name, choices=filling.choices_for(case.department_id)
    )
    stored: list[StoredFile] = []
    for one in names:
        sent = request.FILES.getlist(f"{name}.{one}") if fields[one].type == "file" else []
        if sent:
            kept = [store(file.read(), file.name or "", by=person, at=at) for file in sent]
            stored += kept
            refs = [Ref("file", str(file.pk)) for file in kept]
            values[one] = refs if fields[one].many else refs[0]
    case = actions.move(
        case,
        name,
        by=person,
        at=at,
        values=values,
        reason=request.POST.get("reason", ""),
        revision=revision_of(request),
    )
    for kept_file in stored:
        actions.attach(case, kept_file, by=person, at=at)


@verb("message")
def add_message(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    """Words, files, or both."""
    body, files = request.POST.get("body", ""), request.FILES.getlist("files")
    message: Message | None = None
    if body.strip() or not files:
        public = request.POST.get("public") == "1"
        message = actions.add_message(case, by=person, at=at, body=body, public=public)
    for file in files:
        stored = store(file.read(), file.name or "", by=person, at=at)
        actions.attach(case, stored, by=person, at=at, message=message)


@verb("fill")
def fill(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    """Fields that no move fills."""
    rights.require("fill", person, case, at)
    values = filling.given(
        fields_of(case.rule),
        filling.free_fields(case.rule),
        request.POST,
        prefix="fill",
        choices=filling.choices_for(case.department_id),
    )
    fields = case.rule.form.fields
    work.require_filled(fields, [name for name in values if fields[name].required], values)
    work.set_values(case, values, by=person, at=at, revision=revision_of(request))


@verb("take")
def take(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    if case.owner_id is None:  # taken meanwhile: the action says by whom
        rights.require("take", person, case, at)
    actions.take(case, by=person, at=at)


@verb("assign")
def assign(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    rights.require("assign", person, case, at)
    actions.assign(
        case, person_named(request.POST.get("to", "")), by=person, at=at, revision=revision_of(request)
    )


@verb("void")
def void(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    rights.require("void", person, case, at)
    actions.void(case, by=person, at=at, reason=request.POST.get("reason", ""), revision=revision_of(request))


@verb("link")
def link(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    """To another case that the person may see."""
    other = visible_case(person, searchable(request.POST.get("other", "")).strip(), at)
    actions.link(case, other, kind=request.POST.get("kind", ""), by=person, at=at)
