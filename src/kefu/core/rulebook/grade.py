"""How heavy a piece of work is, by the rulebook."""

from __future__ import annotations

from kefu.core.rulebook.match import Records, holds
from kefu.core.rulebook.model import Facts, Grades
from kefu.core.worktime import Calendar


def proposed_level(
    grades: Grades,
    facts: Facts,
    current: str | None,
    *,
    set_by_person: bool,
    calendar: Calendar,
    records: Records,
) -> str | None:
    """Return the level the rule proposes, None where it leaves the choice to a person.

    Levels are tried heaviest first. A rule may raise and never lowers: of the level found and `current` the
    heavier stands. set_by_person: a person chose `current` and no fact changed since, so it stands.
    """
    if set_by_person and current:
        return current
    order = list(grades.levels)
    for name, level in grades.levels.items():
        if level.when is None or holds(level.when, facts, calendar=calendar, records=records).ok:
            heavier = current in order and order.index(str(current)) < order.index(name)
            return current if heavier else name
    return current
