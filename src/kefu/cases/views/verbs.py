"""What is done with one case: each verb its own address. A refusal shows the page again with what was typed."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from kefu.cases import actions, outgoing, rights
from kefu.cases.models import Case, Message
from kefu.cases.queries import visible_case
from kefu.cases.reading import mark_read
from kefu.cases.registering import customer_of
from kefu.cases.views.showing import page, person_named
from kefu.core.errors import Refused
from kefu.core.files.actions import store
from kefu.core.files.models import StoredFile
from kefu.core.inputs import searchable
from kefu.core.rulebook.model import Ref
from kefu.core.work import actions as work
from kefu.core.work.fields import fields_of
from kefu.core.work.recording import require_not_void
from kefu.customers.assets import chosen_asset
from kefu.customers.revealing import look
from kefu.documents import filling, work_page
from kefu.documents.asking import revision_of, whole_number
from kefu.documents.grading import grade_shown
from kefu.documents.once import TOKEN, new_token
from kefu.documents.verbs import Desk, move_posted
from kefu.staff.models import Person
from kefu.web.pages import unknown

DESK = Desk(visible_case, page, "cases:show")
show = DESK.show()


@DESK.answering
def seen(request: HttpRequest, case: Case, person: Person, at: datetime) -> HttpResponse:
    """The page tells that it was looked at: what happened until now is not new any more."""
    mark_read(case, by=person, at=at)
    return HttpResponse(status=204)


@DESK.verb("move")
def move(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    name, values = move_posted(request, case)
    rule, fields = case.flow.moves.get(name), fields_of(case.rule)
    revision = revision_of(request)
    if outgoing.let_go(case, by=person, at=at, revision=revision):
        revision = None  # it was seen; what changed since is what the person said themselves
    stored: list[StoredFile] = []
    for one in work_page.form_of(case, rule) if rule is not None else ():
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
        revision=revision,
    )
    for kept_file in stored:
        actions.attach(case, kept_file, by=person, at=at)


@DESK.reading
def grade(request: HttpRequest, case: Case, at: datetime) -> HttpResponse:
    """The fragment with the grade of a move's form, as the rulebook proposes it from what was typed."""
    rule = case.flow.moves.get(request.GET.get("move", ""))
    shown = grade_shown(case, rule, request.GET) if rule is not None else None
    if rule is None or shown is None:
        return unknown(request, LookupError("move"))
    address = reverse("cases:grade", args=[case.number])
    return render(request, "documents/_grade.html", {"one": shown, "move": rule, "grade_url": address})


@DESK.verb("message")
def add_message(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    """Words, files, or both, and the move chosen with them. Words to the customer can be taken back for ten seconds;
    with files they go at once: a browser cannot be given its files back."""
    body, files = request.POST.get("body", ""), request.FILES.getlist("files")
    public, chosen = request.POST.get("public") == "1", request.POST.get("move", "")
    revision = revision_of(request) if public else None  # a note disturbs nobody, a second answer does
    if public and not files:
        token = request.POST.get(TOKEN) or new_token()
        outgoing.answer(case, by=person, at=at, body=body, move=chosen, revision=revision, token=token)
        return
    if outgoing.let_go(case, by=person, at=at, revision=revision):
        revision = None
    message: Message | None = None
    if body.strip() or not files:
        message = actions.add_message(case, by=person, at=at, body=body, public=public, revision=revision)
    if chosen:
        actions.move(case, chosen, by=person, at=at)
    for file in files:
        stored = store(file.read(), file.name or "", by=person, at=at)
        actions.attach(case, stored, by=person, at=at, message=message)


@DESK.verb("take_back")
def take_back(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    """Undo: an answer that has not gone yet becomes a draft again."""
    outgoing.take_back(
        case, whole_number(request.POST.get("answer", ""), "case.answer_gone"), by=person, at=at
    )


@DESK.verb("fill")
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


@DESK.verb("customer")
def name_customer(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    """Somebody of the archive that the person may see, or somebody new."""
    require_not_void(case)
    rights.require("fill", person, case, at)  # who may comes before what is missing
    customer, _, _ = customer_of(person, request.POST, at=at)
    if customer is None:
        raise Refused(
            "customer.none",
            zh="请先用电话或姓名查找，再选择一位客户。",
            en="Look for the customer by phone or name, then choose one.",
        )
    actions.name_customer(case, customer, by=person, at=at)


@DESK.verb("asset")
def name_asset(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    """A device in service; none, when it is taken off the case."""
    rights.require("fill", person, case, at)
    wanted = request.POST.get("asset", "")
    found = chosen_asset(person, whole_number(wanted, "asset.unknown"), at) if wanted else None
    actions.name_asset(case, found, by=person, at=at)


@DESK.verb("take")
def take(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    actions.take(case, by=person, at=at)


@DESK.verb("assign")
def assign(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    rights.require("assign", person, case, at)
    actions.assign(
        case, person_named(request.POST.get("to", "")), by=person, at=at, revision=revision_of(request)
    )


@DESK.verb("void")
def void(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    rights.require("void", person, case, at)
    actions.void(case, by=person, at=at, reason=request.POST.get("reason", ""), revision=revision_of(request))


@DESK.verb("link")
def link(request: HttpRequest, case: Case, person: Person, at: datetime) -> None:
    """To another case that the person may see."""
    other = visible_case(person, searchable(request.POST.get("other", "")).strip(), at)
    actions.link(case, other, kind=request.POST.get("kind", ""), by=person, at=at)


@DESK.answering
def reveal(request: HttpRequest, case: Case, person: Person, at: datetime) -> HttpResponse:
    """One masked number of the form in full on this answer alone, on record with the reason."""
    looked = look(request, lambda field, reason: actions.reveal(case, field, reason=reason, by=person, at=at))
    return page(request, case, at, looked=looked)
