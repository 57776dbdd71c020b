"""What an example sees of duties that come round and of chains: the days they are due, who signs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from kefu.core.clocks.replay import Happened, replay
from kefu.core.errors import Refused
from kefu.core.proof.subject import Subject, moment
from kefu.core.rulebook.chain import Slot, links, open_slots
from kefu.core.rulebook.expressions import Special
from kefu.core.rulebook.match import holds
from kefu.core.rulebook.model import Example, Kind, Rulebook
from kefu.core.rulebook.plans import plan_item
from kefu.core.worktime import Period, occurrences

NOBODY: Final = "nobody"  # as an example says that nobody could sign
_LONGEST: Final = {  # of one period, in days, days off between two working days included
    Period.DAY: 1,
    Period.WORKING_DAY: 12,
    Period.WEEK: 7,
    Period.MONTH: 31,
    Period.QUARTER: 92,
    Period.HALF_YEAR: 184,
    Period.YEAR: 366,
}


def due_days(rulebook: Rulebook, kind: Kind, example: Example) -> list[str]:
    """The next due days from `at` on, as many as are expected; of a series those counted from `at`, and `none`
    after the last."""
    expected = example.expect["days"]
    number = len(expected) if isinstance(expected, list) else 1
    if example.at is None or not (kind.every or kind.plan):
        raise Refused(
            "example.no_time",
            zh=f"例子“{example.name}”没有时间：请写 at。",
            en=f"the example “{example.name}” has no time: give it at",
            name=example.name,
        )
    at = moment(example.at, rulebook.calendar)
    found = []
    for opens, told in _openings(rulebook, kind, at, number):
        due = _due(rulebook, kind, example, opens, told)
        if due is not None and due >= at:
            found.append(_day(rulebook, due))
    return [*found, str(Special.NONE)][:number] if kind.plan else found[:number]


def _openings(
    rulebook: Rulebook, kind: Kind, at: datetime, number: int
) -> Iterator[tuple[datetime, Mapping[str, object]]]:
    if kind.every:
        span = timedelta(days=_LONGEST[kind.every.period])
        for period in occurrences(kind.every, rulebook.calendar, at - 2 * span, at + (number + 1) * span):
            yield period.opens, {"period": period.label}
        return
    for index in range(1, number + 1):
        item = plan_item(kind, rulebook.calendar, at, index)
        if item is not None:
            yield item.opens, {"planned": item.planned, "item": item.number}


def _due(
    rulebook: Rulebook, kind: Kind, example: Example, opens: datetime, told: Mapping[str, object]
) -> datetime | None:
    """When the clock `due` of a duty opened at `opens` runs out."""
    facts = {**Subject(example, rulebook, (kind,)).facts, **told}
    opened = Happened(1, opens, "opened", kind.flow.start, facts, rulebook.version)
    alone = {rulebook.version: rulebook}
    states = replay(kind.name, [opened], alone, at=opens)
    return next((one.due_at for one in states if one.rule.name == "due"), None)


def _day(rulebook: Rulebook, due: datetime) -> str:
    """The day, with the time unless it is due at its end."""
    wall = rulebook.calendar.local(due).replace(tzinfo=None)
    if wall == datetime.combine(wall.date(), datetime.min.time()):
        return (wall.date() - timedelta(days=1)).isoformat()
    return wall.isoformat(timespec="minutes")


def signers(rulebook: Rulebook, kind: Kind, example: Example) -> list[object]:
    """Who signs, link after link: in each slot the first who is there, nobody twice."""
    subject = Subject(example, rulebook, (kind,))
    people, applicant = subject.people, subject.by or "author"
    if (
        kind.when is not None
        and not holds(kind.when, subject.facts, calendar=subject.calendar, records=subject.count).ok
    ):
        return []
    chain = links(
        kind,
        subject.facts,
        applicant,
        people,
        rulebook.posts,
        calendar=subject.calendar,
        records=subject.count,
    )
    signed: list[str] = []
    found: list[object] = []
    while slots := open_slots(chain, signed):
        together = list(dict.fromkeys(_first(slot, subject) for slot in slots))
        found.append(together if len(together) > 1 else together[0])
        if NOBODY in together:
            break  # it waits here for ever
        signed += together
    return found


def _first(slot: Slot, subject: Subject) -> str:
    """Who signs: the first who is not away, else the first."""
    there = (one for one in slot.people if subject.people.on_duty(one))
    return next(there, next(iter(slot.people), NOBODY))


def written(key: str, value: object) -> object:
    """`chain` and `days` as they are compared: in their order, people who sign together in any."""
    if value == Special.NONE:
        return []
    items = value if isinstance(value, list) else [value]
    if key == "days":
        return [str(item).removesuffix("T24:00") for item in items]
    return [sorted(map(str, item)) if isinstance(item, list) else str(item) for item in items]
