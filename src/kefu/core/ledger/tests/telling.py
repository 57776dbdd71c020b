"""Events of no meaning, for proofs about the ledger itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from kefu.core.db import write
from kefu.core.ledger.actions import SYSTEM, record
from kefu.core.ledger.kinds import declare
from kefu.core.ledger.models import Event
from kefu.core.rulebook.model import Ref

HAPPENED = declare("proof.happened", zh="发生了", en="happened")
NINE = datetime(2026, 9, 24, 1, 0, tzinfo=UTC)


def happen(number: int = 0, **more: Any) -> None:
    """Record one event of the subject `proof <number>`; inside `write`."""
    record(
        "proof.happened",
        Ref("proof", str(number)),
        **{"by": SYSTEM, "at": NINE + timedelta(minutes=number), "data": {"number": number}, **more},
    )


def told(count: int, *, first: int = 1, each: int = 1) -> None:
    """Store `count` events, `each` in one transaction."""
    for number in range(first, first + count, each):
        with write():
            for one in range(number, min(number + each, first + count)):
                happen(one, department=one % 3 or None)


def stored() -> list[int]:
    """The numbers of the proof's events, in the order of the ledger."""
    rows = Event.objects.filter(kind="proof.happened").order_by("seq")
    return [row.data["number"] for row in rows]
