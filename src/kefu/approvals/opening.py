"""Opening the approvals that rules ask for."""

from __future__ import annotations

from collections.abc import Mapping

from kefu.approvals import actions
from kefu.approvals.models import Approval
from kefu.core.effects.registry import Cause
from kefu.core.rulebook.expressions import Effect
from kefu.core.work.effects import case_behind, opened_by
from kefu.core.work.models import Work
from kefu.core.work.people import first_on_duty, meant
from kefu.staff.models import Person


@opened_by("approvals")
def open_asked(asked: Effect, source: Work, values: Mapping[str, object], cause: Cause) -> Approval:
    """Whom the effect names asks for it, else the owner of the work it comes from, else whoever acted there. It opens
    although nobody can sign yet: what brought it about has happened."""
    applicant = first_on_duty(meant(asked.for_, source, cause), source, cause) if asked.for_ else None
    if applicant is None:
        applicant = source.owner_id or source.author_id
    return actions.open_for(
        asked.target,
        department=source.department,
        rulebook=source.in_force or source.rulebook,
        applicant=Person.objects.filter(pk=applicant).first() if applicant is not None else None,
        by=cause.by,
        at=cause.at,
        values=values,
        parent=case_behind(source),
        waits=True,
    )
