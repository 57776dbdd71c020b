"""The team board: who is here and what they hold, which promises press, what stands still, what nobody has taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from kefu.cases.models import Case
from kefu.cases.queries import cases_visible_to, open_cases
from kefu.core.worktime import Amount, Calendar, Unit, length, used
from kefu.home.leading import led_by
from kefu.staff.models import Person, TeamMember
from kefu.staff.models.people import working
from kefu.staff.organisation import LiveOrganisation
from kefu.staff.rights import Tree, scope
from kefu.web import remaining

SOON = timedelta(hours=1)
LOOKED_AT = 100  # of the nearest promises, and of what was touched longest ago
MOST = 20  # lines of a list


@dataclass(frozen=True, slots=True)
class Mate:
    """Somebody led, and what they hold: open cases, those due within the hour and missed, since when the oldest."""

    person: Person
    here: bool
    running: int
    at_risk: int
    missed: int
    oldest: datetime | None

    @property
    def idle(self) -> bool:
        """Neither here nor with anything in hand: told by the name alone."""
        return not (self.here or self.running or self.person.away_since)


@dataclass(frozen=True, slots=True)
class Board:
    """pressing: nearest the end of their time first; stuck: longest untouched first; free: longest waiting first."""

    mates: list[Mate]
    pressing: list[Case]
    stuck: list[Case]
    free: list[Case]

    @property
    def idle(self) -> list[Mate]:
        return [one for one in self.mates if one.idle]


def mates_of(person: Person, at: datetime) -> QuerySet[Person]:
    """People of the departments and teams that `person` leads; none for who leads nobody."""
    units = [one.pk for one in led_by(person, at).departments]
    teams = TeamMember.objects.at(at).filter(team__leader=person).values("person")
    return Person.objects.filter(working(at)).filter(Q(department__in=units) | Q(pk__in=teams))


def cases_on_board(person: Person, people: Iterable[Person], at: datetime) -> QuerySet[Any]:
    """Open cases that the leader sees: of the departments led, and in the hands of `people`, who are led.

    `holder` is the owner's id, 0 for nobody's: asked by owner, a database without statistics reads all that an owner
    ever had.
    """
    units = frozenset(one.pk for one in led_by(person, at).departments)
    mates = {one.pk: one.department_id for one in people}
    seen = scope(person, at)
    all_seen = seen.company or (
        units <= seen.departments
        and all(pk in seen.people or unit in seen.departments for pk, unit in mates.items())
    )
    cases = Case.objects.all() if all_seen else cases_visible_to(person, at)
    return (
        open_cases(cases)
        .annotate(holder=Coalesce("owner_id", 0))
        .filter(Q(department__in=units) | Q(holder__in=list(mates)))
    )


def board_of(person: Person, at: datetime) -> Board:
    """A fixed number of queries, however many people and cases there are."""
    people = list(mates_of(person, at).select_related("department").order_by("department", "pk"))
    found = cases_on_board(person, people, at)
    still = _first(found, "changed_at", LOOKED_AT)  # along the index, no further than there are that many
    found = found.filter(
        department__in=list(Tree().by_id)
    )  # one look through the index of open cases by department
    near = _first(found.filter(due_at__isnull=False), "due_at", LOOKED_AT)
    return Board(
        _mates(people, found, at),
        sorted((one for one in near if _presses(one, at)), key=lambda one: _share(one, at))[:MOST],
        [one for one in still if is_stuck(one.rulebook.calendar, one.changed_at, at)][:MOST],
        _first(found.filter(holder=0), "opened_at", MOST),
    )


def _first(found: QuerySet[Any], order: str, most: int) -> list[Case]:
    """The first of them: chosen by what an index holds, and only these read."""
    ids = list(found.order_by(order, "pk").values_list("pk", flat=True)[:most])
    return list(Case.objects.filter(pk__in=ids).select_related("owner", "department").order_by(order, "pk"))


def is_stuck(calendar: Calendar, touched_at: datetime, at: datetime) -> bool:
    """工单滞留: nothing has happened for a working day of the calendar, or longer."""
    a_day = length(calendar, touched_at, Amount(Decimal(1), Unit.WORKING_DAYS))
    return used(calendar, touched_at, at, Unit.WORKING_DAYS) >= a_day


def _mates(people: Iterable[Person], found: QuerySet[Any], at: datetime) -> list[Mate]:
    counted = (
        found.filter(holder__gt=0)
        .order_by()
        .values_list("holder")
        .annotate(
            running=Count("*"),
            at_risk=Count("department", filter=Q(due_at__gte=at, due_at__lte=at + SOON)),
            missed=Count("department", filter=Q(due_at__lt=at)),
            oldest=Min("opened_at"),
        )
    )
    by_owner = {owner: figures for owner, *figures in counted}
    organisation = LiveOrganisation(at)
    mates = [
        Mate(one, organisation.on_duty(str(one.pk)), *by_owner.get(one.pk, (0, 0, 0, None))) for one in people
    ]
    return sorted(mates, key=lambda one: (not one.here, -one.missed, -one.at_risk, -one.running))


def _presses(case: Case, at: datetime) -> bool:
    left = remaining.of_work(case, at)
    return left is not None and left.tone in ("warn", "late")


def _share(case: Case, at: datetime) -> tuple[int, datetime]:
    left = remaining.of_work(case, at)
    return -(left.share or 0) if left else 0, case.due_at or at
