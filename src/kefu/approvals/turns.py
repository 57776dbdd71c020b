"""Whose turn it is: the chain is asked again whenever somebody signs, leaves, comes back or takes a post."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from kefu.approvals import chain, refusals
from kefu.approvals.models import Approval
from kefu.core.db import update, write
from kefu.core.effects import organisation
from kefu.core.effects.registry import Cause
from kefu.core.ledger import SYSTEM, Actor, By
from kefu.core.rulebook.chain import Links, Slot
from kefu.core.rulebook.model import Ref
from kefu.core.work import actions as work
from kefu.core.work import people, recording
from kefu.staff.models import Person


def is_asked(approval: Approval) -> bool:
    """Whether it waits for a decision of the chain."""
    return approval.is_open and approval.state in approval.flow.moves["approved"].from_


def refresh(approval: Approval, *, at: datetime) -> bool:
    """Ask those who are there now: somebody left, is away, took a post. Returns whether the turn changed."""
    with write():
        approval = hand_on(recording.locked(approval), at=at)
        if not is_asked(approval):
            return False
        before = list(approval.turn)
        pass_on(approval, chain.links(approval, at), by=SYSTEM, at=at)
        return before != approval.turn


def hand_on(approval: Approval, *, at: datetime) -> Approval:
    """What somebody who has left asked for is asked for by whoever led them: as their other work it stays open, and
    can be completed or withdrawn."""
    left = approval.applicant
    if left is None or left.left_at is None or left.left_at > at or not approval.is_open:
        return approval
    before = organisation.at(left.left_at - timedelta(seconds=1), approval.department_id)
    leader = next(iter(before.leader_of(str(left.pk))), None)
    if leader is None:
        return approval
    approval.applicant = Person.objects.get(pk=int(leader))
    recording.save(approval, at=at)
    author = {"author": Ref("person", leader)}
    recording.note(
        approval, "handed_on", by=SYSTEM, at=at, name="set", values=author, data={"before": left.pk}
    )
    if not is_asked(approval):
        approval = work.assign(approval, approval.applicant_id, by=SYSTEM, at=at)
    tell([int(leader)], "approvals.handed_on", approval, by=SYSTEM, at=at)
    return approval


def mine(
    approval: Approval, *, by: Person, at: datetime, revision: int | None
) -> tuple[Approval, Links, Slot]:
    """The row kept from others, its chain now, and the signature that is the person's to give.

    Raises Refused approval.decided, approval.not_asked, approval.signed, approval.signed_by_other, approval.not_yet,
    approval.not_yours, work.changed.
    """
    approval = recording.locked(approval)
    recording.require_not_void(approval)
    if not is_asked(approval):
        raise refusals.over(approval, approval.decisions.select_related("person").last())
    found, me = chain.links(approval, at), str(by.pk)
    waiting, signed = chain.waiting(found, approval), chain.signed(approval)
    slot = next((one for one in waiting if me in one.people), None)
    if slot is not None:
        if revision is not None and revision < approval.asked_at_revision:
            raise refusals.changed(approval)
        write_down(approval, found, waiting)
        return approval, found, slot
    now = chain.people(waiting)
    if me in signed:
        raise refusals.signed_before(approval, now)
    places = [one for link in found for one in link if me in one.people]
    for place in places:
        if other := next((signed[one] for one in place.people if one in signed), None):
            raise refusals.signed_by_other(approval, other, now)
    raise (refusals.not_yet if places else refusals.not_yours)(approval, now)


def pass_on(approval: Approval, found: Links, *, by: By, at: datetime) -> Approval:
    """Turn to whoever signs next; a chain that asks nobody is agreed to at once."""
    if left := chain.waiting(found, approval):
        return turn_to(approval, found, left, by=by, at=at)
    chain.keep(approval, found, [])
    return finish(approval, "approved", by=SYSTEM, at=at)


def turn_to(approval: Approval, found: Links, left: tuple[Slot, ...], *, by: By, at: datetime) -> Approval:
    """Write down whose turn it is and tell those whose it was not before; whoever asked, where it is nobody's."""
    before = set(approval.turn)
    write_down(approval, found, left)
    fresh = [person for person in approval.turn if person not in before]
    if approval.turn and approval.owner_id not in approval.turn:
        approval = work.assign(approval, approval.turn[0], by=by, at=at, because={"round": approval.round})
    tell(fresh, "approvals.asked", approval, by=by, at=at)
    if before and not approval.turn and approval.applicant_id:
        tell([approval.applicant_id], "approvals.stuck", approval, by=by, at=at)
    return approval


def finish(
    approval: Approval,
    verdict: str,
    *,
    by: By,
    at: datetime,
    values: Mapping[str, object] | None = None,
    remark: str = "",
) -> Approval:
    """Make the move that the decision stands for, and tell whoever asked."""
    approval = nobodys(work.move(approval, verdict, by=by, at=at, values=values, reason=remark))
    if approval.is_open:
        approval = work.assign(approval, approval.applicant_id, by=by, at=at)
    if approval.applicant_id:
        tell([approval.applicant_id], f"approvals.{verdict}", approval, by=by, at=at)
    return approval


def nobodys(approval: Approval) -> Approval:
    """It waits for nobody's decision any more."""
    approval.turn = []
    update(approval, ["turn"])
    approval.asked.filter(now=True).update(now=False)
    return approval


def write_down(approval: Approval, found: Links, left: tuple[Slot, ...]) -> None:
    turn = chain.people(left)
    if turn != approval.turn:
        approval.turn = turn
        update(approval, ["turn"])
    chain.keep(approval, found, turn)


def tell(whom: list[int], kind: str, approval: Approval, *, by: By, at: datetime) -> None:
    actor = Actor(by.actor_id, by.actor_post)
    key = f"{kind}:{approval.pk}:{approval.revision}"
    people.tell(whom, kind, approval, {}, Cause(by=actor, at=at, key=key))
