"""Who may do what with a case beside its flow, which says for itself who makes a move. Pages and API ask here."""

from __future__ import annotations

from datetime import datetime

from kefu.cases.models import Case
from kefu.core.errors import Refused
from kefu.core.work.queries import moves_offered
from kefu.customers import revealing
from kefu.staff.models import Person
from kefu.staff.rights import Tree, owns_organisation, posts_of

WHO = {
    "take": ("受理部门或收到派单的部门的人员", "people of its department, or of one it was sent to"),
    "assign": (
        "处理人本人、本部门有调派权的岗位",
        "its owner, or a post of its department that may reassign",
    ),
    "void": (
        "本部门有调派权的岗位，或登记人当天",
        "a post of its department that may reassign, or its author on the same day",
    ),
    "fill": ("处理人、登记人，或可办理下一步的人员", "its owner, its author, or who can make its next step"),
}


def leads(person: Person, case: Case, at: datetime) -> bool:
    """A post with `reassign` in the case's department, in one above it, or over the company."""
    if owns_organisation(person):
        return True
    tree = Tree()
    above = {department.pk for department in tree.with_ancestors(case.department_id)}
    return any(
        held.rule is not None
        and "reassign" in held.rule.may
        and (held.rule.sees == "company" or held.department.pk in above)
        for held in posts_of(person, at, tree)
    )


def may_void(person: Person, case: Case, at: datetime) -> bool:
    """Leaders of the department, and the author within the same day of the department's calendar."""
    calendar = case.rulebook.calendar
    own = case.author_id == person.pk and (calendar.local(case.opened_at).date() == calendar.local(at).date())
    return case.is_open and (own or leads(person, case, at))


def may_take(person: Person, case: Case, at: datetime) -> bool:
    """People of its department, and of those it was sent to, take a case that has no owner."""
    return (
        case.is_open
        and case.owner_id is None
        and (
            person.department_id == case.department_id
            or case.reaches.filter(department=person.department_id).exists()
        )
    )


def may_assign(person: Person, case: Case, at: datetime) -> bool:
    """The owner hands over, a leader hands out."""
    return case.is_open and (case.owner_id == person.pk or leads(person, case, at))


def may_fill(person: Person, case: Case, at: datetime) -> bool:
    """Whoever works on it: the owner, the author, and those who can make one of its next moves."""
    return case.is_open and (
        person.pk in (case.owner_id, case.author_id)
        or any(offer.allowed for offer in moves_offered(case, person.pk, at))
    )


def may_reveal(person: Person, case: Case, at: datetime) -> bool:
    """Whoever works on it, and posts with the right to."""
    return may_fill(person, case, at) or revealing.may_reveal(person, at)


MAY = {"take": may_take, "assign": may_assign, "void": may_void, "fill": may_fill}


def require(verb: str, person: Person, case: Case, at: datetime) -> None:
    """Raises Refused case.may_not saying who may."""
    if not MAY[verb](person, case, at):
        zh, en = WHO[verb]
        raise Refused(
            "case.may_not",
            zh=f"您不能对工单 {case.number} 做这件事（或它已结束）；可由：{zh}。",
            en=f"You may not do this with case {case.number}, or it is over; it is for {en}.",
            number=case.number,
            verb=verb,
        )
