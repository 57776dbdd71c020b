"""Publishing a rulebook and importing an official notice of days off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from secrets import token_hex

from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.ledger.actions import By, record
from kefu.core.rulebook import check, load_pack, load_source, to_source
from kefu.core.rulebook.model import Ref, Rulebook
from kefu.core.versions import queries
from kefu.core.versions.models import CalendarNotice, RulebookVersion
from kefu.core.worktime import NoticeDay, parse_notice

OpenWork = Callable[[str], Mapping[tuple[str, str], int]]
_open_work: list[OpenWork] = []


def open_work_counted_by(count: OpenWork) -> None:
    """Register the function that tells, for a pack, how many open pieces of work stand in each (kind,
    state)."""
    _open_work[:] = [count]


def pack_source(pack: str) -> str:
    """The source of a shipped pack, read and checked now. Raises RulebookRefused."""
    return to_source(load_pack(pack))


def publish(source: str, *, by: By, at: datetime, in_force_from: datetime) -> RulebookVersion:
    """Freeze a rulebook and let it hold from `in_force_from` on; the same one again changes nothing.

    source: as `kefu.core.rulebook.to_source` writes it. Raises RulebookRefused with all its mistakes,
    Refused `rulebook.past` for a date of effect before the last one's, `rulebook.drops_used` when open work
    stands in a kind or state that it no longer has.
    """
    rulebook = load_source(source)
    check(rulebook)  # a stored version is read again without being judged again, so it is judged here
    with write():
        latest = RulebookVersion.objects.filter(pack=rulebook.name).order_by("-in_force_from", "-pk").first()
        if latest and latest.hash == rulebook.version and latest.in_force_from <= in_force_from:
            return latest
        if latest and in_force_from < latest.in_force_from:
            raise Refused(
                "rulebook.past",
                zh=f"生效时间早于上一版本（{latest.in_force_from:%Y-%m-%d %H:%M}）；请选更晚的时间",
                en=f"the last version holds from {latest.in_force_from:%Y-%m-%d %H:%M}; choose a later day",
                last=latest.in_force_from,
            )
        _require_room_for_open_work(rulebook)
        version = RulebookVersion.objects.create(
            pack=rulebook.name,
            hash=rulebook.version,
            source=source,
            in_force_from=in_force_from,
            published_at=at,
            published_by=by.actor_id,
        )
        record(
            "rulebook.published",
            Ref("rulebook", rulebook.name),
            by=by,
            at=at,
            data={"in_force_from": in_force_from.isoformat(), "replaces": latest.hash if latest else None},
            rulebook_version=rulebook.version,
        )
    return version


def import_notice(text: str, year: int, *, by: By, at: datetime) -> list[NoticeDay]:
    """Store the State Council's notice for `year` (放假安排, as published); the year is confirmed from then
    on.

    Raises Refused `calendar.notice_not_understood` with the sentence; nothing is stored then.
    """
    days = parse_notice(text, year)
    batch = token_hex(16)
    with write():
        CalendarNotice.objects.bulk_create(
            CalendarNotice(
                year=year,
                day=day.day,
                is_off=day.is_off,
                name=day.name,
                source_text=text,
                imported_at=at,
                batch=batch,
            )
            for day in days
        )
        record(
            "calendar.notice_imported",
            Ref("calendar", str(year)),
            by=by,
            at=at,
            data={
                "off": [day.day.isoformat() for day in days if day.is_off],
                "work": [day.day.isoformat() for day in days if not day.is_off],
            },
        )
    queries.refresh_notices()
    return days


def _require_room_for_open_work(rulebook: Rulebook) -> None:
    lost = {
        (kind, state): count
        for (kind, state), count in (_open_work[0](rulebook.name) if _open_work else {}).items()
        if count and not _has_room(rulebook, kind, state)
    }
    if lost:
        count = sum(lost.values())
        places = ", ".join(f"{kind}/{state}: {number}" for (kind, state), number in sorted(lost.items()))
        raise Refused(
            "rulebook.drops_used",
            zh=f"{count} 件未结工作处于新版本没有的状态（{places}）；请保留这些状态，或用 moves_to 说明它们对应的新状态"
            "（在办的工作仍按原流程办完）",
            en=f"{count} open pieces of work stand in states this version drops ({places}); "
            "keep the states or say in moves_to which new ones they answer to (open work goes on by its old flow)",
            count=count,
            places=places,
        )


def _has_room(rulebook: Rulebook, kind: str, state: str) -> bool:
    rule = rulebook.kinds.get(kind)
    return rule is not None and (state in rule.flow.states or state in rule.flow.moves_to)
