"""Cases that go one of the usual ways of their kind, as `casts` lays them out: made by whom the rulebook lets."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kefu.cases import actions as cases
from kefu.cases.models import Case
from kefu.cases.queries import cases_visible_to
from kefu.core.effects import organisation
from kefu.core.errors import Refused
from kefu.core.rulebook.model import Kind
from kefu.core.rulebook.who import resolve
from kefu.core.work.fields import fields_of
from kefu.home.demo import papers
from kefu.home.demo.acting import in_hours, minutes, step
from kefu.home.demo.people import Household, Town
from kefu.home.demo.stories import Story, Tell
from kefu.home.demo.words import filled
from kefu.staff.models import Person

TAKEN = 0.7  # share of open cases that somebody has taken
PATIENCE = 5  # times that somebody comes back to a move which something else has to be done before
NIGHT = 30  # minutes: what comes faster after each other goes on at night too


def walked(kind: str, *, left_open: bool = False) -> Tell:
    """A case of `kind` from its registration to the end of one of its ways; left_open: to somewhere on it."""

    def story(town: Town, at: datetime) -> Story:
        topic, rule = town.cast.cases[kind], town.rulebook.kinds[kind]
        subject, said = town.chance.choice(topic.about)
        home = town.household()
        case = _registered(town, rule, home, subject, said, at)
        if case is None:
            return
        moves = list(town.chance.choice(topic.ways))
        if left_open:
            agent = town.one("agent")
            if town.chance.random() < TAKEN and cases_visible_to(agent, at).filter(pk=case.pk).exists():
                case = cases.assign(case, agent, by=agent, at=at)
            moves = moves[: town.chance.randrange(len(moves))]
        for move in moves:
            for form in topic.papers.get(move, ()):
                yield from papers.paper(form, case.pk, of=case)(town, at)
                at = yield minutes(town, 5, 60)
            for _ in range(PATIENCE):
                at = yield _pause(town, rule, topic.pace, at)
                if step(town, case, move, home=home, at=at, said=said) or not case.is_open:
                    break

    return story


def _pause(town: Town, rule: Kind, pace: int, at: datetime) -> timedelta:
    pause = min(timedelta(minutes=2 + town.chance.expovariate(1 / pace)), timedelta(minutes=pace * 3))
    if pause < timedelta(minutes=NIGHT):
        return pause
    return in_hours(town, rule, at + pause) - at


def _registered(
    town: Town, rule: Kind, home: Household, subject: str, said: str, at: datetime
) -> Case | None:
    fields = {
        name: field
        for name, field in fields_of(rule).items()
        if field.required or name in _known_at_once(rule)
    }
    for person in _openers(town, rule, at):
        more: dict[str, Any] = {"site": home.site} if home.site is not None else {}
        try:
            case = cases.register(
                rule.name,
                department=town.centre,
                by=person,
                at=at,
                subject=subject,
                body=said,
                channel="telephone",
                customer=home.customer,
                values=filled(town, rule, fields, by=person, home=home, at=at, said=said),
                **more,
            )
        except Refused as refused:
            town.refused[f"{rule.name}: {refused.en}"] += 1
            continue
        return case
    return None


def _known_at_once(rule: Kind) -> set[str]:
    """Fields that no move fills and that are known when it is registered: texts, records, choices."""
    moved = {name for move in rule.flow.moves.values() for name in move.fill}
    later = {"completed_on", "midterm_paid", "final_paid", "reopen_reason"}
    return set(fields_of(rule)) - moved - later


def _openers(town: Town, rule: Kind, at: datetime) -> list[Person]:
    here = organisation.at(at, town.centre.pk)
    meant = [
        int(one)
        for branch in rule.by
        for who in branch.value
        if who.word != "anyone"
        for one in resolve(who, {"department": town.centre.ref}, here)
        if one.isdecimal()
    ]
    by_id = {person.pk: person for person in town.people.values()}
    found = [by_id[one] for one in dict.fromkeys(meant) if one in by_id] or list(town.posts["agent"])
    usual = [one for one in found if one in town.posts[town.cast.cases[rule.name].by]] or found
    return town.chance.sample(usual, min(2, len(usual)))
