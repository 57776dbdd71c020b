"""The figures of a wall: counts only, nobody's name and nobody's words.

Each is one statement over an index, so that it costs what there is to count and not the archive: `cases_by_opened`
the day's cases, `open_cases_of_kind` the open ones without a look at their rows, `clock_standing` and `clock_missed`
the promises of an hour and of a day, `ratings_of_department` a month of ratings (benchmarks/wall.md).

Nothing here waits for an event: what is due and what was missed follow from `at` alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.db.models import Avg, Count, Min, Q, QuerySet

from kefu.cases.lists import kinds_in_force
from kefu.cases.models import Case, Rating
from kefu.cases.queries import open_cases
from kefu.core.clocks.models import ClockRow
from kefu.core.rulebook.model import Kind, Text
from kefu.core.worktime.periods import midnight
from kefu.home.models import Wall
from kefu.staff.rights import Tree

SOON = timedelta(hours=1)
LATELY = timedelta(days=30)

Unit = Literal["minutes", "hours", "days"]


@dataclass(frozen=True, slots=True)
class OfKind:
    """Open cases of one kind."""

    title: Text
    count: int


@dataclass(frozen=True, slots=True)
class Wait:
    """How long the case that waits longest has been without an owner, in whole units."""

    length: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Figures:
    """at_risk: cases with a promise due within the hour. missed: those with one broken today. marks: mean of the last
    30 days (one to five), None without a rating. wait: None when every case has an owner."""

    intake: int
    at_risk: int
    missed: int
    wait: Wait | None
    marks: float | None
    ratings: int
    open: int
    kinds: tuple[OfKind, ...]


def figures_of(wall: Wall, zone: str, at: datetime) -> Figures:
    """What the wall shows at `at`; the day is that of `zone`. Seven statements, and one for each pack in force."""
    tree = Tree()
    here = tree.with_descendants(wall.department_id) if wall.department_id else frozenset(tree.by_id)
    today = midnight(at, ZoneInfo(zone))
    promises = ClockRow.objects.filter(department__in=here)
    standing = promises.filter(state__in=["running", "paused"])  # as the index says it, else it is not used
    due = standing.filter(due_at__gte=at, due_at__lte=at + SOON).exclude(state="paused")
    missed = promises.filter(missed_at__gte=today, missed_at__lte=at)
    over = standing.filter(due_at__gte=today, due_at__lt=at).exclude(
        state="paused"
    )  # until the sweep comes by
    open_ = open_cases(Case.objects.filter(department__in=here)).order_by()
    # the day's cases of every department: asked for some, a database without statistics reads all they ever had
    came = Case.objects.filter(opened_at__gte=today, opened_at__lte=at).order_by().values_list("department")
    given = Rating.objects.filter(department__in=here, at__gt=at - LATELY, at__lte=at)
    rated = given.aggregate(mean=Avg("marks"), count=Count("marks"))
    # by department and kind, as the index is sorted
    groups = open_.values_list("department", "kind").annotate(
        count=Count("*"), first=Min("opened_at", filter=Q(owner=None))
    )
    of_kind, firsts = Counter[str](), []
    for _, kind, count, first in groups:
        of_kind[kind] += count
        firsts += [first] if first is not None else []
    since = min(firsts, default=None)
    return Figures(
        intake=sum(count for unit, count in came.annotate(count=Count("*")) if unit in here),
        at_risk=_cases(_of_work(due)),
        missed=_cases(_of_work(missed).union(_of_work(over))),
        wait=waited(at - since) if since is not None else None,
        marks=float(rated["mean"]) if rated["count"] else None,
        ratings=rated["count"],
        open=sum(of_kind.values()),
        kinds=_named(of_kind, kinds_in_force(at)),
    )


def _of_work(clocks: QuerySet[ClockRow]) -> QuerySet[Any]:
    return clocks.values_list("work_kind", "work_id").distinct()


def _cases(works: QuerySet[Any]) -> int:
    """How many of them are cases. Sorted out here: asked by kind of work, the index of instants is left."""
    return sum(kind == Case.noun for kind, _ in works)


def waited(length: timedelta) -> Wait:
    """Minutes below two hours, hours below two days, then days: a figure of few digits that still moves."""
    minutes = max(0, int(length.total_seconds() // 60))
    if minutes < 120:
        return Wait(minutes, "minutes")
    return Wait(minutes // 60, "hours") if minutes < 48 * 60 else Wait(minutes // 1440, "days")


def _named(counted: Mapping[str, int], kinds: Mapping[str, Kind]) -> tuple[OfKind, ...]:
    """The most of one kind first. A kind that a newer rulebook dropped keeps its code until its last case closes."""
    lines = [
        OfKind(kinds[name].title if name in kinds else Text(name, name), count)
        for name, count in counted.items()
    ]
    return tuple(sorted(lines, key=lambda one: (-one.count, one.title.zh)))
