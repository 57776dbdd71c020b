"""What a rulebook makes due with the calendar, and when. Pure. (Series that count from an event:
`kefu.core.rulebook.plans`.)
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from kefu.core import worktime
from kefu.core.rulebook.model import Kind, Rulebook
from kefu.core.worktime import Occurrence, Recurrence


class Falling(NamedTuple):
    """A duty of `kind` in one period."""

    kind: Kind
    period: Occurrence


def due_duties(rulebook: Rulebook, after: datetime, before: datetime) -> list[Falling]:
    """The periodic duties whose period begins after `after` and not later than `before`, as they begin."""
    found = [
        Falling(kind, period)
        for kind, every in periodic(rulebook)
        for period in worktime.occurrences(every, rulebook.calendar, after, before)
    ]
    return sorted(found, key=lambda one: one.period.opens)


def running_duties(rulebook: Rulebook, at: datetime) -> list[Falling]:
    """The periodic duties of the periods in which `at` lies that can still be done in time."""
    found = [
        Falling(kind, worktime.occurrence_around(every, rulebook.calendar, at))
        for kind, every in periodic(rulebook)
    ]
    return [one for one in found if one.period.opens <= at <= one.period.due]


def periodic(rulebook: Rulebook) -> list[tuple[Kind, Recurrence]]:
    """The duties that come round with the calendar, in the order of the rulebook."""
    return [(kind, kind.every) for kind in rulebook.kinds.values() if kind.every and kind.chapter == "duties"]
