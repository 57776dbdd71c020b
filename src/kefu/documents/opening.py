"""Opening the documents that rules ask for: a form that follows an event, as a draft of whom the rule names."""

from __future__ import annotations

from collections.abc import Mapping

from kefu.core.effects.registry import Cause
from kefu.core.rulebook.expressions import Effect
from kefu.core.work.effects import opened_by
from kefu.core.work.models import Work
from kefu.core.work.people import first_on_duty, meant
from kefu.documents import actions
from kefu.documents.models import Document
from kefu.staff.models import Person


@opened_by("forms")
def open_asked(asked: Effect, source: Work, values: Mapping[str, object], cause: Cause) -> Document:
    """Open the draft for whom the effect names, else for the first whom the form's `by` names, hanging on `source`."""
    rule = source.rulebook.kinds[asked.target]
    who = asked.for_ or (rule.by[-1].value[0] if rule.by and rule.by[-1].value else None)
    owner = first_on_duty(meant(who, source, cause), source, cause)
    return actions.open_for(
        asked.target,
        department=source.department,
        rulebook=source.in_force or source.rulebook,
        owner=Person.objects.filter(pk=owner).first() if owner is not None else None,
        origin=source.ref,
        values=values,
        by=cause.by,
        at=cause.at,
    )
