"""Telling people about work: what `kefu.core.work` asks for becomes a notice to each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kefu.core.effects import organisation
from kefu.core.effects.actions import digested_by
from kefu.core.effects.models import KeptNotice
from kefu.core.effects.registry import Cause
from kefu.core.work.models import Work
from kefu.core.work.people import told_by
from kefu.staff.actions.notices import notify
from kefu.staff.models import Person
from kefu.staff.notices import declare_notice
from kefu.staff.organisation import live_roll

declare_notice("work.assigned", zh="{kind_zh} {number} 已交给您处理", en="{kind_en} {number} is now yours")
declare_notice(
    "work.reminded",
    zh="{kind_zh} {number} 的时限将到或已到，请处理",
    en="{kind_en} {number}: a time limit is near",
)
declare_notice("work.told", zh="{kind_zh} {number} 有新进展", en="{kind_en} {number} has moved on")
declare_notice(
    "work.escalated",
    zh="{kind_zh} {number} 上报给您，请知悉并督办",
    en="{kind_en} {number} was escalated to you",
)
declare_notice(
    "work.digest",
    zh="系统停止期间有 {count} 条提醒，请查看我的一天",
    en="{count} reminders came while the system was off",
)


def _tell(people: Iterable[int], kind: str, work: Work, data: Mapping[str, object], cause: Cause) -> None:
    title = work.rule.title
    told = {"number": work.number, "kind_zh": title.zh, "kind_en": title.en, **data}
    for person in Person.objects.filter(pk__in=list(people)):
        notify(person, kind=kind, subject=work.ref, data=told, by=cause.by, at=cause.at)


def _digest(person: int, kept: Sequence[KeptNotice], cause: Cause) -> None:
    """One notice in place of many."""
    notify(
        Person.objects.get(pk=person), kind="work.digest", data={"count": len(kept)}, by=cause.by, at=cause.at
    )


def connect() -> None:
    """Called once at start-up: work below asks, staff answers."""
    told_by(_tell)
    digested_by(_digest)
    organisation.answered_by(live_roll)
