"""How the installation is doing: workers, readers of the ledger, jobs, stuck effects, backup, calendars, chain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Max, QuerySet

from kefu.core.backup.making import last_backup
from kefu.core.clocks.models import SweepBeat
from kefu.core.effects.models import StuckEffect
from kefu.core.jobs import queries as jobs
from kefu.core.jobs.models import Job
from kefu.core.ledger import anchor, queries, readers
from kefu.core.ledger.models import Bookmark
from kefu.core.worktime import Calendar
from kefu.home.records import rulebooks_in_use

SILENT_SECONDS = 180  # the sweep notes its beat once a minute


@dataclass(frozen=True, slots=True)
class Reader:
    """behind: events it has not read yet."""

    name: str
    seq: int
    behind: int


@dataclass(frozen=True, slots=True)
class Anchored:
    """The head of the ledger, the last one written outside the database, and how many rows lie between."""

    head: int
    anchored: int

    @property
    def after(self) -> int:
        return self.head - self.anchored


@dataclass(frozen=True, slots=True)
class State:
    beat_at: datetime | None
    workers: list[tuple[str, datetime]]
    readers: list[Reader]
    jobs: QuerySet[Job]
    stuck: QuerySet[StuckEffect]
    backup: tuple[datetime, str] | None
    years: Mapping[str, list[tuple[int, bool]]]
    chain: Anchored


def worker_silence(at: datetime) -> int | None:
    """Seconds since a worker last swept the clocks; None when none ever did."""
    beat = SweepBeat.objects.values_list("beat_at", flat=True).first()
    return None if beat is None else max(0, int((at - beat).total_seconds()))


def state(at: datetime) -> State:
    """Everything the page shows, in a dozen queries however large the installation is."""
    head = queries.head()[0]
    return State(
        beat_at=SweepBeat.objects.values_list("beat_at", flat=True).first(),
        workers=_workers(at),
        readers=_readers(head),
        jobs=jobs.stuck(at=at)[:50],
        stuck=StuckEffect.objects.order_by("first_at")[:50],
        backup=last_backup(),
        years={book.title.zh: _years(book.calendar, at) for book in rulebooks_in_use(at)},
        chain=anchored(head),
    )


def anchored(head: int | None = None) -> Anchored:
    heads = anchor.heads(Path(settings.KEFU_HOME) / anchor.FILE)
    return Anchored(queries.head()[0] if head is None else head, heads[-1].seq if heads else 0)


def _workers(at: datetime) -> list[tuple[str, datetime]]:
    """Who holds a lease now, and until when."""
    held = Job.objects.filter(lease_until__gt=at).exclude(lease_by="").order_by()
    return list(held.values_list("lease_by").annotate(until=Max("lease_until")).order_by("lease_by"))


def _readers(head: int) -> list[Reader]:
    marks = dict(Bookmark.objects.values_list("name", "seq"))
    return [Reader(name, marks.get(name, 0), head - marks.get(name, 0)) for name in sorted(readers.names())]


def _years(calendar: Calendar, at: datetime) -> list[tuple[int, bool]]:
    """Last, this and next year, and whether the notice of days off is known."""
    this = calendar.local(at).year
    return [(year, calendar.is_confirmed(year)) for year in (this - 1, this, this + 1)]
