"""Where open work of a pack stands: what a new version of the pack must leave room for."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count

from kefu.core.versions.actions import open_work_counted_by
from kefu.core.versions.models import RulebookVersion
from kefu.core.work import registry


def open_states(pack: str) -> dict[tuple[str, str], int]:
    """How many open pieces of work stand in each (kind, state) under any version of `pack`."""
    versions = RulebookVersion.objects.filter(pack=pack).values("hash")
    found: Counter[tuple[str, str]] = Counter()
    for model in registry.models():
        rows = (
            model.objects.filter(closed_at=None, voided_at=None, version__in=versions)  # type: ignore[attr-defined]  # abstract
            .order_by()
            .values_list("kind", "state")
            .annotate(number=Count("pk"))
        )
        for kind, state, number in rows:
            found[kind, state] += number
    return dict(found)


open_work_counted_by(open_states)
