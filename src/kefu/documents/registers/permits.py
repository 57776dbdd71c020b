"""Personal columns leave in a spreadsheet masked, unless an approval allows this person this register now.

The kind that is asked for is named here, as packs name it: its extent names registers by title, it says how many
records at most, and when they are to be destroyed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from kefu.core import masks
from kefu.core.work import registry
from kefu.core.work.models import Work
from kefu.documents.registers.finding import Listed
from kefu.staff.models import Person

KIND, EXTENT, RECORDS, DESTROYED = "personal_data_export", "extent", "records_count", "destroy_on"
LASTS = timedelta(days=30)  # after the approval, where no day of destruction is named


@dataclass(frozen=True, slots=True)
class Permit:
    """number: of the approval. most: records that may leave at once."""

    number: str
    most: int


def permit(found: Listed, person: Person, at: datetime) -> Permit | None:
    """What allows the person to take the personal columns of the register along; None: they leave masked."""
    approvals = registry.model_of("approvals")._default_manager
    titles = (found.register.title.zh, found.register.title.en)
    today = found.rulebook.calendar.local(at).date()
    rows = approvals.filter(kind=KIND, author=person, state="approved", voided_at=None, closed_at__lte=at)
    permits = [
        Permit(approval.number, int(most) if isinstance(most, Decimal) else 0)
        for approval in rows.order_by("pk")
        if any(title in str(approval.values.get(EXTENT) or "") for title in titles)
        and _lasts(approval, today, at)
        for most in [approval.values.get(RECORDS)]
    ]
    return max(permits, key=lambda one: one.most, default=None)


def is_offered(found: Listed) -> bool:
    """Whether the rulebook knows the application at all."""
    return KIND in found.rulebook.kinds


def hidden(cell: str) -> str:
    """A personal value as it leaves: a number with its middle hidden, of anything else the first character."""
    return cell if not cell or masks.is_masked(cell) else f"{cell[:1]}**"


def _lasts(approval: Work, today: date, at: datetime) -> bool:
    until = approval.values.get(DESTROYED)
    if isinstance(until, date):
        return today <= until
    return approval.closed_at is not None and at <= approval.closed_at + LASTS
