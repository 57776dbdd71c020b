"""Recomputing every clock from the ledger: does what is stored say what happened?

Works through all work in parts, so its memory does not grow with the desk. What differs at first sight is
looked at again under the lock of its work: somebody may have been changing it just then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import models

from kefu.core.clocks import facts_json, works
from kefu.core.clocks.actions import columns_of, nearest_due, refresh
from kefu.core.clocks.models import ClockRow
from kefu.core.clocks.replay import replay
from kefu.core.clocks.states import ClockState
from kefu.core.clocks.works import Timed, history
from kefu.core.db import write
from kefu.core.effects.actions import waiting
from kefu.core.errors import in_language
from kefu.core.ledger import queries as ledger
from kefu.core.ledger.actions import SYSTEM, record
from kefu.core.ledger.models import Event
from kefu.core.rulebook.model import Ref
from kefu.core.versions import queries as versions

LOST_VERSION = "rulebook"
PART = 200  # pieces of work whose events are in memory together


@dataclass(frozen=True, slots=True)
class Difference:
    """What is stored of one piece of work and what the ledger says instead.

    clock, run: "" and 0 for a column of the work itself. column: of `ClockRow` or of the work; "row" when the whole
    row is missing or too much (False, True: is it there?); "events step 0", "events missed" when the ledger holds one
    step or miss several times (how many, 1); "rulebook" when the version by which it goes (its hash) is not there, so
    that nothing else can be recomputed.
    """

    work: Ref
    clock: str
    run: int
    column: str
    stored: object
    true: object

    @property
    def can_be_mended(self) -> bool:
        return self.column != LOST_VERSION

    def text(self, lang: str) -> str:
        place = f"{self.work.kind} {self.work.id}" + (f" {self.clock} {self.run}" if self.clock else "")
        if not self.can_be_mended:
            return in_language(
                lang,
                f"{place} 依据的制度版本 {self.stored} 已不在数据库中，无法核对它的时限；请从备份恢复该版本",
                f"{place} goes by the rulebook version {self.stored}, which is no longer in the database, so its "
                "clocks cannot be checked; restore that version from a backup",
            )
        zh = f"{place} 的 {self.column}：存的是 {_shown(self.stored)}，应为 {_shown(self.true)}"
        return in_language(
            lang, zh, f"{place}, {self.column}: {_shown(self.stored)} is stored, {_shown(self.true)} is true"
        )


def differences(*, at: datetime) -> Iterator[Difference]:
    """Every difference between stored clocks and the ledger as it stood at `at`, work by work. Changes nothing."""
    for ref in _suspects(at):
        with write():
            yield from _of_one(works.locked(ref), ref, at)


def repair(*, at: datetime) -> Iterator[Difference]:
    """As `differences`, and mend each: a `clock.corrected` event says what was stored, then the rows are projected
    anew. One transaction per piece of work. What goes by a lost version is named and left as it is."""
    for ref in _suspects(at):
        with write():
            work = works.locked(ref)
            found = list(_of_one(work, ref, at))
            mended = [one for one in found if one.can_be_mended]
            for one in mended:
                _correct(work, one, at=at)
            if work is None:
                ClockRow.objects.filter(work_kind=ref.kind, work_id=ref.id).delete()
            elif mended:
                refresh(work, at=at)
        yield from found


def _suspects(at: datetime) -> Iterator[Ref]:
    """Work that differs at first sight."""
    versions.refresh_notices()
    models_of_work = works.work_models()
    for noun, model in models_of_work.items():
        last = 0
        while part := list(model._default_manager.filter(pk__gt=last).order_by("pk")[:PART]):
            last = part[-1].pk
            yield from _suspects_among(noun, part, at)
        yield from _without_work(
            ClockRow.objects.filter(work_kind=noun), known=model._default_manager.values("pk")
        )
    yield from _without_work(ClockRow.objects.exclude(work_kind__in=models_of_work))


def _suspects_among(noun: str, part: Sequence[Any], at: datetime) -> Iterator[Ref]:
    ids = [work.pk for work in part]
    events: dict[str, list[Event]] = {}
    for event in Event.objects.filter(subject_kind=noun, subject_id__in=[str(one) for one in ids]).order_by(
        "seq"
    ):
        events.setdefault(event.subject_id, []).append(event)
    stored = ClockRow.objects.filter(work_kind=noun, work_id__in=ids).order_by("work_id")
    rows = {work: list(found) for work, found in groupby(stored, key=attrgetter("work_id"))}
    for work in part:
        if any(_compare(work, events.get(str(work.pk), []), rows.get(work.pk, []), at)):
            yield work.ref


def _without_work(rows: models.QuerySet[ClockRow], known: models.QuerySet | None = None) -> Iterator[Ref]:
    if known is not None:
        rows = rows.exclude(work_id__in=known)
    for kind, number in rows.order_by("work_kind", "work_id").values_list("work_kind", "work_id").distinct():
        yield Ref(kind, str(number))


def _of_one(work: Timed | None, ref: Ref, at: datetime) -> Iterator[Difference]:
    rows = list(ClockRow.objects.filter(work_kind=ref.kind, work_id=ref.id).order_by("clock", "run"))
    if work is None:
        for row in rows:
            yield Difference(ref, row.clock, row.run, "row", True, False)
        return
    yield from _compare(work, ledger.events_of(ref), rows, at)


def _compare(
    work: Timed, events: Sequence[Event], rows: Iterable[ClockRow], at: datetime
) -> Iterator[Difference]:
    """Each difference of one piece of work, in the order of its clocks."""
    rules = versions.Rules()
    if lost := {event.version for event in history(events) if event.version not in rules}:
        yield from (Difference(work.ref, "", 0, LOST_VERSION, version, None) for version in sorted(lost))
        return
    states = _as_last_seen(work, events, at)
    stuck = waiting(work.ref) if any(step.waits for state in states for step in state.steps) else {}
    stored = {(row.clock, row.run): row for row in rows}
    for state in states:
        row = stored.pop((state.clock, state.run), None)
        if row is None:
            yield Difference(work.ref, state.clock, state.run, "row", False, True)
            continue
        for column, true in columns_of(work, state, stuck).items():
            if getattr(row, column) != true:
                yield Difference(work.ref, state.clock, state.run, column, getattr(row, column), true)
    for clock, run in sorted(stored):
        yield Difference(work.ref, clock, run, "row", True, False)
    if work.due_at != (due_at := nearest_due(states)):
        yield Difference(work.ref, "", 0, "due_at", work.due_at, due_at)
    yield from _told_twice(work.ref, events)


def _as_last_seen(work: Timed, events: Sequence[Event], at: datetime) -> tuple[ClockState, ...]:
    """The states as the last refresh saw them: a promise that ran out since then is still running in its row, and
    nobody has noted the miss."""
    at = max([at, *(event.occurred_at for event in events)])
    happened = history(events)
    states = replay(work.kind, happened, versions.Rules(), at=at)
    noted = {(event.data["clock"], event.data["run"]) for event in events if event.kind == "clock.missed"}
    unnoted = [state.due_at for state in states if state.missed_at and (state.clock, state.run) not in noted]
    if not unnoted:
        return states
    seen_at = max([min(unnoted), *(event.at for event in happened)])
    return replay(work.kind, happened, versions.Rules(), at=seen_at)


def _told_twice(work: Ref, events: Iterable[Event]) -> Iterator[Difference]:
    """Steps and misses that the ledger holds more often than once, and than corrections have said."""
    counts: Counter[tuple[str, str, int]] = Counter()
    for event in events:
        if event.kind in ("clock.step", "clock.missed"):
            counts[_what(event.data), event.data["clock"], event.data["run"]] += 1
        elif event.kind == "clock.corrected" and event.data["column"].startswith("events"):
            place = event.data["column"].removeprefix("events "), event.data["clock"], event.data["run"]
            counts[place] -= event.data["stored"] - 1
    for (what, clock, run), count in counts.items():
        if count > 1:
            yield Difference(work, clock, run, f"events {what}", count, 1)


def _what(data: Mapping[str, Any]) -> str:
    return f"step {data['step']}" if "step" in data else "missed"


def _correct(work: Timed | None, found: Difference, *, at: datetime) -> None:
    record(
        "clock.corrected",
        found.work,
        by=SYSTEM,
        at=at,
        department=work.department_id if work else None,
        data={"clock": found.clock, "run": found.run, "column": found.column}
        | facts_json.dump({"stored": found.stored, "true": found.true}),
    )


def _shown(value: object) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
