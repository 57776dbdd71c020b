"""What comes first on a day: urgency times importance, as the rulebook ranks. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from kefu.core.work.models import Work

OVERDUE, TODAY, SOON, LATER = 4, 3, 2, 1
HEAVY, MIDDLE, LIGHT = 3, 2, 1
_SOON = timedelta(days=3)


def weight(work: Work, near: datetime | None, at: datetime, day_ends: datetime) -> int:
    """1 to 12, the heavier the sooner. near: its nearest promise or appointment."""
    return urgency(near, at, day_ends) * importance(work)


def urgency(due_at: datetime | None, at: datetime, day_ends: datetime) -> int:
    """By its nearest promise or appointment: already missed, due on this day, within three days of it, or later."""
    if due_at is None:
        return LATER
    if due_at < at:
        return OVERDUE
    if due_at <= day_ends:
        return TODAY
    return SOON if due_at <= day_ends + _SOON else LATER


def importance(work: Work) -> int:
    """By its grade among the levels of the rulebook, heaviest first; work without a grade is ordinary."""
    grades = work.rule.grades
    if grades is None:
        return LIGHT
    levels = list(grades.levels)
    level = work.values.get(grades.name)
    if level not in levels:
        return LIGHT
    place = levels.index(str(level))
    if place == 0:
        return HEAVY
    return LIGHT if place == len(levels) - 1 else MIDDLE
