"""How much time is left, as a badge says it: words, a tone and a shape. Pure but for the language.

A `ClockState` knows its unit. Work knows only its nearest due instant, which tells the unit when it is what a
clock of its kind promises from one of its moves; otherwise (after a pause, say) the badge counts on the wall.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.utils.translation import get_language, gettext

from kefu.core.clocks import facts_json
from kefu.core.worktime import Amount, Calendar, Unit, due, length_text, not_confirmed, render_time, used

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
    """`share`: percent of the time used, 0 to 100; None where nothing runs. `doubt` names the years whose notice of
    days off is not known, "" when all are."""

    tone: Tone
    text: str
    due_at: datetime
    doubt: str = ""
    share: int | None = None

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
    return _left(work.opened_at, work.due_at, at, _counted(work.due_at, at, calendar, _unit(work)), doubt)


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
    unit = state.amount.unit if state.amount is not None else None
    return _left(state.started_at, state.due_at, at, _counted(state.due_at, at, calendar, unit), doubt)


def _unit(work: Any) -> Unit | None:
    """The working unit in which the nearest promise counts, if it counts in one."""
    calendar = work.rulebook.calendar
    starts = [work.opened_at, *(instant for instant in facts_json.load(work.made).values())]
    for clock in work.rule.clocks.values():
        for branch in clock.due:
            amount = branch.value
            if (
                isinstance(amount, Amount)
                and amount.unit.is_working
                and any(due(calendar, start, amount).at == work.due_at for start in starts)
            ):
                return amount.unit
    return None


def _counted(due_at: datetime, at: datetime, calendar: Calendar | None, unit: Unit | None) -> str:
    if calendar is None or unit is None or not unit.is_working:
        return _wall(abs(due_at - at))
    counted = used(calendar, min(at, due_at), max(at, due_at), unit)
    counted -= timedelta(seconds=counted.seconds % 60)
    return render_time(counted, unit, _lang())


def _left(begun: datetime, due_at: datetime, at: datetime, text: str, doubt: str) -> Remaining:
    if at > due_at:
        return Remaining("late", gettext("%(time)s over") % {"time": text}, due_at, doubt, 100)
    share = (at - begun) / (due_at - begun) if due_at > begun else 1.0
    tone: Tone = "warn" if share >= AT_RISK else "calm"
    return Remaining(tone, gettext("%(time)s left") % {"time": text}, due_at, doubt, max(0, int(share * 100)))


def _wall(length: timedelta) -> str:
    """Days and hours for what is long, hours and minutes for the rest; seconds only tell themselves."""
    if length < LONG:
        return length_text(length - timedelta(seconds=length.seconds % 60), _lang())
    return gettext("%(days)s d %(hours)s h") % {"days": length.days, "hours": length.seconds // 3600}


def _lang() -> str:
    return get_language() or "zh-hans"
