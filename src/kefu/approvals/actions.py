"""Everything that is done with approvals. One verb, one function; each writes its events in its own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from kefu.approvals import chain, refusals, turns
from kefu.approvals.models import Approval, Decision
from kefu.approvals.queries import may_reveal
from kefu.core import inputs
from kefu.core.db import insert, update, write
from kefu.core.effects import organisation
from kefu.core.flow import Words, check_move
from kefu.core.ledger import Actor, By
from kefu.core.rulebook.chain import Links, Slot
from kefu.core.rulebook.match import holds
from kefu.core.rulebook.model import Rulebook
from kefu.core.work import actions as work
from kefu.core.work import counting, recording
from kefu.core.work.fields import fields_of, required_of
from kefu.core.work.models import Work
from kefu.documents import signing
from kefu.documents.prefilling import prefilled
from kefu.documents.revealing import in_full
from kefu.documents.signing import Drawn
from kefu.documents.work_page import form_of
from kefu.staff.models import Department, Person
from kefu.staff.rights import rulebook_of

LONGEST_REMARK = 2000
NO_DRAWN: Drawn = {}


def ask(
    kind: str,
    *,
    department: Department,
    by: Person,
    at: datetime,
    values: Mapping[str, object] | None = None,
    drawn: Drawn = NO_DRAWN,
    reason: str = "",
) -> Approval:
    """Ask for something, under the rulebook in force for the department. `reason` passes soft needs. drawn: signatures
    on the form, by field, as PNG; whose each is says the name in its field.

    Raises Refused work.unknown_kind, work.opener, form.*, flow.need, flow.reason, approval.not_needed,
    approval.nobody, approval.to_oneself; nothing is stored then.
    """
    rulebook = rulebook_of(department, at)
    work.require_opener(rulebook, kind, department.pk, by=by, at=at)
    with write():
        approval = open_for(
            kind,
            department=department,
            rulebook=rulebook,
            applicant=by,
            by=by,
            at=at,
            values=values or {},
            reason=reason,
        )
        _keep_signatures(approval, drawn, by=by, at=at)
        return approval


def open_for(
    kind: str,
    *,
    department: Department,
    rulebook: Rulebook,
    applicant: Person | None,
    by: By,
    at: datetime,
    values: Mapping[str, object],
    parent: Work | None = None,
    reason: str = "",
    waits: bool = False,
) -> Approval:
    """Open it for `applicant`, who asks although perhaps a rule opened it. Raises as `ask`.

    waits: a signature that nobody can give yet keeps nobody from asking; it is asked for when somebody can.
    """
    known = {}
    if applicant is not None and kind in rulebook.kinds:
        known = prefilled(
            kind,
            rulebook,
            origin=parent.ref if parent else None,
            author=applicant,
            department=department,
            at=at,
            typed=values,
        )
    with write():
        approval = work.open_work(
            Approval,
            kind,
            department=department,
            rulebook=rulebook,
            by=by,
            at=at,
            values=known | {name: value for name, value in values.items() if value not in (None, "")},
            parent=parent,
            owner_id=applicant.pk if applicant else None,
            applicant=applicant,
        )
        found = _judged(approval, at=at, reason=reason, waits=waits)
        approval = turns.pass_on(approval, found, by=by, at=at)
        if turns.is_asked(approval) and not approval.turn and applicant is not None:
            turns.tell([applicant.pk], "approvals.stuck", approval, by=by, at=at)
        return approval


# --- deciding -------------------------------------------------------------------------------------------


def approve(
    approval: Approval,
    *,
    by: Person,
    at: datetime,
    remark: str = "",
    values: Mapping[str, object] | None = None,
    revision: int | None = None,
) -> Approval:
    """Sign. The last signature makes the move `approved`: needs are judged again, and its effects carried out.

    values: what that move asks of who signs last. Raises Refused as `turns.mine`, approval.not_theirs for other
    values, line.too_long, flow.need, flow.reason.
    """
    with write():
        approval, found, mine = turns.mine(approval, by=by, at=at, revision=revision)
        _decide(approval, Decision.APPROVED, mine, remark, by=by, at=at)
        if left := chain.waiting(found, approval):
            post = chain.post_of(mine)
            recording.save(approval, at=at)
            recording.note(approval, "signed", by=Actor(by.actor_id, post), at=at)
            return turns.turn_to(approval, found, left, by=by, at=at)
        _require_asked(approval, "approved", values)
        return turns.finish(approval, "approved", by=by, at=at, values=values, remark=remark)


def refuse(
    approval: Approval, *, by: Person, at: datetime, remark: str, revision: int | None = None
) -> Approval:
    """Say no; one link's no is the end of it. Raises as `approve`, and approval.remark without a reason."""
    return _turn_down(approval, "refused", by=by, at=at, remark=remark, revision=revision)


def send_back(
    approval: Approval, *, by: Person, at: datetime, remark: str, revision: int | None = None
) -> Approval:
    """Send it back to be completed, once each. Raises as `refuse`, and approval.returned_before."""
    return _turn_down(approval, "returned", by=by, at=at, remark=remark, revision=revision)


def _turn_down(
    approval: Approval, verdict: str, *, by: Person, at: datetime, remark: str, revision: int | None
) -> Approval:
    with write():
        approval, _found, mine = turns.mine(approval, by=by, at=at, revision=revision)
        if not remark.strip():
            raise refusals.remark_missing()
        if verdict == Decision.RETURNED and approval.decisions.filter(person=by, verdict=verdict).exists():
            raise refusals.returned_before(approval)
        _decide(approval, verdict, mine, remark, by=by, at=at)
        return turns.finish(approval, verdict, by=by, at=at, remark=remark)


def _decide(approval: Approval, verdict: str, slot: Slot, remark: str, *, by: Person, at: datetime) -> None:
    decision = Decision(
        approval=approval,
        round=approval.round,
        person=by,
        post=chain.post_of(slot),
        verdict=verdict,
        remark=inputs.paragraph(remark, "意见 / remark", longest=LONGEST_REMARK),
        at=at,
    )
    insert([decision])


# --- whoever asked ----------------------------------------------------------------------------------------


def resubmit(
    approval: Approval,
    *,
    by: Person,
    at: datetime,
    values: Mapping[str, object] | None = None,
    drawn: Drawn = NO_DRAWN,
    reason: str = "",
    revision: int | None = None,
) -> Approval:
    """Ask again for what came back, changed or explained: the chain begins anew, and what was signed on the form is
    signed anew. Raises as `ask`."""
    with write():
        values = dict.fromkeys(_signatures(approval)) | dict(values or {})
        approval = work.move(
            approval, "resubmitted", by=by, at=at, values=values, reason=reason, revision=revision
        )
        work.require_filled(fields_of(approval.rule), required_of(approval.rule), approval.values)
        found = _judged(approval, at=at, reason=reason)
        _keep_signatures(approval, drawn, by=by, at=at)
        approval.round += 1
        approval.asked_at_revision = approval.revision
        update(approval, ["round", "asked_at_revision"])
        return turns.pass_on(approval, found, by=by, at=at)


def withdraw(
    approval: Approval, *, by: Person, at: datetime, reason: str = "", revision: int | None = None
) -> Approval:
    """Ask no longer. Raises as `work.actions.move`."""
    with write():
        return turns.nobodys(work.move(approval, "withdrawn", by=by, at=at, reason=reason, revision=revision))


def move(
    approval: Approval,
    name: str,
    *,
    by: Person,
    at: datetime,
    values: Mapping[str, object] | None = None,
    reason: str = "",
    revision: int | None = None,
) -> Approval:
    """Any move of the flow by its name: a decision of the chain, of whoever asked, or one of the flow's own."""
    match name:
        case "approved":
            return approve(approval, by=by, at=at, remark=reason, values=values, revision=revision)
        case "refused":
            return refuse(approval, by=by, at=at, remark=reason, revision=revision)
        case "returned":
            return send_back(approval, by=by, at=at, remark=reason, revision=revision)
        case "resubmitted":
            return resubmit(approval, by=by, at=at, values=values, reason=reason, revision=revision)
        case "withdrawn":
            return withdraw(approval, by=by, at=at, reason=reason, revision=revision)
    _require_asked(approval, name, values)
    return work.move(approval, name, by=by, at=at, values=values, reason=reason, revision=revision)


def reveal(approval: Approval, field: str, *, reason: str, by: Person, at: datetime) -> str:
    """One masked number of the form in full, on record. Raises as `kefu.documents.revealing.in_full`."""
    return in_full(approval, field, allowed=may_reveal(by, approval, at), reason=reason, by=by, at=at)


# --- what they require --------------------------------------------------------------------------------------


def _judged(approval: Approval, *, at: datetime, reason: str, waits: bool = False) -> Links:
    """The chain of what may be asked for now. Raises Refused approval.not_needed, flow.need, flow.reason,
    approval.nobody, approval.to_oneself."""
    rule, records = approval.rule, counting.records_of(approval, at)
    calendar = approval.rulebook.calendar
    if (
        rule.when is not None
        and not holds(rule.when, approval.facts(), calendar=calendar, records=records).ok
    ):
        raise refusals.not_needed(rule)
    _require_needs(approval, at=at, reason=reason)
    found = chain.links(approval, at)
    for slot in (slot for link in found for slot in link):
        if not slot.people and not waits:
            raise refusals.nobody(slot, approval.rulebook, rule)
    return found


def _require_needs(approval: Approval, *, at: datetime, reason: str) -> None:
    """What the last signature needs is needed when it is asked for. Raises Refused flow.need, flow.reason."""
    rule, rulebook = approval.rule, approval.rulebook
    plain = replace(rule.flow.moves["approved"], title=rule.title, fill=(), needs=())
    check_move(
        replace(rule.flow, moves={**rule.flow.moves, "approved": plain}),
        "approved",
        plain.from_[0],
        approval.facts(),
        None,
        organisation.at(at, approval.department_id),
        calendar=rulebook.calendar,
        records=counting.records_of(approval, at),
        reason=reason,
        proofs=rule.needs,
        words=Words.of(rulebook, rule),
    )


def _require_asked(approval: Approval, move: str, values: Mapping[str, object] | None) -> None:
    """Raises Refused approval.not_theirs for values that the move does not ask: what was asked for stays as others
    read it."""
    rule, fields = approval.flow.moves.get(move), fields_of(approval.rule)
    asked: tuple[str, ...] = ()
    if rule is not None:
        asked = rule.fill if move == "approved" else form_of(approval, rule)
    beside = [fields[name].title for name in values or {} if name in fields and name not in asked]
    if beside:
        raise refusals.not_theirs(approval, beside)


# --- signatures on the form ---------------------------------------------------------------------------------


def _signatures(approval: Approval) -> list[str]:
    """The signatures that whoever asks brings along: all but those that a move asks for."""
    moved = {name for move in approval.flow.moves.values() for name in move.fill}
    fields = fields_of(approval.rule)
    return [name for name, field in fields.items() if field.type == "signature" and name not in moved]


def _keep_signatures(approval: Approval, drawn: Drawn, *, by: Person, at: datetime) -> None:
    """Raises Refused form.missing for a drawing without the name of who drew it: it is seldom whoever asks."""
    work.require_filled(fields_of(approval.rule), list(drawn), approval.values)
    signing.keep(approval, _signatures(approval), drawn, by=by, at=at)
