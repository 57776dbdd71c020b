"""Reading approvals. `approvals_visible_to` is the only question asked about who may see one."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from kefu.approvals.models import Approval, Asked, Decision
from kefu.core.errors import Refused
from kefu.core.rulebook.model import Kind, Rulebook
from kefu.core.work.actions import require_opener
from kefu.staff.models import Person
from kefu.staff.queries import may
from kefu.staff.rights import scope


def approvals_visible_to(person: Person, at: datetime) -> QuerySet[Approval]:
    """What one asked for, what one signs or signed, and all of the departments in one's scope."""
    found = scope(person, at)
    if found.company:
        return Approval.objects.all()
    named = Asked.objects.filter(approval=OuterRef("pk"), person__in=found.people)
    decided = Decision.objects.filter(approval=OuterRef("pk"), person__in=found.people)
    return Approval.objects.filter(
        Q(applicant__in=found.people)
        | Q(owner__in=found.people)
        | Q(author__in=found.people)
        | Q(department__in=found.departments)
        | Exists(named)
        | Exists(decided)
    )


def visible_approval(person: Person, number: str, at: datetime) -> Approval:
    """The approval by number. Raises Refused approval.unknown, the same if it does not exist or may not be seen."""
    approval = approvals_visible_to(person, at).filter(number=number[:40]).first()
    if approval is None:
        raise Refused(
            "approval.unknown",
            zh=f"没有找到审批「{number[:40]}」，请核对编号。",
            en=f"There is no approval “{number[:40]}”; please check the number.",
            number=number[:40],
        )
    return approval


def waiting_for(person: Person, at: datetime) -> QuerySet[Approval]:
    """What waits for one's signature, and what came back to one to be completed."""
    asked = Asked.objects.filter(approval=OuterRef("pk"), person=person, now=True)
    open_ = Approval.objects.filter(closed_at=None, voided_at=None)
    return open_.filter(Exists(asked) | Q(owner=person, applicant=person))


def may_reveal(person: Person, approval: Approval, at: datetime) -> bool:
    """Whoever asks and whose turn it is look at the numbers in it while it is open, and posts with the right to."""
    return (approval.is_open and person.pk in (approval.applicant_id, *approval.turn)) or may(
        person, "unmask", at
    )


def asked_by(person: Person, at: datetime) -> QuerySet[Approval]:
    """What one asked for oneself."""
    return Approval.objects.filter(applicant=person)


def kinds_for(person: Person, rulebook: Rulebook, at: datetime) -> list[Kind]:
    """What the person may ask for in their own department, in the order of the rulebook."""
    return [
        kind
        for kind in rulebook.kinds.values()
        if kind.chapter == Approval.chapter and _may_ask(rulebook, kind, person, at)
    ]


def _may_ask(rulebook: Rulebook, kind: Kind, person: Person, at: datetime) -> bool:
    try:
        require_opener(rulebook, kind.name, person.department_id, by=person, at=at)
    except Refused:
        return False
    return True
