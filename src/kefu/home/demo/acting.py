"""One step of anything at work: who may make a move, what they fill in, and the way to the end of a flow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kefu.approvals import actions as approvals
from kefu.approvals.models import Approval
from kefu.cases import actions as cases
from kefu.cases.models import Case
from kefu.core.effects import organisation
from kefu.core.errors import Refused
from kefu.core.rulebook.model import UNPROVEN, Flow, Kind
from kefu.core.rulebook.who import resolve
from kefu.core.work.fields import fields_of
from kefu.core.work.models import Work
from kefu.documents import actions as documents
from kefu.documents.models import Document
from kefu.duties import actions as duties
from kefu.duties.models import Duty
from kefu.home.demo.people import ZONE, Household, Town
from kefu.home.demo.words import filled
from kefu.staff.models import Person

_ACTIONS: Mapping[type[Work], Any] = {
    Case: cases.move,
    Duty: duties.move,
    Document: documents.move,
    Approval: approvals.move,
}
_BACK = ("sent_back", "returned", "reopened")
FILED = "filed"
TRIED = 3  # people who may make a move and are asked in turn


def step(
    town: Town,
    work: Work,
    move: str,
    *,
    home: Household,
    at: datetime,
    said: str = "",
    given: Mapping[str, object] | None = None,
) -> bool:
    """Somebody whom the rulebook lets makes the move, and fills in what is asked; whether anybody could."""
    work.refresh_from_db()
    if move not in work.flow.moves or work.state not in work.flow.moves[move].from_ or not work.is_open:
        return False
    fields = fields_of(work.rule)
    asked = work.flow.moves[move].fill
    if isinstance(work, Duty):  # what proves it done is filled in with the move
        asked = tuple(name for name in fields if name not in work.values)
    for person in who_may(town, work, move, at):
        values = filled(
            town, work.rule, {name: fields[name] for name in asked}, by=person, home=home, at=at, said=said
        )
        try:
            _ACTIONS[type(work)](
                work, move, by=person, at=at, values={**values, **(given or {})}, reason=_reason(work)
            )
        except Refused as refused:
            town.refused[f"{work.kind}.{move}: {refused.en}"] += 1
            if refused.code == "flow.need":  # whoever tries: something else has to be done before
                return False
            continue
        work.refresh_from_db()
        return True
    return False


def who_may(town: Town, work: Work, move: str, at: datetime) -> list[Person]:
    """Whoever has it in hand first, then the others whom the move names; a few of them."""
    by_id = {person.pk: person for person in town.people.values()}
    rule = work.flow.moves.get(move)
    if isinstance(work, Duty) and (
        rule is None or all(who.name == "owner" for one in rule.by for who in one.value)
    ):
        held = [by_id[work.owner_id]] if work.owner_id in by_id else town.posts.get(work.post, [])
        return town.chance.sample(held, min(len(held), TRIED))
    here = organisation.at(at, work.department_id)
    meant = [
        int(one)
        for branch in work.flow.moves[move].by
        for who in branch.value
        for one in resolve(who, work.facts(), here)
        if one.isdecimal()
    ]
    found = [by_id[one] for one in dict.fromkeys(meant) if one in by_id]
    town.chance.shuffle(found)
    found.sort(key=lambda person: person.pk != work.owner_id)
    return found[:TRIED]


def way(flow: Flow, state: str) -> tuple[str, ...]:
    """The fewest moves from `state` to where a paper is filed, or to an end that proves something; () if there."""
    ways: dict[str, tuple[str, ...]] = {state: ()}
    ends = {FILED} if FILED in flow.states else set(flow.ends())
    if state in ends:
        return ()
    for reached in (queue := [state]):
        for move in flow.moves.values():
            if move.name in (*UNPROVEN, *_BACK) or reached not in move.from_ or move.to in ways:
                continue
            ways[move.to] = (*ways[reached], move.name)
            if move.to in ends:
                return ways[move.to]
            queue.append(move.to)
    return ()


def minutes(town: Town, least: float, most: float) -> timedelta:
    return timedelta(minutes=town.chance.uniform(least, most))


def in_hours(town: Town, kind: Kind, at: datetime) -> datetime:
    """`at`, or the next morning somebody works, spread over it."""
    local = at.astimezone(ZoneInfo(ZONE))
    calendar = town.rulebook.calendar
    day = local.date()
    if not (8 <= local.hour < 18 and calendar.hours_on(day)):
        day += timedelta(days=local.hour >= 18)
        for _ in range(12):
            if calendar.hours_on(day):
                break
            day += timedelta(days=1)
        return calendar.wall(day, calendar.hours_on(day)[0][0]) + minutes(town, 5, 200)
    return at


def _reason(work: Work) -> str:
    return "" if isinstance(work, Case | Document) else "情况属实，请按规定办理"
