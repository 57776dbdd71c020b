"""Cases. A case that the caller may not see is unknown: 404 case.unknown, as if it did not exist."""

from __future__ import annotations

from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import File, Router, Status
from ninja.files import UploadedFile

from kefu.api.once import OPENAPI, once
from kefu.api.paging import Cursor, Limit, Page, page
from kefu.api.shown import (
    CaseBrief,
    CaseOut,
    FileOut,
    Given,
    MessageOut,
    case_brief,
    case_out,
    file_out,
    message_out,
)
from kefu.api.tokens import Caller, caller
from kefu.api.works import Offered, offer
from kefu.cases import actions, grading, rights
from kefu.cases.lists import kinds_in_force, require_known
from kefu.cases.models import Attachment, Case, Message
from kefu.cases.queries import cases_visible_to, visible_case, with_merged
from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.files import actions as files
from kefu.core.files.queries import content
from kefu.customers.assets import chosen_asset
from kefu.customers.models import Customer, Site
from kefu.customers.queries import customers_visible_to, sites_visible_to
from kefu.documents.asking import whole_number
from kefu.staff.models import Department, Person
from kefu.staff.queries import departments_visible_to, staff_visible_to

router = Router(tags=["cases"])


class NewCase(Given):
    """`department`: default the caller's own. `customer`: its number (KH000017). `values`: fields of the form.

    `told`: what was said already of fields that a move takes in later; it waits there (`proposes` of the moves).
    """

    kind: str
    subject: str
    body: str = ""
    channel: str = ""
    department: int | None = None
    customer: str | None = None
    site: int | None = None
    asset: int | None = None
    values: dict[str, Any] = {}
    told: dict[str, Any] = {}


class NewMessage(Given):
    body: str
    public: bool = False


class Assigned(Given):
    person: int
    revision: int | None = None


class Voided(Given):
    reason: str
    revision: int | None = None


class Named(Given):
    """`customer`: its number (KH000017)."""

    customer: str


class Device(Given):
    asset: int | None


class Linked(Given):
    other: str
    kind: Literal["cause", "repeat", "same", "rework"]


@router.get("", response=Page[CaseBrief], url_name="cases_list")
def list_cases(
    request: HttpRequest,
    cursor: Cursor = "",
    limit: Limit = 50,
    state: str = "",
    kind: str = "",
    owner: str = "",
    open: bool | None = None,  # noqa: A002 (the word of the parameter)
    q: str = "",
) -> Any:
    """Newest first. `owner`: `me`, `none` or the id of a person; `q`: words, each of which the case holds.

    Of a word that very many cases hold a page may have fewer than `limit`, or none, and still a `next`: no more than
    2,000 cases are looked through at once.
    A kind or state that no rulebook in force has is refused (422 list.filter), as is another `owner`.
    """
    who = caller(request)
    require_known(kind, state, kinds_in_force(who.at))
    rows = cases_visible_to(who.person, who.at)
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if owner:
        rows = _of_owner(rows, owner, who)
    if open is not None:
        rows = rows.filter(closed_at__isnull=open, voided_at=None) if open else rows.exclude(closed_at=None)
    return page(rows, case_brief, cursor=cursor, limit=limit, q=q[:200], noun=Case.noun)


@router.post("", response={201: CaseOut}, url_name="cases_register", openapi_extra=OPENAPI)
def register_case(request: HttpRequest, new: NewCase) -> Status[Any]:
    """Register a case. With an Idempotency-Key the same request sent again makes no second one."""
    who = caller(request)

    def do() -> CaseOut:
        case = actions.register(
            new.kind,
            department=department_of(new.department, who),
            by=who.person,
            at=who.at,
            subject=new.subject,
            body=new.body,
            values=new.values,
            told=new.told,
            channel=new.channel,
            customer=customer_of(new.customer, who) if new.customer else None,
            site=site_of(new.site, who) if new.site is not None else None,
            asset=chosen_asset(who.person, new.asset, who.at) if new.asset is not None else None,
        )
        return case_out(case, who)

    return once(request, 201, do)


@router.get("/{number}/messages", response=Page[MessageOut], url_name="cases_messages")
def list_messages(request: HttpRequest, number: str, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """Those of cases merged into this one too."""
    rows = Message.objects.filter(case__in=with_merged(_case(request, number)))
    return page(rows, message_out, cursor=cursor, limit=limit)


@router.post("/{number}/messages", response={201: MessageOut}, url_name="cases_say", openapi_extra=OPENAPI)
def add_message(request: HttpRequest, number: str, new: NewMessage) -> Status[Any]:
    who, case = caller(request), _case(request, number)
    return once(
        request,
        201,
        lambda: message_out(
            actions.add_message(case, by=who.person, at=who.at, body=new.body, public=new.public)
        ),
    )


@router.get("/{number}/files", response=Page[FileOut], url_name="cases_files")
def list_files(request: HttpRequest, number: str, cursor: Cursor = "", limit: Limit = 50) -> Any:
    rows = _attachments(_case(request, number))
    return page(rows, file_out, cursor=cursor, limit=limit)


@router.post("/{number}/files", response={201: FileOut}, url_name="cases_attach")
def attach_file(request: HttpRequest, number: str, file: UploadedFile = File(...)) -> Status[Any]:  # noqa: B008 (ninja's way)
    who, case = caller(request), _case(request, number)
    with write():
        stored = files.store(file.read(), file.name or "", by=who.person, at=who.at)
        return Status(201, file_out(actions.attach(case, stored, by=who.person, at=who.at)))


@router.get("/{number}/files/{file}", response={200: bytes}, url_name="cases_file")
def get_file(request: HttpRequest, number: str, file: str) -> HttpResponse:
    """The bytes, always as an attachment."""
    found: Attachment | None = _attachments(_case(request, number)).filter(file_id=file[:40]).first()
    if found is None:
        raise Refused("file.unknown", zh="没有这个附件。", en="There is no such file.")
    response = HttpResponse(content(found.file), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = "attachment"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@router.post("/{number}/assign", response=CaseOut, url_name="cases_assign")
def assign_case(request: HttpRequest, number: str, to: Assigned) -> CaseOut:
    who, case = caller(request), _case(request, number)
    rights.require("assign", who.person, case, who.at)
    person = _assignee(to.person, case, who)
    assigned = actions.assign(case, person, by=who.person, at=who.at, revision=to.revision)
    return case_out(assigned, who)


@router.post("/{number}/void", response=CaseOut, url_name="cases_void")
def void_case(request: HttpRequest, number: str, asked: Voided) -> CaseOut:
    """Declare the case registered by mistake; it stays readable."""
    who, case = caller(request), _case(request, number)
    rights.require("void", who.person, case, who.at)
    voided = actions.void(case, by=who.person, at=who.at, reason=asked.reason, revision=asked.revision)
    return case_out(voided, who)


@router.post("/{number}/customer", response=CaseOut, url_name="cases_customer")
def name_customer(request: HttpRequest, number: str, named: Named) -> CaseOut:
    """Say whose case it is."""
    who, case = caller(request), _case(request, number)
    customer = customer_of(named.customer, who)
    return case_out(actions.name_customer(case, customer, by=who.person, at=who.at), who)


@router.post("/{number}/asset", response=CaseOut, url_name="cases_asset")
def name_asset(request: HttpRequest, number: str, named: Device) -> CaseOut:
    """Say which device it is about; null takes it off."""
    who, case = caller(request), _case(request, number)
    found = chosen_asset(who.person, named.asset, who.at) if named.asset is not None else None
    return case_out(actions.name_asset(case, found, by=who.person, at=who.at), who)


@router.post("/{number}/links", response=CaseOut, url_name="cases_link")
def link_case(request: HttpRequest, number: str, to: Linked) -> CaseOut:
    who, case = caller(request), _case(request, number)
    other = visible_case(who.person, to.other, who.at)
    actions.link(case, other, kind=to.kind, by=who.person, at=who.at)
    return case_out(case, who)


def _attachments(case: Case) -> QuerySet[Attachment]:
    """Its files and those of cases merged into it."""
    return Attachment.objects.filter(case__in=with_merged(case)).select_related("file")


def _case(request: HttpRequest, number: str) -> Case:
    who = caller(request)
    return visible_case(who.person, number, who.at)


offer(router, "cases", CaseOut, Offered(_case, actions, case_out, grading.waiting), "case")


def _of_owner(rows: QuerySet[Case], owner: str, who: Caller) -> QuerySet[Case]:
    if owner == "me":
        return rows.filter(owner=who.person)
    if owner == "none":
        return rows.filter(owner=None)
    return rows.filter(owner=whole_number(owner, "list.filter"))


def department_of(wanted: int | None, who: Caller) -> Department:
    if wanted is None:
        return who.person.department
    found = departments_visible_to(who.person, who.at).filter(pk=wanted).first()
    if found is None:
        raise Refused("department.unknown", zh="没有这个部门。", en="There is no such department.")
    return found


def customer_of(number: str, who: Caller) -> Customer:
    digits = number.upper().removeprefix("KH")
    key = int(digits) if digits.isdecimal() and len(digits) < 19 else 0
    found = customers_visible_to(who.person, who.at).filter(pk=key).first()
    if found is None:
        raise Refused("customer.unknown", zh="没有这位客户。", en="There is no such customer.")
    return found


def site_of(key: int, who: Caller) -> Site:
    found = sites_visible_to(who.person, who.at).filter(pk=key).first()
    if found is None:
        raise Refused("site.unknown", zh="没有这个房间或地点。", en="There is no such place.")
    return found


def _assignee(key: int, case: Case, who: Caller) -> Person:
    """A colleague the caller knows of, or one of a department that handles the case."""
    known = staff_visible_to(who.person, who.at).filter(pk=key)
    reached = [case.department_id, *case.reaches.values_list("department_id", flat=True)]
    found = known.first() or Person.objects.filter(pk=key, department__in=reached).first()
    if found is None:
        raise Refused("person.unknown", zh="没有这位员工。", en="There is no such person.")
    return found
