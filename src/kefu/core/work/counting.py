"""`count` on stored work: what was opened for this one, or what the department did in a period."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from kefu.core.rulebook.expressions import Count
from kefu.core.rulebook.match import holds
from kefu.core.rulebook.model import Facts
from kefu.core.work import registry
from kefu.core.work.models import Work
from kefu.core.worktime import Bounds, Period, day_of, period_bounds


def records_of(work: Work, at: datetime) -> Callable[[Count, Facts], int]:
    """A counter for `work`, asked at `at`. One query per registered model that has the kind.

    Without `during` the records that were opened for it. With it all of its department and those below that were
    finished in the period: a duty that comes round asks of its own, any other work of the one in which `at` lies.
    """

    def count(asked: Count, facts: Facts) -> int:
        found = _done_in(work, asked, at) if asked.during else _opened_for(work, asked)
        matching = [record for other in found if (record := _matching(other, asked, facts, at)) is not None]
        if asked.same:
            return len({tuple(str(record.get(name)) for name in asked.same) for record in matching})
        return len(matching)

    return count


def _matching(other: Work, asked: Count, facts: Facts, at: datetime) -> dict[str, object] | None:
    """The facts of a record that counts, None of one that does not."""
    record = other.facts()
    if asked.where is None:
        return record
    calendar = other.rulebook.calendar
    counts = holds(asked.where, record, calendar=calendar, records=records_of(other, at), outer=facts)
    return record if counts.ok else None


def _opened_for(work: Work, asked: Count) -> Iterator[Work]:
    for model in registry.models():
        yield from model._default_manager.filter(
            kind=asked.of, parent_kind=work.noun, parent_id=work.pk, voided_at=None
        )


def _done_in(work: Work, asked: Count, at: datetime) -> Iterator[Work]:
    kind = work.rulebook.kinds.get(asked.of)
    if kind is None:
        return
    bounds = period_of(work, Period(asked.during), at)
    yield from registry.model_of(kind.chapter)._default_manager.filter(
        kind=asked.of,
        department__in=_department_and_below(work),
        closed_at__gte=bounds.start,
        closed_at__lt=bounds.end,
        voided_at=None,
    )


def period_of(work: Work, period: Period, at: datetime) -> Bounds:
    """The period that a count of `work` asks about, asked at `at`."""
    calendar = work.rulebook.calendar
    instant = work.opened_at if work.rule.every else at
    return period_bounds(calendar, period, day_of(calendar, instant))


def _department_and_below(work: Work) -> set[int]:
    departments = type(work.department)._default_manager.values_list("pk", "parent_id")
    below: dict[int | None, list[int]] = {}
    for pk, parent in departments:
        below.setdefault(parent, []).append(pk)
    found: set[int] = set()
    todo = [work.department_id]
    while todo:
        found.add(pk := todo.pop())
        todo += [one for one in below.get(pk, ()) if one not in found]
    return found
