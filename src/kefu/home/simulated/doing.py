"""What people of a simulated department do: register cases, and make moves that the rulebook offers them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from kefu.cases import actions as cases
from kefu.cases.models import Case
from kefu.core.effects import organisation
from kefu.core.errors import Refused
from kefu.core.flow import Offer
from kefu.core.rulebook.model import Field, Kind
from kefu.core.rulebook.who import resolve
from kefu.core.work.fields import fields_of
from kefu.core.work.models import Work
from kefu.core.work.queries import moves_offered
from kefu.duties import actions as duties
from kefu.duties.models import Duty
from kefu.home.simulated.papers import way, write_papers
from kefu.home.simulated.people import Place
from kefu.staff.models import Person

UNPROVEN = ("withdrawn", "refused", "not_reached")


def stand_for_each(place: Place, at: datetime) -> None:
    """A case for every duty that is owed for each case of a kind, brought to where it is owed."""
    for duty in place.rulebook.kinds.values():
        each = duty.each
        kind = place.rulebook.kinds.get(each.of) if each else None
        if each is None or kind is None or kind.chapter != "cases":
            continue
        asked = {
            test.path: str(test.operand[0])
            for test in (each.where.any_of[0] if each.where else ())
            if isinstance(test.operand, tuple)
        }
        case = happen(place, at, kind, {name: one for name, one in asked.items() if name in fields_of(kind)})
        if case is None:
            continue
        for move in way(kind, asked.get("state", kind.flow.start)):
            go_on(place, case, at, only=move)
        place.standing.add(case.pk)


def happen(
    place: Place, at: datetime, kind: Kind | None = None, given: Mapping[str, object] | None = None
) -> Case | None:
    """Somebody registers a case, of some kind; None where nobody may or something is asked that nobody knows."""
    kind = kind or place.chance.choice(
        [one for one in place.rulebook.kinds.values() if one.chapter == "cases"]
    )
    customer = place.chance.choice(place.customers)
    fields = fields_of(kind)
    wanted = [name for name, field in fields.items() if field.required or place.chance.random() < 0.5]
    for person in place.chance.sample(place.people, len(place.people)):
        try:
            return cases.register(
                kind.name,
                department=place.department,
                by=person,
                at=at,
                subject=kind.title.zh,
                channel="telephone",
                customer=customer,
                values={**filled(place, {name: fields[name] for name in wanted}, at), **(given or {})},
            )
        except Refused:
            continue
    return None


def go_on(
    place: Place, work: Work, at: datetime, *, only: str = "", given: Mapping[str, object] | None = None
) -> bool:
    """One move of the work (`only` that, with what is `given`) by somebody whom the rulebook lets; whether there was
    one."""
    work.refresh_from_db()
    if not work.is_open:
        return False
    for person in _who(place, work, at):
        offers = [one for one in moves_offered(_as_taken(work, person), person.pk, at) if _meant(one, only)]
        place.chance.shuffle(offers)
        for offer in offers:
            if _made(place, work, offer, person, at, given or {}):
                return True
    return False


def filled(place: Place, fields: Mapping[str, Field], at: datetime) -> dict[str, Any]:
    """A value for each field that one can be thought of for."""
    found = {name: _value(place, field, at) for name, field in fields.items() if field.computed is None}
    return {name: value for name, value in found.items() if value is not None}


def _made(
    place: Place, work: Work, offer: Offer, person: Person, at: datetime, given: Mapping[str, object]
) -> bool:
    fields = fields_of(work.rule)
    values = filled(
        place, fields if work.rule.needs else {name: fields[name] for name in offer.move.fill}, at
    )
    values = {name: value for name, value in values.items() if name not in work.values} | {**given}
    act: Any = duties.move if isinstance(work, Duty) else cases.move
    for last in (False, True):
        try:
            act(work, offer.move.name, by=person, at=at, values=values, reason="演练")
        except Refused as refused:
            if last or refused.code != "flow.need" or not write_papers(place, work, offer.move, filled, at):
                return False
        else:
            return True
    return False


def _meant(offer: Offer, only: str) -> bool:
    return offer.move.name == only if only else offer.move.name not in UNPROVEN


def _as_taken(work: Work, person: Person) -> Work:
    """Whoever makes a move of a duty that nobody has takes it with the move."""
    if isinstance(work, Duty) and work.owner_id is None:
        work.owner_id = person.pk
    return work


def _who(place: Place, work: Work, at: datetime) -> list[Person]:
    """The owner, else a holder of the post; of a case whoever the moves of its state name."""
    by_id = {person.pk: person for person in place.people}
    if isinstance(work, Duty):
        held = place.posts.get(work.post, [])
        return [by_id[work.owner_id]] if work.owner_id in by_id else held[:1]
    here = organisation.at(at, work.department_id)
    meant = [
        int(one)
        for move in work.flow.moves.values()
        if work.state in move.from_
        for branch in move.by
        for who in branch.value
        for one in resolve(who, work.facts(), here)
        if one.isdecimal()
    ]
    found = [by_id[one] for one in dict.fromkeys(meant) if one in by_id]
    place.chance.shuffle(found)
    return found[:3]


def _value(place: Place, field: Field, at: datetime) -> Any:
    match field.type:
        case "text":
            return "演练"
        case "signature":
            return "张三"
        case "number":
            return min(1, int(field.points)) if field.points is not None else 1
        case "choice":
            return place.chance.choice(list(field.options))
        case "day":
            return (at + timedelta(days=1)).date()
        case "instant":
            return at + timedelta(days=place.chance.randrange(1, 6))
        case "span":
            return f"{at.isoformat()}/{(at + timedelta(hours=1)).isoformat()}"
        case "rows":
            return [filled(place, field.fields, at)]
        case "record" if field.of == "person":
            return str(place.chance.choice(place.people).pk)
        case "record" if field.of == "unit":
            return str(place.department.pk)
        case "record" if field.of == "customer":
            return str(place.chance.choice(place.customers).pk)
    return None
