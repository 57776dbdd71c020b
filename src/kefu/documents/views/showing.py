"""The page of one document: written while it is a draft, then read, signed, printed, corrected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kefu.core.errors import Refused
from kefu.core.files.models import StoredFile
from kefu.core.rulebook.model import Field, Ref, Text
from kefu.core.work import registry
from kefu.core.work.actions import require_opener
from kefu.core.work.fields import fields_of
from kefu.core.work.queries import events
from kefu.documents import actions, attached, figures, filling, work_page
from kefu.documents.asking import language, revision_of
from kefu.documents.composing import papers_of, rows_of
from kefu.documents.models import Document, Signature
from kefu.documents.once import new_token
from kefu.documents.printed import printed
from kefu.documents.queries import documents_visible_to, visible_document
from kefu.documents.records import may_see, names
from kefu.documents.retention import require_there
from kefu.documents.revealing import Look, look, may_reveal
from kefu.documents.revealing import reveal as revealed
from kefu.documents.signing import signatures_of
from kefu.documents.verbs import Desk
from kefu.documents.work_page import Tried
from kefu.documents.writing import (
    SAVE,
    Written,
    finder,
    first_moves,
    free_of,
    move_values,
    typed_values,
    uploads,
    written,
)
from kefu.live.words import nouns
from kefu.staff.asking import person_of
from kefu.staff.models import Person
from kefu.web.instant import instant_of
from kefu.web.pages import unknown
from kefu.web.statuses import status_shown

# where the pages of what a document was filled in for are
ADDRESSES = {
    "case": "cases:show",
    "duty": "duties:show",
    "document": "documents:show",
    "approval": "approvals:show",
    "customer": "customers:show",
}
MOST_PRINTED = 100  # documents in one PDF


@dataclass(frozen=True, slots=True)
class Fact:
    """A field as the page shows it: in words, as a table of lines, or as files."""

    field: Field
    words: str
    lines: list[list[str]]
    files: list[StoredFile]


@dataclass(frozen=True, slots=True)
class Origin:
    """What it was filled in for: its name, and its page where there is one."""

    name: str
    url: str


def page(
    request: HttpRequest,
    document: Document,
    at: datetime,
    tried: Tried | None = None,
    looked: Look | None = None,
) -> HttpResponse:
    """The whole page; with a form that was refused, as it was filled in, with its status."""
    person, lang = person_of(request), language()
    document = Document.objects.select_related("owner", "author", "department", "corrects").get(
        pk=document.pk
    )
    rule = document.rule
    mine = is_mine(document, person)
    form = _form(document, person, at, tried) if mine else None
    moves, barred = work_page.moves(document, person, at, tried, by_number=True)
    if form is not None:  # the form's own buttons make those moves
        moves = []
    live, over = work_page.clocks(document, at)
    refused = looked.refused if looked else tried.refused if tried else None
    shown_at_form = {one.move.name for one in moves} | ({"write"} if form else set())
    context = {
        "at": at,
        "document": document,
        "work": document,
        "kind": rule,
        "clauses": [
            document.rulebook.clauses[one] for one in rule.clauses if one in document.rulebook.clauses
        ],
        "state": document.flow.states[document.state].title,
        "calendar": document.rulebook.calendar,
        "clocks": live,
        "clocks_over": over,
        "form": form,
        "facts": _facts(document, lang),
        "hidden": filling.hidden_fields(document),
        "looked": looked,
        "may_reveal": may_reveal(person, document, at),
        "reveal_url": reverse("documents:reveal", args=[document.number]),
        "moves": moves,
        "barred": barred,
        "move_url": reverse("documents:move", args=[document.number]),
        "signatures": [(one, _title(document, one, lang)) for one in signatures_of(document)],
        "history": work_page.history(document, events(document), lang),
        "origin": _origin(document, person, at),
        "newer": documents_visible_to(person, at).filter(corrects=document).first(),
        "older": document.corrects,
        "kept": _kept(document, lang),
        "copies": sum(number for _who, number in rule.copies),
        "may_correct": document.destroyed_at is None and _may_correct(document, person, at),
        "further": _further(document, person, at),
        "tried": tried,
        "refused": refused if tried and tried.name not in shown_at_form else None,
        "token": new_token(),
    }
    return render(request, "documents/show.html", context, status=status_shown(refused))


DESK = Desk(visible_document, page, "documents:show")
show = DESK.show()


@DESK.verb("write")
def write(request: HttpRequest, document: Document, person: Person, at: datetime) -> None:
    """Keep the draft, and make the move that the button names."""
    rule, find = document.rule, finder(person, at, document.values.values())
    asked, department = request.POST.get("do", SAVE), document.department_id
    values = typed_values(request, rule, department, find)
    move = next((one for one in first_moves(rule) if one.name == asked), None)
    given, drawn = move_values(request, rule, move, department, find) if move else ({}, {})
    values |= uploads(request, rule, free_of(rule), "fill", by=person, at=at)
    document = actions.fill(document, values, by=person, at=at, revision=revision_of(request))
    if move is not None:
        actions.move(document, move.name, by=person, at=at, values=given, drawn=drawn)


@DESK.verb("move")
def move(request: HttpRequest, document: Document, person: Person, at: datetime) -> None:
    name = request.POST.get("move", "")
    rule, find = document.flow.moves.get(name), finder(person, at, document.values.values())
    given: dict[str, object] = {}
    drawn: dict[str, bytes] = {}
    if rule is not None:
        names, department = work_page.form_of(document, rule), document.department_id
        given, drawn = move_values(request, document.rule, rule, department, find, names)
        given |= uploads(request, document.rule, names, name, by=person, at=at)
    reason, revision = request.POST.get("reason", ""), revision_of(request)
    actions.move(
        document, name, by=person, at=at, values=given, drawn=drawn, reason=reason, revision=revision
    )


@DESK.answering
def reveal(request: HttpRequest, document: Document, person: Person, at: datetime) -> HttpResponse:
    """One masked number in full on this answer alone, on record with the reason."""
    looked = look(request, lambda field, reason: revealed(document, field, reason=reason, by=person, at=at))
    return page(request, document, at, looked=looked)


@DESK.verb("discard")
def discard(request: HttpRequest, document: Document, person: Person, at: datetime) -> None:
    actions.discard(document, reason=request.POST.get("reason", ""), by=person, at=at)


@DESK.verb("correct")
def correct(request: HttpRequest, document: Document, person: Person, at: datetime) -> None:
    actions.correct(document, reason=request.POST.get("reason", ""), by=person, at=at)


@DESK.reading
def paper(request: HttpRequest, document: Document, at: datetime) -> HttpResponse:
    """The document as a PDF; with `copies` as often as its rule says."""
    copies = request.GET.get("copies") == "1"
    require_there(document)
    return printed(papers_of([document], lang=language(), at=at, copies=copies), document.number)


@require_safe
@login_required
def papers(request: HttpRequest) -> HttpResponse:
    """Several in one PDF: `n` is the number of each. Raises Refused print.limit, document.unknown."""
    person, at = person_of(request), instant_of(request)
    numbers = list(dict.fromkeys(request.GET.getlist("n")))
    if len(numbers) > MOST_PRINTED:
        raise Refused(
            "print.limit",
            zh=f"一次最多打印 {MOST_PRINTED} 份，已选 {len(numbers)} 份，请分批打印。",
            en=f"At most {MOST_PRINTED} are printed at once; {len(numbers)} are chosen. Print them in parts.",
        )
    found = {one.number: one for one in documents_visible_to(person, at).filter(number__in=numbers)}
    if not numbers or any(number not in found for number in numbers):
        return unknown(request, LookupError("documents"))
    for one in found.values():
        require_there(one)
    return printed(papers_of([found[one] for one in numbers], lang=language(), at=at), _("Forms"))


@require_safe
@login_required
def paper_of(request: HttpRequest, noun: str, number: str) -> HttpResponse:
    """Any work on paper by its form, in as many copies as its rule says: a task, an approval."""
    person, at = person_of(request), instant_of(request)
    visible = nouns().get(noun) if registry.model_named(noun) else None
    work = visible(person, at).filter(number=number[:40]).first() if visible else None
    if work is None:
        return unknown(request, LookupError(noun))
    copies = request.GET.get("copies") == "1"
    return printed(papers_of([work], lang=language(), at=at, copies=copies), work.number)


@require_safe
@login_required
def signature(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A drawn signature of a document that the person may see."""
    return _attached(request, number, lambda document: attached.signature_of(document, pk))


@require_safe
@login_required
def file(request: HttpRequest, number: str, file: str) -> HttpResponse:
    """A file of a field: shown if it is a picture, else to be kept."""
    return _attached(request, number, lambda document: attached.file_of(document, file))


def is_mine(document: Document, person: Person) -> bool:
    """Whether the person goes on writing it."""
    here = document.is_open and document.state == document.flow.start
    return here and person.pk in (document.owner_id, document.author_id)


def _form(document: Document, person: Person, at: datetime, tried: Tried | None) -> Written:
    mine = tried if tried is not None and tried.name == "write" else None
    return written(
        document.rulebook,
        document.rule,
        document.department_id,
        values={**document.values, **figures.of_work(document, person, at)},
        moves=first_moves(document.rule),
        tried=mine,
    )


def _facts(document: Document, lang: str) -> list[Fact]:
    """What is filled in, in the order of the paper, without the signatures: they have their own place."""
    fields, values = fields_of(document.rule), document.values
    words, known = filling.facts_in_words(document, lang), filling.names_of(values.values())
    order = [name for row in rows_of(document.rule, list(fields)) for name in row]
    files = attached.files_of(document, [name for name, one in fields.items() if one.type == "file"])
    zone = document.rulebook.calendar.zone
    found = []
    for field in (fields[name] for name in order if name in words and fields[name].type != "signature"):
        value = values[field.name]
        lines: list[list[str]] = []
        if field.type == "rows" and isinstance(value, list):
            lines = [
                [
                    filling.in_words(column, row.get(name), lang=lang, zone=zone, names=known)
                    for name, column in field.fields.items()
                ]
                for row in value
            ]
        found.append(Fact(field, words[field.name], lines, files.get(field.name, [])))
    return found


def _title(document: Document, one: Signature, lang: str) -> tuple[str, str]:
    """As what somebody signed: the title of the field, and of the post."""
    field, post = fields_of(document.rule).get(one.field), document.rulebook.posts.get(one.post)
    return field.title.text(lang) if field else one.field, post.title.text(lang) if post else ""


def _kept(document: Document, lang: str) -> str:
    """How long the rulebook has it kept, "" where it does not say."""
    keep = document.rule.form.keep
    if keep is None:
        return ""
    return _("for good") if isinstance(keep, str) else keep.render(lang)


def _origin(document: Document, person: Person, at: datetime) -> Origin | None:
    if not document.parent_kind:
        return None
    ref = Ref(document.parent_kind, str(document.parent_id))
    if not may_see(ref, person, at):
        return None
    name = names([ref]).get(ref, ref.id)
    address = ADDRESSES.get(ref.kind)
    return Origin(name, reverse(address, args=[name.split()[-1]]) if address else "")


def _may_correct(document: Document, person: Person, at: datetime) -> bool:
    if (
        document.is_open
        or document.voided_at is not None
        or Document.objects.filter(corrects=document).exists()
    ):
        return False
    try:
        require_opener(document.rulebook, document.kind, document.department_id, by=person, at=at)
    except Refused:
        return False
    return True


def _further(document: Document, person: Person, at: datetime) -> list[tuple[Document, Text]]:
    """Documents that were filled in for this one."""
    found = documents_visible_to(person, at).filter(parent_kind=document.noun, parent_id=document.pk)
    return [(one, one.rule.title) for one in found.order_by("pk")[:50]]


def _attached(request: HttpRequest, number: str, answer: Callable[[Document], HttpResponse]) -> HttpResponse:
    try:
        document = visible_document(person_of(request), number, instant_of(request))
    except Refused as refused:
        return unknown(request, refused)
    return answer(document)
