"""What a person holds, sees and may do at an instant: posts of the rulebook laid over the rows of staff.

Not here: who may make a move (the flow's `by`). Company, department and team are scopes of the rulebook
(`sees`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kefu.core.db import instant, select
from kefu.core.reading import asked_once
from kefu.core.rulebook.model import Post, Rulebook
from kefu.core.versions import queries as versions
from kefu.staff.models import Department, Organisation, Person, PostHolding, Team, TeamMember

Sees = Literal["own", "team", "department", "company"]
WIDTHS: tuple[Sees, ...] = ("own", "team", "department", "company")


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post held, by oneself or while standing in. `rule` is None when the version in force dropped the
    post."""

    department: Department
    post: str
    rule: Post | None
    standing_in_for: int | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose work a person sees: everybody's (`company`), all of `departments` (ids), and that of `people`
    (ids)."""

    company: bool
    departments: frozenset[int]
    people: frozenset[int]


class Tree:
    """All departments, read once."""

    def __init__(self) -> None:
        self.by_id = _departments()

    def with_ancestors(self, department_id: int) -> list[Department]:
        """The department, its parent, and so on to the root."""
        line, current = [], self.by_id.get(department_id)
        while current is not None and current not in line:
            line.append(current)
            current = self.by_id.get(current.parent_id) if current.parent_id else None
        return line

    def with_descendants(self, department_id: int) -> frozenset[int]:
        below = {department_id}
        while more := {pk for pk, one in self.by_id.items() if one.parent_id in below and pk not in below}:
            below |= more
        return frozenset(below)

    def pack_of(self, department_id: int) -> str:
        """Its own pack; a department that only receives goes by the nearest one above it, else by the first
        pack of the organisation: the sender's rulebook is what names its posts."""
        line = [department.pack for department in self.with_ancestors(department_id)]
        return next((pack for pack in [*line, *(one.pack for one in self.by_id.values())] if pack), "")

    def rulebook_of(self, department_id: int, at: datetime) -> Rulebook | None:
        pack = self.pack_of(department_id)
        return versions.in_force(pack, at) if pack else None


@asked_once
def _departments() -> dict[int, Department]:
    return {department.pk: department for department in select(Department, "1 = 1 ORDER BY id", [])}


def rulebook_of(department: Department, at: datetime) -> Rulebook:
    """The rulebook in force that governs the work of `department`. Raises Refused rulebook.not_published."""
    return versions.in_force(department.pack or Tree().pack_of(department.pk), at)


def posts_of(person: Person, at: datetime, tree: Tree | None = None) -> list[HeldPost]:
    """The posts held at `at`, own ones first, then those of people whom the person stands in for."""
    return list(_posts_of(person, at, tree=tree)) if person.is_active else []


# Asked by every request: without the query builder it costs a quarter.
_HELD = """since <= %s AND (until IS NULL OR until > %s) AND (person_id = %s OR person_id IN (
    SELECT absent_id FROM staff_standin WHERE person_id = %s AND since <= %s AND (until IS NULL OR until > %s)
)) ORDER BY id"""


@asked_once
def _posts_of(person: Person, at: datetime, *, tree: Tree | None) -> list[HeldPost]:
    now = instant(at)
    holdings = select(PostHolding, _HELD, [now, now, person.pk, person.pk, now, now])
    if not holdings:
        return []
    tree = tree or Tree()
    held = []
    for holding in sorted(holdings, key=lambda one: one.person_id != person.pk):
        rulebook = tree.rulebook_of(holding.department_id, at)
        rule = rulebook.posts.get(holding.post) if rulebook else None
        other = holding.person_id if holding.person_id != person.pk else None
        held.append(HeldPost(tree.by_id[holding.department_id], holding.post, rule, other))
    return held


def sees(person: Person, at: datetime) -> Sees:
    """The widest scope of the posts held; "own" without one."""
    widths = [held.rule.sees for held in posts_of(person, at) if held.rule]
    return max(widths, key=WIDTHS.index, default="own")


@asked_once
def scope(person: Person, at: datetime) -> Scope:
    """Whose work the person sees through posts held. What was dispatched to one's own is seen besides."""
    tree = Tree()
    held = [post for post in posts_of(person, at, tree) if post.rule]
    by_width = {
        width: [post.department.pk for post in held if post.rule and post.rule.sees == width]
        for width in WIDTHS
    }
    departments = frozenset().union(*(tree.with_descendants(pk) for pk in by_width["department"]))
    people = {person.pk, *(post.standing_in_for for post in held if post.standing_in_for)}
    if by_width["team"]:
        people |= _team_mates(person, at)
    return Scope(bool(by_width["company"]), departments, frozenset(people))


def _team_mates(person: Person, at: datetime) -> set[int]:
    """Members of the teams the person leads or is in."""
    teams = (
        Team.objects.filter(leader=person)
        .values_list("pk", flat=True)
        .union(TeamMember.objects.at(at).filter(person=person).values_list("team_id", flat=True))
    )
    return set(TeamMember.objects.at(at).filter(team_id__in=list(teams)).values_list("person_id", flat=True))


def department_scope(person: Person, at: datetime) -> frozenset[int]:
    """Ids of the departments whose whole work the person sees."""
    found = scope(person, at)
    return frozenset(Tree().by_id) if found.company else found.departments


@asked_once
def organisation() -> Organisation | None:
    """The organisation, or None before it was founded."""
    return next(iter(select(Organisation, "1 = 1 ORDER BY id LIMIT 1", [])), None)


def owns_organisation(person: Person) -> bool:
    found = organisation()
    return person.is_active and found is not None and found.owner_id == person.pk


def may(person: Person, right: str, at: datetime) -> bool:
    """Whether a post held gives the right (`may` of the rulebook). The owner of the organisation has all."""
    return owns_organisation(person) or any(
        right in held.rule.may for held in posts_of(person, at) if held.rule is not None
    )


def heads(person: Person, department_id: int, at: datetime) -> bool:
    """Whether the person administers the department: as owner of the organisation, or as its head or the
    head of one above it. A head holds, in that department, a post that reports to nobody or that `leads`
    it."""
    if owns_organisation(person):
        return True
    tree = Tree()
    return _heads(posts_of(person, at, tree), tree, department_id)


def headed_by(person: Person, at: datetime) -> list[Department]:
    """The departments that the person `heads`, in order of founding."""
    tree = Tree()
    if owns_organisation(person):
        return list(tree.by_id.values())
    held = posts_of(person, at, tree)
    return [department for pk, department in tree.by_id.items() if _heads(held, tree, pk)]


def _heads(posts: Sequence[HeldPost], tree: Tree, department_id: int) -> bool:
    line = {department.pk: department.code for department in tree.with_ancestors(department_id)}
    return any(
        held.rule is not None
        and held.standing_in_for is None
        and (
            (held.department.pk in line and held.rule.reports_to is None)
            or (held.rule.leads is not None and held.rule.leads in line.values())
        )
        for held in posts
    )
