"""Opening the duties that rules ask for."""

from __future__ import annotations

from collections.abc import Mapping

from kefu.core.effects.registry import Cause
from kefu.core.ledger import SYSTEM
from kefu.core.rulebook.expressions import Effect
from kefu.core.work.effects import case_behind, opened_by
from kefu.core.work.models import Work
from kefu.duties import actions, series
from kefu.duties.calls import customers_of
from kefu.duties.holders import holder
from kefu.duties.models import Duty
from kefu.duties.withdrawing import withdraw_as_cancelled


@opened_by("duties")
def open_asked(asked: Effect, source: Work, values: Mapping[str, object], cause: Cause) -> Duty:
    """Open the duty for whom the effect names, else for whom the kind names, hanging on the case behind `source`.

    Of a kind with a plan the first one, and the others in their time. What is owed to a customer who was cancelled is
    taken back at once, with the reason.
    """
    duty = _open(asked, source, values, cause)
    customer = customers_of([duty]).get(duty.pk)
    if customer is None or customer.cancelled_at is None or customer.cancelled_at >= cause.at:
        return duty  # the cancellation itself asks for what closes the customer
    return withdraw_as_cancelled(duty, customer, by=SYSTEM, at=cause.at)


def _open(asked: Effect, source: Work, values: Mapping[str, object], cause: Cause) -> Duty:
    kind = source.rulebook.kinds[asked.target]
    parent = case_behind(source)
    # the last branch has no condition; a duty's `by` names one post
    who = asked.for_ or (kind.by[-1].value[0] if kind.by else None)
    if kind.plan:
        return series.begin(kind, parent, values=dict(values), who=asked.for_, by=cause.by, at=cause.at)
    whose = holder(who, source.facts(), cause.organisation(source.department_id))
    return actions.open_duty(
        asked.target,
        parent=parent,
        owner_id=whose.owner,
        post=whose.post,
        values=values,
        by=cause.by,
        at=cause.at,
    )
