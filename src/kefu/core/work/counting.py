"""`count` on stored work: how many pieces of a kind, opened for this one or for the same parent, match."""

from __future__ import annotations

from collections.abc import Callable

from kefu.core.rulebook.match import holds
from kefu.core.rulebook.model import Count, Facts
from kefu.core.work import registry
from kefu.core.work.models import Work


def records_of(work: Work) -> Callable[[Count, Facts], int]:
    """A counter of the records that belong to `work`. One query per registered model that has the kind."""

    def count(asked: Count, facts: Facts) -> int:
        found = [
            other
            for model in registry.models()
            for other in model._default_manager.filter(
                kind=asked.of, parent_kind=work.noun, parent_id=work.pk, voided_at=None
            )
        ]
        matching = [
            other.facts()
            for other in found
            if asked.where is None
            or holds(
                asked.where,
                other.facts(),
                calendar=work.rulebook.calendar,
                records=records_of(other),
                outer=facts,
            ).ok
        ]
        if asked.same:
            return len({tuple(str(record.get(name)) for name in asked.same) for record in matching})
        return len(matching)

    return count
