"""Who may do what with a case beside its flow, which says for itself who makes a move. Pages and API ask here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from kefu.cases.models import Case
from kefu.core.errors import Refused
from kefu.core.work.queries import moves_offered
from kefu.customers import revealing
from kefu.staff.models import Person
from kefu.staff.organisation import LiveOrganisation
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
    "join": (
        "两边工单的办理人员、本部门有调派权的岗位",
        "people who work on it, or a post of its department that may reassign; of both cases",
    ),
    "supervise": (
        "处理人上级、本部门有调派权的岗位",
        "a leader up the owner's line, or a post of its department that may reassign",
    ),
    "answer": ("处理人、本部门有调派权的岗位", "its owner, or a post of its department that may reassign"),
    "fill": ("处理人、登记人，或可办理下一步的人员", "its owner, its author, or who can make its next step"),
}


@dataclass(frozen=True)
class Standing:
    """How a person stands to a case at an instant. Each question is asked once, however many verbs depend on it."""

    person: Person
    case: Case
    at: datetime

    @cached_property
    def leads(self) -> bool:
        """A post with `reassign` in the case's department, in one above it, or over the company."""
        if owns_organisation(self.person):
            return True
        tree = Tree()
        above = {department.pk for department in tree.with_ancestors(self.case.department_id)}
        return any(
            held.rule is not None
            and "reassign" in held.rule.may
            and (held.rule.sees == "company" or held.department.pk in above)
            for held in posts_of(self.person, self.at, tree)
        )

    @cached_property
    def works_on(self) -> bool:
        """The owner, the author, and those who can make one of its next moves."""
        return self.person.pk in (self.case.owner_id, self.case.author_id) or any(
            offer.allowed for offer in moves_offered(self.case, self.person.pk, self.at)
        )

    @property
    def owns(self) -> bool:
        return self.case.owner_id == self.person.pk

    def may_take(self) -> bool:
        """People of its department, and of those it was sent to, take a case that has no owner."""
        here = self.person.department_id
        return self.case.owner_id is None and (
            here == self.case.department_id or self.case.reaches.filter(department=here).exists()
        )

    def may_assign(self) -> bool:
        """The owner hands over, a leader hands out."""
        return self.owns or self.leads

    def may_void(self) -> bool:
        """Leaders of the department, and the author within the same day of the department's calendar."""
        calendar = self.case.rulebook.calendar
        today = calendar.local(self.case.opened_at).date() == calendar.local(self.at).date()
        return (self.case.author_id == self.person.pk and today) or self.leads

    def may_fill(self) -> bool:
        return self.works_on

    def may_join(self) -> bool:
        """Merge, split, say that it was raised again: whoever works on it, and leaders of the department."""
        return self.works_on or self.leads

    def may_supervise(self) -> bool:
        """Leaders of the department, and those up the owner's line; nobody what they have in hand themselves."""
        if self.owns:
            return False
        return self.leads or self._above_owner

    @property
    def _above_owner(self) -> bool:
        owner = str(self.case.owner_id or "")
        line = LiveOrganisation(self.at, self.case.department_id).reporting_line(owner) if owner else ()
        return any(str(self.person.pk) in level for level in line)


MAY: Mapping[str, Callable[[Standing], bool]] = {
    "take": Standing.may_take,
    "assign": Standing.may_assign,
    "void": Standing.may_void,
    "fill": Standing.may_fill,
    "join": Standing.may_join,
    "supervise": Standing.may_supervise,
    "answer": Standing.may_assign,
}


def may(verb: str, person: Person, case: Case, at: datetime) -> bool:
    """Whether the person may do it now. Nothing of it with a case that is over."""
    return case.is_open and MAY[verb](Standing(person, case, at))


def all_of(person: Person, case: Case, at: datetime) -> dict[str, bool]:
    """Every verb, and whether the person may do it now."""
    standing = Standing(person, case, at)
    return {verb: case.is_open and ask(standing) for verb, ask in MAY.items()}


def may_reveal(person: Person, case: Case, at: datetime) -> bool:
    """Whoever works on it, and posts with the right to."""
    return may("fill", person, case, at) or revealing.may_reveal(person, at)


def require(verb: str, person: Person, case: Case, at: datetime) -> None:
    """Raises Refused case.may_not saying who may."""
    if not may(verb, person, case, at):
        zh, en = WHO[verb]
        raise Refused(
            "case.may_not",
            zh=f"您不能对工单 {case.number} 做这件事（或它已结束）；可由：{zh}。",
            en=f"You may not do this with case {case.number}, or it is over; it is for {en}.",
            number=case.number,
            verb=verb,
        )
