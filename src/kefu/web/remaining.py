"""How much time is left, as a badge says it: words, a tone and a shape. Pure but for the language.

Work knows only its nearest due instant, so its badge counts on the wall; a `ClockState` knows its own unit
and, with the department's calendar, counts in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.utils.translation import get_language, gettext

from kefu.core.worktime import Calendar, length_text, not_confirmed, used

AT_RISK = 0.75  # share of the time used from which a badge warns; rules warn by their own steps
LONG = timedelta(hours=48)

Tone = Literal["calm", "warn", "late", "kept", "held"]
ICONS: dict[Tone, str] = {
    "calm": "clock",
    "warn": "clock-alert",
    "late": "triangle-alert",
    "kept": "circle-check",
    "held": "circle-pause",
}


@dataclass(frozen=True, slots=True)
class Remaining:
    """`doubt` names the years whose notice of days off is not known, "" when all are."""

    tone: Tone
    text: str
    due_at: datetime
    doubt: str = ""

    @property
    def icon(self) -> str:
        return ICONS[self.tone]


def of_work(work: Any, at: datetime) -> Remaining | None:
    """The nearest promise of a piece of work; None when nothing runs."""
    if work.due_at is None or not work.is_open:
        return None
    calendar = work.rulebook.calendar
    year = calendar.local(work.due_at).year
    doubt = "" if calendar.is_confirmed(year) else not_confirmed([year], _lang())
    return _left(work.opened_at, work.due_at, at, _wall(abs(work.due_at - at)), doubt)


def of_clock(state: Any, at: datetime, calendar: Calendar | None = None) -> Remaining:
    """One run of one clock (`kefu.core.clocks.states.ClockState`)."""
    doubt = not_confirmed(state.unconfirmed, _lang()) if state.unconfirmed else ""
    if state.state == "paused":
        return Remaining("held", gettext("paused"), state.due_at, doubt)
    if state.state in ("superseded", "rescheduled"):
        return Remaining("held", gettext("replaced"), state.due_at, doubt)
    if state.state == "met":
        return Remaining("kept", gettext("kept"), state.due_at, doubt)
    if state.state == "missed" and state.ended_at is not None:
        return Remaining("late", gettext("missed"), state.due_at, doubt)
    text = _wall(abs(state.due_at - at))
    if calendar is not None and state.amount is not None and state.amount.unit.is_working:
        first, last = sorted((at, state.due_at))
        counted = length_text(used(calendar, first, last, state.amount.unit), _lang())
        text = gettext("%(time)s of working time") % {"time": counted}
    return _left(state.started_at, state.due_at, at, text, doubt)


def _left(begun: datetime, due: datetime, at: datetime, text: str, doubt: str) -> Remaining:
    if at > due:
        return Remaining("late", gettext("%(time)s over") % {"time": text}, due, doubt)
    share = (at - begun) / (due - begun) if due > begun else 1.0
    return Remaining(
        "warn" if share >= AT_RISK else "calm", gettext("%(time)s left") % {"time": text}, due, doubt
    )


def _wall(length: timedelta) -> str:
    """Days and hours for what is long, hours and minutes for the rest; seconds only tell themselves."""
    if length < LONG:
        return length_text(length - timedelta(seconds=length.seconds % 60), _lang())
    return gettext("%(days)s d %(hours)s h") % {"days": length.days, "hours": length.seconds // 3600}


def _lang() -> str:
    return get_language() or "zh-hans"
