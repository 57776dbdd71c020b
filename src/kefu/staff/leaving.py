"""What would end if somebody left now, and where open work would go: the same answers as `hand_back` acts on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kefu.core.effects import organisation
from kefu.core.rulebook.model import Text
from kefu.core.work import registry
from kefu.core.work.models import Work
from kefu.staff import queries
from kefu.staff.models import Person, PostHolding, SignIn, StandIn, Team, TeamMember

SHOWN = 30


@dataclass(frozen=True, slots=True)
class Moving:
    """A piece of open work and who gets it; nobody: it can be taken by whoever may."""

    work: Work
    kind: Text
    state: Text
    to: Person | None


@dataclass(frozen=True, slots=True)
class Ends:
    """`work`: the first 30; `more`: how many besides."""

    posts: int
    teams: int
    stand_ins: int
    sessions: int
    tokens: int
    work: list[Moving]
    more: int


def what_happens(person: Person, at: datetime) -> Ends:
    open_work = [
        work
        for model in registry.models()
        for work in model._default_manager.filter(
            owner_id=person.pk, closed_at=None, voided_at=None
        ).order_by("pk")
    ]
    next_owner: dict[int, str] = {}
    for work in open_work:
        if work.department_id not in next_owner:
            leaders = organisation.at(at, work.department_id).leader_of(str(person.pk))
            next_owner[work.department_id] = leaders[0] if leaders else ""
    people = Person.objects.in_bulk([int(pk) for pk in set(next_owner.values()) if pk])
    moving = [
        Moving(
            work,
            work.rule.title,
            work.flow.states[work.state].title,
            people.get(int(next_owner[work.department_id] or 0)),
        )
        for work in open_work[:SHOWN]
    ]
    return Ends(
        posts=PostHolding.objects.ahead(at).filter(person=person).count(),
        teams=TeamMember.objects.ahead(at).filter(person=person).count()
        + Team.objects.filter(leader=person).count(),
        stand_ins=StandIn.objects.ahead(at).filter(absent=person).count()
        + StandIn.objects.ahead(at).filter(person=person).count(),
        sessions=SignIn.objects.open_at(at).filter(person=person).count(),
        tokens=queries.tokens_of(person, at).count(),
        work=moving,
        more=len(open_work) - len(moving),
    )
