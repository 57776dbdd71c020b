"""Opening the duties that come round with the calendar, each once, dated at the beginning of its period.

All periods begin at midnight: what is left to open is found midnight by midnight, under the rulebook in force then,
so that a worker that was down catches up and opens the same. People hear of it once, however much it is.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime, timedelta

from kefu.core import worktime
from kefu.core.db import write
from kefu.core.effects import organisation
from kefu.core.errors import Refused
from kefu.core.jobs.registry import handler
from kefu.core.jobs.running import Run
from kefu.core.ledger import SYSTEM
from kefu.core.rulebook.model import Ref, Rulebook
from kefu.core.versions import queries as versions
from kefu.duties import actions, series
from kefu.duties.holders import Holder, holder, named
from kefu.duties.models import Duty, Rounds
from kefu.duties.planning import Falling, due_duties, running_duties
from kefu.duties.records import governed, records
from kefu.staff.actions.notices import notify
from kefu.staff.models import Department, Person

log = logging.getLogger(__name__)
Came = Counter[int]  # how many duties came, by person


@handler("duties.rounds", every=timedelta(seconds=30))
def rounds_tick(run: Run, at: datetime) -> int:
    """Open what is due to be opened; returns how many. One department that fails does not keep the others."""
    return open_all(at=at, run=run)


def open_all(*, at: datetime, run: Run | None = None) -> int:
    """Periods that began and items of plans, in every department with a rulebook."""
    came: Came = Counter()
    failures: list[Exception] = []
    opened = 0
    for department in Department.objects.exclude(pack="").order_by("pk"):
        try:
            while (number := open_next(department, came, at=at)) is not None:
                opened += number
                if run is not None:
                    with write():
                        run.report(opened, None, at=at)
        except Exception as error:
            log.exception("the periodic duties of %s cannot be opened", department)
            failures.append(error)
    opened += series.open_due(came, at=at)
    _tell(came, at=at)
    if failures:
        raise ExceptionGroup("periodic duties could not be opened", failures)
    return opened


def open_next(department: Department, came: Came, *, at: datetime) -> int | None:
    """Open what begins at the next midnight up to `at`; how many, None when nothing is left.

    The first time, the periods in which `at` lies are opened as they stand.
    """
    rulebook = rulebook_in_force(department, at)
    if rulebook is None:
        return None
    with write():
        row, new = Rounds.objects.select_for_update().get_or_create(
            department=department, defaults={"opened_until": at}
        )
        if new:
            return sum(_open(department, rulebook, one, came, at=at) for one in running_duties(rulebook, at))
        until = row.opened_until
        calendar = rulebook.calendar
        midnight = worktime.day_end(calendar, worktime.day_of(calendar, until))
        if midnight > at:
            return None
        number = 0
        rulebook = rulebook_in_force(department, midnight)
        for one in due_duties(rulebook, until, midnight) if rulebook else ():
            number += _open(department, rulebook, one, came, at=one.period.opens)
        row.opened_until = midnight
        row.save(update_fields=["opened_until"])
    return number


def open_for(person: Person, *, at: datetime) -> int:
    """What somebody owes of the periods that run, who was away when they began."""
    number, came = 0, Counter[int]()
    for department in Department.objects.exclude(pack=""):
        rulebook = rulebook_in_force(department, at)
        if rulebook is None or person.department_id not in governed(department):
            continue
        with write():
            if not Rounds.objects.select_for_update().filter(department=department).exists():
                continue  # its periods have not begun to be opened
            for one in running_duties(rulebook, at):
                if one.kind.each is not None and one.kind.each.of == "person":
                    number += _open(department, rulebook, one, came, at=at, only=person.ref)
    return number


def _open(
    department: Department,
    rulebook: Rulebook | None,
    falling: Falling,
    came: Came,
    *,
    at: datetime,
    only: Ref | None = None,
) -> int:
    """The duty of one period, for each record that owes it; those that are there stay as they are."""
    if rulebook is None:
        return 0
    kind, period = falling
    whom: list[Ref | None] = [None]
    if kind.each is not None:
        found = records(kind.each, department, rulebook, at)
        whom = [one for one in found if only in (None, one)]
    there = set(
        Duty.objects.filter(department=department, kind=kind.name, period=period.label).values_list(
            "each_kind", "each_id"
        )
    )
    number = 0
    here = organisation.at(at, department.pk)
    for each in whom:
        key = (each.kind, each.id) if each else ("", "")
        if key in there:
            continue
        about: dict[str, object] = {"each": each} if each else {}
        facts = {"department": department.ref, **about}
        whose = holder(named(kind, facts, rulebook), facts, here)
        actions.opened(
            kind.name,
            department=department,
            rulebook=rulebook,
            by=SYSTEM,
            at=at,
            owner_id=whose.owner,
            told={"period": (period.opens, period.ends), **about},
            post=whose.post,
            period=period.label,
            each_kind=key[0],
            each_id=key[1],
        )
        count(came, whose)
        number += 1
    return number


def count(came: Came, whose: Holder) -> None:
    """Note who is to hear of a duty that came."""
    came.update([whose.owner] if whose.owner else whose.people)


def _tell(came: Came, *, at: datetime) -> None:
    for person in Person.objects.filter(pk__in=list(came)).order_by("pk"):
        notify(person, kind="duties.came", data={"count": came[person.pk]}, by=SYSTEM, at=at)


def rulebook_in_force(department: Department, at: datetime) -> Rulebook | None:
    """None before its rulebook was published: nothing is owed by a rule that does not hold yet."""
    try:
        return versions.in_force(department.pack, at)
    except Refused:
        return None
