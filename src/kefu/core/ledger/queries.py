"""Reading the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from kefu.core.db import columns, select
from kefu.core.ledger.actions import pending
from kefu.core.ledger.models import Event
from kefu.core.reading import asked_once
from kefu.core.rulebook.model import Ref


@asked_once
def stored_of(subject: Ref) -> list[Event]:
    """What the ledger holds of `subject`, in order."""
    return select(Event, "subject_kind = %s AND subject_id = %s ORDER BY seq", [subject.kind, subject.id])


def events_of(subject: Ref, *, stored: Sequence[Event] | None = None) -> list[Event]:
    """Everything that happened to `subject`, in order; what the running `write` has recorded but not yet
    stored stands at the end with the numbers it would get next among them (the true ones come with the
    commit).

    stored: what `stored_of` answered earlier in this `write`; () for what was made in it.
    """
    stored = stored_of(subject) if stored is None else stored
    last = stored[-1].seq if stored else 0
    fresh = [event for event in pending() if event.subject == subject]
    for seq, event in enumerate(fresh, start=last + 1):
        event.seq = seq
    return [*stored, *fresh]


def read(after: int, limit: int) -> list[Event]:
    """The next events of the whole ledger after number `after`, at most `limit`."""
    return list(Event.objects.filter(seq__gt=after).order_by("seq")[:limit])


def head() -> tuple[int, str]:
    """Number and hash of the last stored event; (0, "") when there is none."""
    found = columns(Event, ("seq", "hash"), "1 = 1 ORDER BY seq DESC LIMIT 1", [])
    return found[0] if found else (0, "")
