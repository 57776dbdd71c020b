"""Who is meant by a rule, for one piece of work at one instant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from kefu.core.effects.registry import Cause
from kefu.core.rulebook.expressions import Who
from kefu.core.rulebook.who import resolve
from kefu.core.work.models import Work

Tell = Callable[[Iterable[int], str, Work, Mapping[str, object], Cause], None]
_tell: list[Tell] = []


def told_by(tell: Tell) -> None:
    """Register the function (people, kind of notice, work, data, cause) that tells people something."""
    _tell[:] = [tell]


def tell(people: Iterable[int], kind: str, work: Work, data: Mapping[str, object], cause: Cause) -> None:
    """Tell people inside the application, unless the cause is history that is read in."""
    if cause.delivered and _tell:
        _tell[0](people, kind, work, data, cause)


def meant(who: Who | None, work: Work, cause: Cause) -> tuple[int, ...]:
    """Ids of the people that `who` means for `work` at the instant of `cause`."""
    if who is None:
        return ()
    found = resolve(who, work.facts(), cause.organisation(work.department_id))
    return tuple(int(person) for person in found)


def first_on_duty(people: Iterable[int], work: Work, cause: Cause) -> int | None:
    """The first of them who is on duty, else the first; None when there is nobody."""
    people = list(people)
    here = cause.organisation(work.department_id)
    return next((one for one in people if here.on_duty(str(one))), people[0] if people else None)
