"""Which rulebook holds when, and a rulebook by its hash.

A version never changes, so it is read once per process. The official days off may be imported at any time;
every answer of `in_force` looks whether there are new ones, and calendars handed out from then on know them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from threading import local

from django.db import connection
from django.db.models import Max, QuerySet

from kefu.core.errors import Refused
from kefu.core.reading import asked_once
from kefu.core.rulebook import load_source
from kefu.core.rulebook.model import Rulebook
from kefu.core.versions.models import CalendarNotice, RulebookVersion
from kefu.core.worktime import Calendar, NoticeDay
from kefu.core.worktime.holidays import china

_IN_FORCE = """
    SELECT hash, (SELECT batch FROM versions_calendarnotice ORDER BY id DESC LIMIT 1) FROM versions_rulebookversion
    WHERE pack = %s AND in_force_from <= %s ORDER BY in_force_from DESC, id DESC LIMIT 1"""

Notices = Mapping[int, tuple[NoticeDay, ...]]


class _Known(local):
    """The newest import of a notice that this thread knows of. Others may not see it yet, nor ever."""

    batch = ""


_known = _Known()


@asked_once
def in_force(pack: str, at: datetime) -> Rulebook:
    """The version of `pack` in force at `at`. One query. Raises Refused `rulebook.not_published`."""
    # Asked by every action: as plain SQL it costs a tenth of what the query builder takes.
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE, [pack, connection.ops.adapt_datetimefield_value(at)])
        found = cursor.fetchone()
    if found is None:
        raise Refused(
            "rulebook.not_published",
            zh=f"制度「{pack}」在 {at:%Y-%m-%d} 没有生效的版本；请先发布（kefu rulebook publish {pack}）",
            en=f"no version of {pack!r} holds on {at:%Y-%m-%d}; publish one (kefu rulebook publish {pack})",
            pack=pack,
        )
    _known.batch = found[1] or ""
    return by_hash(found[0])


def hash_in_force(pack: str, at: datetime) -> str | None:
    """The hash of the version of `pack` in force at `at`; None before the first."""
    return _published(pack, at).values_list("hash", flat=True).first()


def by_hash(version: str) -> Rulebook:
    """The rulebook of a published version, its calendars knowing the imported notices. No query once it was
    read.

    Raises KeyError when no such version was published.
    """
    return _by_hash(version, _known.batch)


def with_notices(calendar: Calendar) -> Calendar:
    """A calendar that did not come out of a published version, with the imported notices."""
    refresh_notices()
    return calendar.with_notices(_notices(_known.batch))


def refresh_notices() -> None:
    """Look whether notices were imported since; for loops that ask `by_hash` only."""
    _known.batch = CalendarNotice.objects.order_by("-pk").values_list("batch", flat=True).first() or ""


def confirmed_years() -> tuple[int, ...]:
    """The years whose official days off are known, from the kept package or from imported notices."""
    refresh_notices()
    return tuple(sorted((china().years or frozenset()) | set(_notices(_known.batch))))


class Rules(Mapping[str, Rulebook]):
    """All published versions by hash, as `replay` wants them."""

    def __getitem__(self, version: str) -> Rulebook:
        return by_hash(version)

    def __iter__(self) -> Iterator[str]:
        return iter(RulebookVersion.objects.values_list("hash", flat=True).distinct())

    def __len__(self) -> int:
        return RulebookVersion.objects.values("hash").distinct().count()


def _published(pack: str, at: datetime) -> QuerySet[RulebookVersion]:
    return RulebookVersion.objects.filter(pack=pack, in_force_from__lte=at).order_by("-in_force_from", "-pk")


@lru_cache(maxsize=128)
def _by_hash(version: str, batch: str) -> Rulebook:
    source = RulebookVersion.objects.filter(hash=version).values_list("source", flat=True).first()
    if source is None:
        raise KeyError(version)
    rulebook = load_source(source)
    notices = _notices(batch)
    if not notices:
        return rulebook
    calendars = {name: calendar.with_notices(notices) for name, calendar in rulebook.calendars.items()}
    return replace(rulebook, calendars=calendars)


@lru_cache(maxsize=4)
def _notices(batch: str) -> Notices:
    """What was imported up to `batch`; a later import of a year replaces the earlier one whole."""
    last = CalendarNotice.objects.filter(batch=batch).aggregate(last=Max("pk"))["last"] or 0
    years: dict[int, tuple[str, list[NoticeDay]]] = {}
    for row in CalendarNotice.objects.filter(pk__lte=last).order_by("pk"):
        earlier, days = years.get(row.year, (row.batch, []))
        if earlier != row.batch:
            days = []
        days.append(NoticeDay(row.day, row.is_off, row.name))
        years[row.year] = row.batch, days
    return {year: tuple(days) for year, (_, days) in years.items()}
