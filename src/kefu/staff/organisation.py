"""The organisation as rules ask for it: holders of posts, leaders, teams, who is on duty, at one instant.

`LiveRoll` reads each of its tables at the first question that needs it, ids only: make one per decision or batch,
not per process. `LiveOrganisation` answers from it for one instant (`kefu.core.rulebook.who.Organisation`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from kefu.core.db import columns, instant
from kefu.core.reading import asked_once
from kefu.core.rulebook.model import Post, Rulebook
from kefu.staff.models import Person, PostHolding, SignIn, StandIn, Team, TeamMember
from kefu.staff.models.spans import Span
from kefu.staff.rights import Tree

LONGEST_LINE = 20  # levels; a reporting line that goes round ends there


class Held(NamedTuple):
    person: str
    department: int
    post: str


class Working(NamedTuple):
    """A person with the instants between which they work here."""

    id: int
    department_id: int
    joined_at: datetime
    left_at: datetime | None
    away_since: datetime | None


class LiveRoll:
    """Everybody and everything they hold at `since` or later, with its spans."""

    def __init__(self, since: datetime) -> None:
        self.since = since
        self._answered: dict[tuple[datetime, int | None], LiveOrganisation] = {}

    def at(self, at: datetime, department: int | None) -> LiveOrganisation:
        """Who is who at `at`, for the work of `department`."""
        if at < self.since:
            return LiveOrganisation(at, department)
        if (at, department) not in self._answered:
            self._answered[at, department] = LiveOrganisation(at, department, self)
        return self._answered[at, department]

    @cached_property
    def tree(self) -> Tree:
        return Tree()

    @cached_property
    def people(self) -> list[Working]:
        where = "left_at IS NULL OR left_at > %s ORDER BY id"
        return [Working(*row) for row in columns(Person, Working._fields, where, [instant(self.since)])]

    @cached_property
    def holdings(self) -> list[tuple[datetime, datetime | None, int, int, str]]:
        """(since, until, person, department, post), longest held first."""
        return self._spans(PostHolding, "person_id", "department_id", "post", order="since, id")

    @cached_property
    def stand_ins(self) -> list[tuple[datetime, datetime | None, int, int]]:
        """(since, until, person, absent)."""
        return self._spans(StandIn, "person_id", "absent_id")

    @cached_property
    def memberships(self) -> list[tuple[datetime, datetime | None, int, int]]:
        """(since, until, person, team)."""
        return self._spans(TeamMember, "person_id", "team_id")

    def _spans(self, model: type[Span], *names: str, order: str = "id") -> list[tuple[Any, ...]]:
        where = f"until IS NULL OR until > %s ORDER BY {order}"
        return columns(model, ("since", "until", *names), where, [instant(self.since)])

    @cached_property
    def teams(self) -> dict[int, Team]:
        return {team.pk: team for team in Team.objects.all()}

    @cached_property
    def sign_ins(self) -> list[SignIn]:
        return list(SignIn.objects.open_at(self.since).only("person_id", "started_at", "last_seen_at"))


@asked_once
def live_roll(since: datetime) -> LiveRoll:
    return LiveRoll(since)


class LiveOrganisation:
    """`department`: of the work being decided. A post that several departments hold means the holders nearest to
    it: in the department itself, else in the nearest one above it, else in departments of the same rulebook,
    but never from one service department to another: each has its own people."""

    def __init__(self, at: datetime, department: int | None = None, roll: LiveRoll | None = None) -> None:
        self.at = at
        self.department = department
        self._roll = roll or live_roll(at)
        self._rulebooks: dict[int, Rulebook | None] = {}

    # --- what is true at the instant ----------------------------------------------------------------------

    @property
    def _tree(self) -> Tree:
        return self._roll.tree

    @property
    def _teams(self) -> dict[int, Team]:
        return self._roll.teams

    @cached_property
    def _ids(self) -> dict[int, tuple[str, int]]:
        """Everybody who works here, as rules know them, with the department of each."""
        at = self.at
        return {
            pk: (str(pk), department)
            for pk, department, joined_at, left_at, _ in self._roll.people
            if joined_at <= at and (left_at is None or left_at > at)
        }

    @cached_property
    def _people(self) -> dict[str, int]:
        """The same without the number."""
        return dict(self._ids.values())

    @cached_property
    def _holdings(self) -> list[Held]:
        return [Held(person, *rest) for person, *rest in self._now(self._roll.holdings)]

    @cached_property
    def _stand_ins(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for person, absent in self._now(self._roll.stand_ins):
            found[str(absent)].append(person)
        return found

    @cached_property
    def _memberships(self) -> list[tuple[int, str]]:
        """Team and person."""
        return [(team, person) for person, team in self._now(self._roll.memberships)]

    @cached_property
    def _on_duty(self) -> frozenset[str]:
        here = {str(one.id) for one in self._roll.people if one.away_since is None}
        return frozenset(
            person
            for one in self._roll.sign_ins
            if one.is_open_at(self.at) and (person := str(one.person_id)) in here and person in self._people
        )

    def _rulebook_of(self, department: int) -> Rulebook | None:
        if department not in self._rulebooks:
            self._rulebooks[department] = self._tree.rulebook_of(department, self.at)
        return self._rulebooks[department]

    def _now(self, spans: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """(person, …) of the spans (since, until, person, …) of people who work here, both at the instant."""
        at, ids = self.at, self._ids
        for since, until, person, *rest in spans:
            if since <= at and (until is None or until > at) and person in ids:
                yield ids[person][0], *rest

    # --- posts --------------------------------------------------------------------------------------------

    def holders(self, post: str, near: int | None = None) -> tuple[str, ...]:
        """People who hold `post`, longest first, then those standing in for one of them."""
        held = [holding for holding in self._holdings if holding.post == post]
        near = near if near is not None else self.department
        if near is not None:
            held = self._nearest(held, near)
        own = [holding.person for holding in held]
        return _once([*own, *(other for person in own for other in self._stand_ins.get(person, ()))])

    def _nearest(self, held: list[Held], near: int) -> list[Held]:
        places = self._tree.with_ancestors(near)
        for place in places:
            if here := [holding for holding in held if holding.department == place.pk]:
                return here
        pack = self._tree.pack_of(near)
        runs_itself = bool(self._tree.by_id[near].pack)
        return [
            holding
            for holding in held
            if self._tree.pack_of(holding.department) == pack
            and not (runs_itself and self._tree.by_id[holding.department].pack)
        ]

    def posts_held(self, person: str) -> tuple[str, ...]:
        """Names of the posts the person holds or stands in for."""
        meant = {person, *(absent for absent, others in self._stand_ins.items() if person in others)}
        return _once(holding.post for holding in self._holdings if holding.person in meant)

    def holds(self, person: str, post: str) -> bool:
        """Whether the post is the person's own, not one they stand in for."""
        return any(holding.person == person and holding.post == post for holding in self._holdings)

    # --- lines --------------------------------------------------------------------------------------------

    def leader_of(self, person: str) -> tuple[str, ...]:
        """The leaders of the person's teams; without one, the nearest held post up the reporting line."""
        leaders = _once(
            self._leader(self._teams[team]) for team, member in self._memberships if member == person
        )
        if leaders := tuple(leader for leader in leaders if leader not in ("", person)):
            return leaders
        held = (holding for holding in self._holdings if holding.person == person)
        return tuple(
            one for one in _once(up for holding in held for up in self._above(holding)) if one != person
        )

    def _above(self, holding: Held) -> tuple[str, ...]:
        """Holders of the post that `holding`'s reports to; a post that nobody holds is passed over."""
        rulebook = self._rulebook_of(holding.department)
        post = rulebook.posts.get(holding.post) if rulebook else None
        for _ in range(LONGEST_LINE):
            if rulebook is None or post is None or post.reports_to is None:
                break
            if found := self.holders(post.reports_to, holding.department):
                return found
            post = rulebook.posts.get(post.reports_to)
        return ()

    def leader_of_unit(self, unit: str) -> tuple[str, ...]:
        """Of a team its leader; of a department the holders of the post that `leads` it, else of its top
        posts."""
        if (team := self._team(unit)) is not None:
            leader = self._leader(team)
            return (leader,) if leader else self.leader_of_unit(str(team.department_id))
        department = self._tree.by_id.get(int(unit)) if unit.isdecimal() else None
        if department is None:
            return ()
        ruled = [(one, rule) for one in self._holdings if (rule := self._rule(one)) is not None]
        if heads := _once(one.person for one, rule in ruled if rule.leads == department.code):
            return heads
        here = [(one, rule) for one, rule in ruled if one.department == department.pk]
        posts = {one.post for one, _ in here}
        return _once(one.person for one, rule in here if rule.reports_to not in posts)

    def line_of(self, person: str, post: str) -> tuple[str, ...]:
        """The leaders from the person's own up to the first level that holds `post`, nearest first."""
        line: list[str] = []
        for level in self.reporting_line(person):
            line += level
            if any(post in self.posts_held(one) for one in level):
                break
        return tuple(line)

    def reporting_line(self, person: str) -> tuple[tuple[str, ...], ...]:
        """All levels above the person, nearest first; a line that goes round ends where it began."""
        levels: list[tuple[str, ...]] = []
        seen = {person}
        level: tuple[str, ...] = (person,)
        while level := tuple(
            one for one in _once(up for below in level for up in self.leader_of(below)) if one not in seen
        ):
            seen.update(level)
            levels.append(level)
        return tuple(levels)

    def team_of(self, person: str) -> tuple[str, ...]:
        """Direct reports: everybody whose leader the person is."""
        return tuple(one for one in self._people if one != person and person in self.leader_of(one))

    def _rule(self, holding: Held) -> Post | None:
        rulebook = self._rulebook_of(holding.department)
        return rulebook.posts.get(holding.post) if rulebook else None

    # --- units and presence -------------------------------------------------------------------------------

    def members(self, unit: str) -> tuple[str, ...]:
        if (team := self._team(unit)) is not None:
            return _once(member for of, member in self._memberships if of == team.pk)
        return tuple(one for one, department in self._people.items() if str(department) == unit)

    def everyone(self) -> tuple[str, ...]:
        return tuple(self._people)

    def on_duty(self, person: str) -> bool:
        """Here, signed in and not away. The roster will replace the answer, not the question."""
        return person in self._on_duty

    def _team(self, unit: str) -> Team | None:
        number = unit.removeprefix("team-")
        return self._teams.get(int(number)) if number != unit and number.isdecimal() else None

    def _leader(self, team: Team) -> str:
        """The team's leader, "" when it has none who works here."""
        leader = str(team.leader_id or "")
        return leader if leader in self._people else ""


def _once(people: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(people))
