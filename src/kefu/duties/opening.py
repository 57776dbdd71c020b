"""Opening the duties that rules ask for."""

from __future__ import annotations

from collections.abc import Mapping

from kefu.core.effects.registry import Cause
from kefu.core.rulebook.model import Effect, Kind, Who
from kefu.core.work.effects import case_behind, opened_by
from kefu.core.work.models import Work
from kefu.core.work.people import meant
from kefu.duties import actions
from kefu.duties.models import Duty


@opened_by("duties")
def open_asked(asked: Effect, source: Work, values: Mapping[str, object], cause: Cause) -> Duty:
    """Open the duty for whom the effect names, else for whom the kind names, hanging on the case behind `source`."""
    who = asked.for_ or _by(source.rulebook.kinds[asked.target])
    owner, post = _holder(who, source, cause)
    return actions.open_duty(
        asked.target,
        parent=case_behind(source),
        owner_id=owner,
        post=post,
        values=values,
        by=cause.by,
        at=cause.at,
    )


def _by(kind: Kind) -> Who | None:
    """The last branch has no condition; a duty's `by` names one post."""
    return kind.by[-1].value[0] if kind.by else None


def _holder(who: Who | None, source: Work, cause: Cause) -> tuple[int | None, str]:
    """(owner, post): one person meant owns the duty; several share it through their post until one takes it."""
    people = meant(who, source, cause)
    post = who.name if who is not None and who.word in ("post", "on duty") else ""
    if len(people) == 1 or (people and not post):
        return people[0], post
    return None, post
