"""Documents: forms of the rulebook, filled in, signed and filed. Signing is a move; the name given signs."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from kefu.api.once import OPENAPI, once
from kefu.api.paging import Cursor, Limit, Page, page
from kefu.api.shown import DocumentBrief, DocumentOut, Given, document_brief, document_out
from kefu.api.tokens import Caller, caller
from kefu.api.works import Offered, Reveal, Revealed, offer_moves
from kefu.core.errors import Refused
from kefu.core.rulebook.model import Ref
from kefu.documents import actions, revealing
from kefu.documents.asking import language
from kefu.documents.composing import papers_of
from kefu.documents.models import Document
from kefu.documents.printed import printed
from kefu.documents.queries import documents_visible_to, visible_document, waiting_for
from kefu.documents.records import may_see, work_of
from kefu.documents.retention import require_there
from kefu.staff.rights import Tree

router = Router(tags=["documents"])


class NewDocument(Given):
    """A draft. `values`: fields of the form; what is computed may be left out. `origin`: what it is filled in
    for, as answers say it (`case:17`). `department`: default that of this work, else the caller's own.
    """

    kind: str
    values: dict[str, Any] = {}
    origin: str = ""
    department: int | None = None


class Filled(Given):
    """Fields of a draft. `revision`: the one the caller saw; another one now is refused (409 work.changed)."""

    values: dict[str, Any]
    revision: int | None = None


class Reasoned(Given):
    reason: str


@router.get("", response=Page[DocumentBrief], url_name="documents_list")
def list_documents(
    request: HttpRequest, cursor: Cursor = "", limit: Limit = 50, of: Literal["all", "waiting"] = "all"
) -> Any:
    """Newest first. `waiting`: the caller's drafts, and what waits for the caller's signature."""
    who = caller(request)
    rows = {"all": documents_visible_to, "waiting": waiting_for}[of](who.person, who.at)
    return page(rows.select_related("corrects"), document_brief, cursor=cursor, limit=limit)


@router.post("", response={201: DocumentOut}, url_name="documents_begin", openapi_extra=OPENAPI)
def begin(request: HttpRequest, new: NewDocument) -> Status[Any]:
    """Begin a document. What contradicts what is computed is refused, naming both numbers."""
    who = caller(request)
    origin = _origin(new.origin, who) if new.origin else None
    work = work_of(origin) if origin else None
    own = work.department_id if work is not None else who.person.department_id
    department = Tree().by_id.get(own if new.department is None else new.department)
    if department is None:
        raise Refused("department.unknown", zh="没有这个部门。", en="There is no such department.")

    def do() -> DocumentOut:
        document = actions.begin(
            new.kind,
            department=department,
            by=who.person,
            at=who.at,
            values=new.values,
            origin=origin,
            prefill=True,
        )
        return document_out(document, who)

    return once(request, 201, do)


@router.post("/{number}/fill", response=DocumentOut, url_name="documents_fill")
def fill(request: HttpRequest, number: str, filled: Filled) -> DocumentOut:
    """Go on writing a draft."""
    who, document = caller(request), _document(request, number)
    document = actions.fill(document, filled.values, by=who.person, at=who.at, revision=filled.revision)
    return document_out(document, who)


@router.post("/{number}/reveal", response=Revealed, url_name="documents_reveal")
def reveal(request: HttpRequest, number: str, asked: Reveal) -> Revealed:
    """One masked value in full, at most 30 an hour; who looked at what and why stays on record."""
    who, document = caller(request), _document(request, number)
    value = revealing.reveal(document, asked.field, reason=asked.reason, by=who.person, at=who.at)
    return Revealed(value=value)


@router.post(
    "/{number}/correct", response={201: DocumentOut}, url_name="documents_correct", openapi_extra=OPENAPI
)
def correct(request: HttpRequest, number: str, asked: Reasoned) -> Status[Any]:
    """Begin a new version of a filed document, which stays as it is."""
    who, document = caller(request), _document(request, number)

    def do() -> DocumentOut:
        return document_out(actions.correct(document, reason=asked.reason, by=who.person, at=who.at), who)

    return once(request, 201, do)


@router.get(
    "/{number}/paper", url_name="documents_paper", openapi_extra={"responses": {200: {"description": "PDF"}}}
)
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """The document on A4, as a PDF."""
    who, document = caller(request), _document(request, number)
    require_there(document)
    return printed(papers_of([document], lang=language(), at=who.at), document.number)


def _origin(text: str, who: Caller) -> Ref:
    """Raises Refused document.no_origin for what the caller may not see, as for what is not there."""
    noun, _, pk = text.partition(":")
    if not may_see(Ref(noun, pk), who.person, who.at):
        raise Refused("document.no_origin", zh="没有找到该记录。", en="There is no such record.")
    return Ref(noun, pk)


def _document(request: HttpRequest, number: str) -> Document:
    who = caller(request)
    return visible_document(who.person, number, who.at)


offer_moves(router, "documents", DocumentOut, Offered(_document, actions, document_out), "document")
