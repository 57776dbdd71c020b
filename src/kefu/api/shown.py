"""What the API answers with, and how rows become it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import translation
from ninja import Schema
from pydantic import ConfigDict

from kefu.api.tokens import Caller
from kefu.approvals.models import Approval
from kefu.cases.models import Attachment, Case, Message
from kefu.cases.queries import cases_visible_to, taken_in
from kefu.core import masks
from kefu.core.clocks.explanation import ClockExplanation
from kefu.core.errors import Refused
from kefu.core.flow import Offer
from kefu.core.rulebook.model import Field, Move, Ref, Text
from kefu.core.work.fields import fields_of
from kefu.core.work.grading import proposed
from kefu.core.work.models import Work
from kefu.core.worktime import Amount
from kefu.documents.models import Document
from kefu.documents.signing import signatures_of
from kefu.documents.work_page import form_of
from kefu.duties.models import Duty


class Given(Schema):
    """A body: a field that is not named here is refused, never dropped."""

    model_config = ConfigDict(extra="forbid")


class WorkOut(Schema):
    """What every piece of work has. `*_title` are the rulebook's words in the language asked for."""

    number: str
    kind: str
    kind_title: str
    state: str
    state_title: str
    grade: str | None
    department: int
    owner: int | None
    opened_at: datetime
    changed_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    voided_at: datetime | None
    revision: int


class CaseBrief(WorkOut):
    subject: str
    customer: str | None


class CaseOut(CaseBrief):
    """`merged_into`, `took_in`, `links`: cases that the caller may see, by number; a merged one is void."""

    fields: dict[str, Any]
    channel: str
    site: int | None
    asset: int | None
    author: int | None
    origin: str | None
    void_reason: str
    rulebook: str
    links: list[dict[str, str]]
    merged_into: str | None
    took_in: list[str]


class DutyBrief(WorkOut):
    post: str
    origin: str | None


class DutyOut(DutyBrief):
    fields: dict[str, Any]


class ApprovalBrief(WorkOut):
    """`turn`: ids of those who may decide now."""

    applicant: int | None
    turn: list[int]
    origin: str | None


class DecisionOut(Schema):
    """`round`: how often it had been asked; `verdict`: approved, refused, returned."""

    round: int
    person: int
    post: str
    verdict: str
    remark: str
    at: datetime


class ApprovalOut(ApprovalBrief):
    fields: dict[str, Any]
    decisions: list[DecisionOut]


class DocumentBrief(WorkOut):
    """`corrects`: the number of the version before; `origin`: what it was filled in for."""

    edition: int
    corrects: str | None
    origin: str | None


class SignatureOut(Schema):
    """`person`: who was signed in; `name` signed, which may be a customer's. `drawn`: by hand, else by the name."""

    field: str
    name: str
    person: int | None
    post: str
    at: datetime
    drawn: bool


class DocumentOut(DocumentBrief):
    fields: dict[str, Any]
    signatures: list[SignatureOut]


class MoveOut(Schema):
    """A move that starts in the present state; `refused` says what stands in the way, empty when nothing.

    `proposes`: values that stand in its form on the page: what was told when the case was registered, and the grade
    that the rulebook would choose with it; a lower one wants a reason.
    """

    name: str
    title: str
    allowed: bool
    asks: list[str]
    clauses: list[str]
    refused: list[dict[str, str]]
    reason_passes: list[dict[str, str]]
    proposes: dict[str, Any]


class MessageOut(Schema):
    id: int
    author: int | None
    public: bool
    body: str
    at: datetime


class FileOut(Schema):
    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    author: int | None
    at: datetime


class ClockOut(Schema):
    """One run of one clock; `why`: clause, arithmetic, pauses, outcome, one sentence each."""

    clock: str
    title: str
    run: int
    state: str
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None
    missed_at: datetime | None
    unconfirmed_years: list[int]
    why: list[str]


def said(text: Text | None) -> str:
    return text.text(_lang()) if text else ""


def plain(value: object) -> Any:
    """A typed value of a field as JSON: the inverse of `kefu.core.work.fields.read_values`."""
    match value:
        case datetime() | date():
            return value.isoformat()
        case Decimal() | Amount():
            return str(value)
        case Ref():
            return value.id
        case tuple():
            return "/".join(str(plain(part)) for part in value)
        case list():
            return [plain(part) for part in value]
        case Mapping():
            return {name: plain(part) for name, part in value.items()}
    return value


def case_brief(case: Case) -> CaseBrief:
    return CaseBrief(**_work(case), subject=case.subject, customer=_customer(case))


def case_out(case: Case, who: Caller) -> CaseOut:
    pairs = [(link.kind, link.other_id) for link in case.links_out.all()]
    pairs += [(link.kind, link.one_id) for link in case.links_in.all()]
    visible = cases_visible_to(who.person, who.at)
    linked = visible.in_bulk([pk for _, pk in pairs]) if pairs else {}
    goes_on = visible.filter(pk=case.merged_into_id).first() if case.merged_into_id else None
    return CaseOut(
        **_work(case),
        subject=case.subject,
        customer=_customer(case),
        fields=_fields(case),
        channel=case.channel,
        site=case.site_id,
        asset=case.asset_id,
        author=case.author_id,
        origin=_origin(case),
        void_reason=case.void_reason,
        rulebook=case.version,
        links=[{"kind": kind, "number": linked[pk].number} for kind, pk in pairs if pk in linked],
        merged_into=goes_on.number if goes_on else None,
        took_in=[one.number for one in taken_in(case, visible)],
    )


def duty_brief(duty: Duty) -> DutyBrief:
    return DutyBrief(**_work(duty), post=duty.post, origin=_origin(duty))


def duty_out(duty: Duty, who: Caller) -> DutyOut:
    return DutyOut(**_work(duty), post=duty.post, origin=_origin(duty), fields=_fields(duty))


def approval_brief(approval: Approval) -> ApprovalBrief:
    return ApprovalBrief(
        **_work(approval),
        applicant=approval.applicant_id,
        turn=approval.turn,
        origin=_origin(approval),
    )


def approval_out(approval: Approval, who: Caller) -> ApprovalOut:
    decisions = [
        DecisionOut(
            round=one.round,
            person=one.person_id,
            post=one.post,
            verdict=one.verdict,
            remark=one.remark,
            at=one.at,
        )
        for one in approval.decisions.all()
    ]
    brief = approval_brief(approval).model_dump()
    return ApprovalOut(**brief, fields=_fields(approval), decisions=decisions)


def document_brief(document: Document) -> DocumentBrief:
    return DocumentBrief(
        **_work(document),
        edition=document.edition,
        corrects=document.corrects.number if document.corrects else None,
        origin=_origin(document),
    )


def document_out(document: Document, who: Caller) -> DocumentOut:
    signatures = [
        SignatureOut(
            field=one.field,
            name=one.name,
            person=one.person_id,
            post=one.post,
            at=one.at,
            drawn=one.picture is not None,
        )
        for one in signatures_of(document)
    ]
    return DocumentOut(
        **document_brief(document).model_dump(), fields=_fields(document), signatures=signatures
    )


def move_out(offer: Offer, work: Work, told: Mapping[str, object]) -> MoveOut:
    """told: what is known of the work and no move has taken in yet."""
    return MoveOut(
        name=offer.move.name,
        title=said(offer.move.title),
        allowed=offer.allowed,
        asks=list(offer.asks),
        clauses=list(offer.move.clauses),
        refused=[_refusal(refused) for refused in offer.refusals],
        reason_passes=[_refusal(refused) for refused in offer.reasons],
        proposes=_proposes(offer.move, work, told),
    )


def _proposes(move: Move, work: Work, told: Mapping[str, object]) -> dict[str, Any]:
    """Nothing was told of a move that is made anew: a second delay has a second reason."""
    fresh = move.name not in work.made
    values = {name: told[name] for name in form_of(work, move) if fresh and name in told}
    grades = work.rule.grades
    if grades is not None and grades.name in move.fill and (level := proposed(work, values)) is not None:
        values[grades.name] = level
    return plain(values)


def message_out(message: Message) -> MessageOut:
    return MessageOut(
        id=message.pk, author=message.author_id, public=message.public, body=message.body, at=message.at
    )


def file_out(attachment: Attachment) -> FileOut:
    file = attachment.file
    return FileOut(
        id=file.pk,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        author=attachment.author_id,
        at=attachment.at,
    )


def clock_out(explained: ClockExplanation) -> ClockOut:
    state = explained.state
    return ClockOut(
        clock=state.clock,
        title=said(state.rule.title),
        run=state.run,
        state=state.state,
        started_at=state.started_at,
        due_at=state.due_at,
        ended_at=state.ended_at,
        missed_at=state.missed_at,
        unconfirmed_years=list(state.unconfirmed),
        why=explained.text(_lang()),
    )


def _work(work: Work) -> dict[str, Any]:
    rule = work.rule
    state = rule.flow.states.get(work.state)
    grade = work.values.get(rule.grades.name) if rule.grades else None
    return {
        "number": work.number,
        "kind": work.kind,
        "kind_title": said(rule.title),
        "state": work.state,
        "state_title": said(state.title) if state else work.state,
        "grade": str(grade) if grade else None,
        "department": work.department_id,
        "owner": work.owner_id,
        "opened_at": work.opened_at,
        "changed_at": work.changed_at,
        "due_at": work.due_at,
        "closed_at": work.closed_at,
        "voided_at": work.voided_at,
        "revision": work.revision,
    }


def _fields(work: Work) -> dict[str, Any]:
    """The form as JSON, numbers of people masked: sent back like that they stay as they are."""
    values = work.values
    return {name: _masked(field, plain(values.get(name))) for name, field in fields_of(work.rule).items()}


def _masked(field: Field, value: Any) -> Any:
    match value:
        case str():
            return masks.mask(value, field.privacy)
        case list():
            return [_masked(field, part) for part in value]
        case dict():
            return {name: _masked(field.fields[name], part) for name, part in value.items()}
    return value


def _customer(case: Case) -> str | None:
    return f"KH{case.customer_id:06d}" if case.customer_id else None


def _origin(work: Work) -> str | None:
    return f"{work.parent_kind}:{work.parent_id}" if work.parent_kind else None


def _refusal(refused: Refused) -> dict[str, str]:
    return {"code": refused.code, "detail": refused.text(_lang())}


def _lang() -> str:
    return translation.get_language() or "zh-hans"
