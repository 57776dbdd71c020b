"""What must be true of the database after any course of writes, killed or not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.durability.desk import key

if TYPE_CHECKING:
    from kefu.cases.models import Case
    from kefu.core.ledger.models import Event


@dataclass(frozen=True)
class Looked:
    """Each list names what is wrong; all empty means sound."""

    lost: list[int] = field(default_factory=list)  # acknowledged writes of which nothing is there
    doubled: list[str] = field(default_factory=list)
    without_event: list[str] = field(
        default_factory=list
    )  # state that no event tells, or events without state
    broken: list[str] = field(default_factory=list)  # the database or the chain itself

    @property
    def sound(self) -> bool:
        return self == Looked()


def look(writes: int) -> Looked:
    """Compare the rows with what writes 1..`writes` of `Desk.write`, all acknowledged, must have left."""
    from django.db import connection

    from kefu.cases.models import Case, Message
    from kefu.core.ledger.models import Event
    from kefu.core.ledger.verify import verify
    from kefu.core.search.models import SearchDoc

    looked = Looked()
    registered = [number for number in range(1, writes + 1) if number % 3]
    cases = {case.import_key: case for case in Case.objects.all()}
    messages = Counter(Message.objects.values_list("case_id", flat=True))
    docs = Counter(SearchDoc.objects.filter(kind="case", part=0).values_list("record_id", flat=True))
    told: dict[str, list[Event]] = {}
    for event in Event.objects.filter(subject_kind="case").order_by("seq"):
        told.setdefault(event.subject_id, []).append(event)

    for number in registered:
        case = cases.pop(key(number), None)
        if case is None:
            looked.lost.append(number)
            continue
        accepted = number % 3 == 2 and number < writes
        events = told.pop(str(case.pk), [])
        verbs = [event.kind for event in events if not event.kind.startswith("clock.")]
        wanted = ["case.opened", "case.moved", "case.assigned"] if accepted else ["case.opened"]
        if accepted and case.state != "accepted":
            looked.lost.append(number + 1)
        if len(verbs) > len(wanted) or messages[case.pk] > 1 or docs[case.pk] > 1:
            looked.doubled.append(f"{case.number}: {verbs}")
        if verbs != wanted or messages[case.pk] != 1 or docs[case.pk] != 1:
            looked.without_event.append(f"{case.number}: {verbs}")
        elif last_state(events) != case.state or not clocks_as_told(case, events):
            looked.without_event.append(f"{case.number}: its rows do not follow from its events")
    looked.doubled.extend(f"{case.number}: not asked for" for case in cases.values())
    looked.without_event.extend(f"events of case {pk}, which is not there" for pk in told)

    verdict = verify()
    if verdict.first_bad is not None:
        looked.broken.append(f"ledger row {verdict.first_bad}: {verdict.reason}")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for check in ("integrity_check", "foreign_key_check"):
                cursor.execute(f"PRAGMA {check}")
                looked.broken.extend(str(row) for row in cursor.fetchall() if row != ("ok",))
    return looked


def last_state(events: list[Event]) -> str | None:
    return next((event.data["state"] for event in reversed(events) if "state" in event.data), None)


def clocks_as_told(case: Case, events: list[Event]) -> bool:
    """Whether the stored clocks, and the nearest due instant on the case, are what its events say."""
    from kefu.core.clocks.actions import columns_of, nearest_due
    from kefu.core.clocks.models import ClockRow
    from kefu.core.clocks.replay import replay
    from kefu.core.clocks.works import history
    from kefu.core.versions.queries import Rules

    states = replay(case.kind, history(events), Rules(), at=case.changed_at)
    wanted = {(state.clock, state.run): columns_of(case, state, {}) for state in states}
    stored = {
        (row.clock, row.run): {name: getattr(row, name) for name in wanted.get((row.clock, row.run), ())}
        for row in ClockRow.objects.filter(work_kind="case", work_id=case.pk)
    }
    return stored == wanted and case.due_at == nearest_due(states)
