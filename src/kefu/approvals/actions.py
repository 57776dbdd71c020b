"""Everything that is done with approvals. One verb, one function; each writes its events in its own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from kefu.approvals import chain, refusals
from kefu.approvals.models import Approval, Decision
from kefu.core.db import insert, update, write
from kefu.core.effects import organisation
from kefu.core.effects.registry import Cause
from kefu.core.flow import Words, check_move
from kefu.core.ledger import SYSTEM, Actor, By
from kefu.core.rulebook.chain import Links, Slot
from kefu.core.rulebook.match import holds
from kefu.core.rulebook.model import Rulebook
from kefu.core.work import actions as work
from kefu.core.work import counting, people, recording
from kefu.core.work.fields import fields_of
from kefu.core.work.models import Work
from kefu.documents.prefilling import prefilled
from kefu.staff.models import Department, Person
from kefu.staff.rights import rulebook_of

LONGEST_REMARK = 2000
_VERDICTS = {"approved", "refused", "returned"}


def ask(
    kind: str,
    *,
    department: Department,
    by: Person,
    at: datetime,
    values: Mapping[str, object] | None = None,
    reason: str = "",
) -> Approval:
    """Ask for something, under the rulebook in force for the department. `reason` passes soft needs.

    Raises Refused work.unknown_kind, work.opener, form.*, flow.need, flow.reason, approval.not_needed,
    approval.nobody, approval.to_oneself; nothing is stored then.
    """
    rulebook = rulebook_of(department, at)
    work.require_opener(rulebook, kind, department.pk, by=by, at=at)
    return open_for(
        kind,
        department=department,
        rulebook=rulebook,
        applicant=by,
        by=by,
        at=at,
        values=values or {},
        reason=reason,
    )


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
        _require_needed(approval, at)
        _judge(approval, at=at, reason=reason)
        found = chain.links(approval, at)
        for slot in (slot for link in found for slot in link):
            if not slot.people and not waits:
                raise refusals.nobody(slot, approval.rulebook, approval.rule)
        approval = _pass_on(approval, found, by=by, at=at)
        if is_asked(approval) and not approval.turn and applicant is not None:
            _tell([applicant.pk], "approvals.stuck", approval, by=by, at=at)
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

    Raises Refused approval.decided, approval.signed, approval.signed_by_other, approval.not_yet,
    approval.not_yours, work.changed, flow.need, flow.reason.
    """
    with write():
        approval, found, mine = _deciding(approval, by=by, at=at, revision=revision)
        _decide(approval, Decision.APPROVED, mine, remark, by=by, at=at)
        if left := chain.waiting(found, approval):
            post = chain.post_of(mine)
            recording.save(approval, at=at)
            recording.note(approval, "signed", by=Actor(by.actor_id, post), at=at)
            return _turn_to(approval, found, left, by=by, at=at)
        return _finish(approval, "approved", by=by, at=at, values=values, remark=remark)


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
        approval, _found, mine = _deciding(approval, by=by, at=at, revision=revision)
        if not remark.strip():
            raise refusals.remark_missing()
        if verdict == Decision.RETURNED and approval.decisions.filter(person=by, verdict=verdict).exists():
            raise refusals.returned_before(approval)
        _decide(approval, verdict, mine, remark, by=by, at=at)
        return _finish(approval, verdict, by=by, at=at, values=None, remark=remark)


def _deciding(
    approval: Approval, *, by: Person, at: datetime, revision: int | None
) -> tuple[Approval, Links, Slot]:
    """The row kept from others, its chain now, and the signature that is the person's to give."""
    approval = recording.locked(approval)
    recording.require_not_void(approval)
    if not is_asked(approval):
        last = approval.decisions.select_related("person").last()
        raise refusals.over(approval, last)
    found, me = chain.links(approval, at), str(by.pk)
    waiting, signed = chain.waiting(found, approval), chain.signed(approval)
    mine = next((slot for slot in waiting if me in slot.people), None)
    if mine is not None:
        if revision is not None and revision < approval.asked_at_revision:
            raise refusals.changed(approval)
        update_turn(approval, found, waiting)
        return approval, found, mine
    now = chain.people(waiting)
    if me in signed:
        raise refusals.signed_before(approval, now)
    places = [slot for link in found for slot in link if me in slot.people]
    for slot in places:
        if other := next((signed[one] for one in slot.people if one in signed), None):
            raise refusals.signed_by_other(approval, other, now)
    raise (refusals.not_yet if places else refusals.not_yours)(approval, now)


def _decide(approval: Approval, verdict: str, slot: Slot, remark: str, *, by: Person, at: datetime) -> None:
    decision = Decision(
        approval=approval,
        round=approval.round,
        person=by,
        post=chain.post_of(slot),
        verdict=verdict,
        remark=remark.strip()[:LONGEST_REMARK],
        at=at,
    )
    insert([decision])


def _finish(
    approval: Approval,
    verdict: str,
    *,
    by: By,
    at: datetime,
    values: Mapping[str, object] | None,
    remark: str,
) -> Approval:
    """Make the move that the decision stands for, and tell whoever asked."""
    approval = work.move(approval, verdict, by=by, at=at, values=values, reason=remark)
    approval.turn = []
    update(approval, ["turn"])
    approval.asked.filter(now=True).update(now=False)
    if approval.is_open:
        approval = work.assign(approval, approval.applicant_id, by=by, at=at)
    if approval.applicant_id:
        _tell([approval.applicant_id], f"approvals.{verdict}", approval, by=by, at=at)
    return approval


# --- whoever asked ----------------------------------------------------------------------------------------


def resubmit(
    approval: Approval,
    *,
    by: Person,
    at: datetime,
    values: Mapping[str, object] | None = None,
    reason: str = "",
    revision: int | None = None,
) -> Approval:
    """Ask again for what came back, changed or explained: the chain begins anew. Raises as `ask`."""
    with write():
        approval = work.move(
            approval, "resubmitted", by=by, at=at, values=values, reason=reason, revision=revision
        )
        fields = fields_of(approval.rule)
        work.require_filled(fields, [name for name, one in fields.items() if one.required], approval.values)
        _require_needed(approval, at)
        _judge(approval, at=at, reason=reason)
        approval.round += 1
        approval.asked_at_revision = approval.revision
        update(approval, ["round", "asked_at_revision"])
        return _pass_on(approval, chain.links(approval, at), by=by, at=at)


def withdraw(
    approval: Approval, *, by: Person, at: datetime, reason: str = "", revision: int | None = None
) -> Approval:
    """Ask no longer. Raises as `work.actions.move`."""
    with write():
        approval = work.move(approval, "withdrawn", by=by, at=at, reason=reason, revision=revision)
        approval.turn = []
        update(approval, ["turn"])
        approval.asked.filter(now=True).update(now=False)
        return approval


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
    return work.move(approval, name, by=by, at=at, values=values, reason=reason, revision=revision)


# --- the turn ---------------------------------------------------------------------------------------------


def is_asked(approval: Approval) -> bool:
    """Whether it waits for a decision of the chain."""
    return approval.is_open and approval.state in approval.flow.moves["approved"].from_


def refresh(approval: Approval, *, at: datetime) -> bool:
    """Ask those who are there now: somebody left, is away, took a post. Returns whether the turn changed."""
    with write():
        approval = recording.locked(approval)
        if not is_asked(approval):
            return False
        found = chain.links(approval, at)
        before = list(approval.turn)
        _pass_on(approval, found, by=SYSTEM, at=at)
        return before != approval.turn


def _pass_on(approval: Approval, found: Links, *, by: By, at: datetime) -> Approval:
    """Turn to whoever signs next; a chain that asks nobody is agreed to at once."""
    if left := chain.waiting(found, approval):
        return _turn_to(approval, found, left, by=by, at=at)
    chain.keep(approval, found, [])
    return _finish(approval, "approved", by=SYSTEM, at=at, values=None, remark="")


def _turn_to(approval: Approval, found: Links, left: tuple[Slot, ...], *, by: By, at: datetime) -> Approval:
    before = set(approval.turn)
    update_turn(approval, found, left)
    fresh = [person for person in approval.turn if person not in before]
    if approval.turn and approval.owner_id not in approval.turn:
        approval = work.assign(approval, approval.turn[0], by=by, at=at, because={"round": approval.round})
    _tell(fresh, "approvals.asked", approval, by=by, at=at)
    if before and not approval.turn and approval.applicant_id:
        _tell([approval.applicant_id], "approvals.stuck", approval, by=by, at=at)
    return approval


def update_turn(approval: Approval, found: Links, left: tuple[Slot, ...]) -> None:
    """Write down whose turn it is. Whoever signed already is not asked by another slot of the same link."""
    turn = [one for one in chain.people(left) if str(one) not in chain.signed(approval)]
    if turn != approval.turn:
        approval.turn = turn
        update(approval, ["turn"])
    chain.keep(approval, found, turn)


# --- what they require --------------------------------------------------------------------------------------


def _require_needed(approval: Approval, at: datetime) -> None:
    """Raises Refused approval.not_needed where the rule does not apply."""
    when = approval.rule.when
    if when is None:
        return
    records = counting.records_of(approval, at)
    if not holds(when, approval.facts(), calendar=approval.rulebook.calendar, records=records).ok:
        raise refusals.not_needed(approval.rule)


def _judge(approval: Approval, *, at: datetime, reason: str) -> None:
    """What is needed when it is asked for. Raises Refused flow.need, flow.reason."""
    rule, rulebook = approval.rule, approval.rulebook
    plain = replace(rule.flow.moves["approved"], fill=(), needs=())
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


def _tell(whom: list[int], kind: str, approval: Approval, *, by: By, at: datetime) -> None:
    actor = Actor(by.actor_id, by.actor_post)
    people.tell(
        whom, kind, approval, {}, Cause(by=actor, at=at, key=f"{kind}:{approval.pk}:{approval.revision}")
    )
