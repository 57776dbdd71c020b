"""What fell due in the simulated weeks, held against what was written down by hand, both ways."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from kefu.core.clocks.models import ClockRow
from kefu.core.rulebook import load_pack
from kefu.core.rulebook.model import Kind, Rulebook
from kefu.core.worktime import day_end, day_start
from kefu.duties.models import Duty
from kefu.home.simulated.people import Place
from kefu.home.simulated.written import Begun, Due


@dataclass(frozen=True)
class Compared:
    """expected, lived: as many as there are; missing: written down but not lived; extra: lived but not written."""

    expected: int
    lived: int
    missing: list[Due]
    extra: list[Due]

    @property
    def same(self) -> bool:
        return not self.missing and not self.extra


def fell_due(place: Place, first: date, last: date) -> list[Due]:
    """The duties of the window that came round or were begun by an event, as their clocks stand in the database."""
    calendar = place.rulebook.calendar
    since, until = day_start(calendar, first), day_end(calendar, last)
    dues = dict(ClockRow.objects.filter(work_kind=Duty.noun, clock="due").values_list("work_id", "due_at"))
    found = []
    for duty in Duty.objects.select_related("series").order_by("pk"):
        due = dues.get(duty.pk)
        if due is None or not since < due <= until:
            continue
        began = duty.series.began_at if duty.series else None if duty.period else duty.opened_at
        for post in _posts(place, duty):
            found.append(Due(f"{duty.kind}.due", post, due, began))
    return sorted(set(found), key=lambda one: (one.due, one.rule, one.post))


def compare_begun(lived: Iterable[Due], written: Iterable[Begun]) -> Compared:
    """What began with the events that were staged, `written`, held against what was lived of the same starts."""
    rows = list(written)
    starts = {(one.rule, one.start) for one in rows}
    here = [due for due in lived if (due.rule, due.began) in starts]
    missing = [one for one in rows if not any(one.is_lived_by(due) for due in here)]
    extra = [due for due in here if not any(one.is_lived_by(due) for one in rows)]
    shown = [Due(one.rule, " ".join(one.posts), one.due, one.start) for one in missing]
    return Compared(len(rows), len(here), shown, extra)


def compare(pack: str, lived: Iterable[Due], written: Iterable[Due]) -> Compared:
    """Of the duties that are the pack's own, not those of the pack it extends."""
    own = {f"{kind.name}.due" for kind in own_kinds(load_pack(pack))}
    here = {one for one in lived if one.began is None and one.rule in own}
    there = set(written)
    order = sorted
    return Compared(len(there), len(here), order(there - here, key=_place), order(here - there, key=_place))


def own_kinds(rulebook: Rulebook) -> list[Kind]:
    inherited = load_pack(rulebook.extends).kinds if rulebook.extends else {}
    return [kind for kind in rulebook.kinds.values() if inherited.get(kind.name) != kind]


def _place(due: Due) -> tuple[datetime, str, str]:
    return due.due, due.rule, due.post


def _posts(place: Place, duty: Duty) -> list[str]:
    """The post it belongs to; of one for each person, those of its posts that the rule names."""
    if duty.post:
        return [duty.post]
    held = place.posts_of(duty.owner_id) if duty.owner_id else []
    each = place.rulebook.kinds[duty.kind].each
    if each is not None and each.where is not None:
        named = {
            value if isinstance(value, str) else getattr(value, "name", "")
            for tests in each.where.any_of
            for test in tests
            if test.path == "post" and isinstance(test.operand, tuple)
            for value in test.operand
        }
        return [post for post in held if post in named] or held
    return held or [""]
