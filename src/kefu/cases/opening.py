"""Opening the cases that rules ask for: a rework after a follow-up, a repair out of a hotline call."""

from __future__ import annotations

from collections.abc import Mapping

from kefu.cases import actions
from kefu.cases.models import Case
from kefu.core.effects.registry import Cause
from kefu.core.rulebook.expressions import Effect
from kefu.core.work.effects import case_behind, opened_by
from kefu.core.work.models import Work


@opened_by("cases")
def open_asked(asked: Effect, source: Work, values: Mapping[str, object], cause: Cause) -> Case:
    """Open the case for the customer and place of the case behind `source`, and hang it on that case."""
    behind = case_behind(source)
    earlier = behind if isinstance(behind, Case) else None
    title = source.rulebook.kinds[asked.target].title
    return actions.register(
        asked.target,
        department=source.department,
        by=cause.by,
        at=cause.at,
        subject=f"{title.zh}:{earlier.subject}"[: actions.LONGEST_SUBJECT] if earlier else title.zh,
        values=values,
        channel=earlier.channel if earlier else "",
        customer=earlier.customer if earlier else None,
        site=earlier.site if earlier else None,
        parent=earlier,
    )
