"""Events that begin duties, made to happen in the simulated weeks at the instants that were written down by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from kefu.cases.models import Case
from kefu.core.db import write
from kefu.core.rulebook.expressions import Effect, Matcher, Who
from kefu.core.rulebook.match import holds
from kefu.core.rulebook.model import Kind, Rulebook
from kefu.core.work import counting
from kefu.core.work.fields import fields_of
from kefu.core.work.models import Work
from kefu.documents.models import Document
from kefu.home.simulated.doing import filled, go_on, happen
from kefu.home.simulated.papers import way, write_paper
from kefu.home.simulated.people import Place
from kefu.home.simulated.written import Begun

TRIES = 3  # what nothing asks for is filled in by chance, and may lead elsewhere
BEFORE = timedelta(minutes=1)  # by which what leads to the event has happened


class _NotStaged(Exception):
    """The event could not be made to happen: nothing of it is kept."""


def stage(place: Place, row: Begun) -> bool:
    """Whether an event that begins the duty could be made to happen at its start, through the actions."""
    events = list(_events(place.rulebook, row.rule.partition(".")[0]))
    for kind, move, when, effect in events * TRIES:
        try:
            with write():
                known = _known(place, row, [when, *_needed(kind, move)], effect)
                work = _happens(place, kind, move, known, row.start)
                if when is not None and not _holds(when, work, row.start):
                    raise _NotStaged
        except _NotStaged:
            continue
        if isinstance(work, Case):
            place.standing.add(work.pk)
        return True
    return False


def _events(rulebook: Rulebook, duty: str) -> Iterator[tuple[Kind, str, Matcher | None, Effect]]:
    """What begins the duty: moves of cases and papers, on what condition, by which effect."""
    rule, opening = rulebook.kinds.get(duty), Effect("open", target=duty)
    found = [(event, rule.when, opening) for event in rule.starts] if rule else []
    for reaction in rulebook.reactions.values():
        found += [(reaction.after, reaction.when, one) for one in reaction.do]
    for kind in rulebook.kinds.values():
        for move in kind.flow.moves.values():
            found += [(f"{kind.name}.{move.name}", None, one) for one in move.then]
    for event, when, effect in found:
        source = rulebook.kinds[event.partition(".")[0]]
        if (
            effect.word == "open"
            and effect.target == duty
            and source.chapter in (Case.chapter, Document.chapter)
        ):
            yield source, event.partition(".")[2], when, effect


def _steps(kind: Kind, move: str) -> list[str]:
    """The fewest moves that lead to where `move` can be made."""
    made = kind.flow.moves.get(move)
    return min((way(kind, state) for state in made.from_), key=len) if made else []


def _needed(kind: Kind, move: str) -> list[Matcher]:
    """What is needed on the way, and for the move itself."""
    moves = kind.flow.moves
    return [need.that for name in (*_steps(kind, move), move) if name in moves for need in moves[name].needs]


def _known(
    place: Place, row: Begun, conditions: Iterable[Matcher | None], effect: Effect
) -> dict[str, object]:
    """What the conditions ask (the first alternative of each) and what the row says, as fields of where it comes
    from."""
    known: dict[str, object] = {}
    for test in (one for condition in conditions if condition for one in condition.any_of[0]):
        first = test.operand[0] if isinstance(test.operand, tuple) else None
        if isinstance(first, str):
            known[test.path] = first
        elif isinstance(first, Who) and first.name in place.posts:
            known[test.path] = str(place.posts[first.name][0].pk)
        elif isinstance(test.operand, Decimal):
            known[test.path] = str(test.operand)
        elif test.operator == "any":
            known[test.path] = None  # anything that comes to mind
    known |= {effect.with_.get(name, name): said for name, said in row.given}
    if row.posts and (whom := effect.for_) is not None:
        holder = place.posts[row.posts[0]][0]
        if whom.word == "field":
            known[whom.name] = str(holder.pk)
        elif whom.word == "leader of" and whom.of is not None and whom.of.word == "field":  # of a department
            known[whom.of.name] = str(holder.department_id)
    return known


def _happens(place: Place, kind: Kind, move: str, known: Mapping[str, object], at: datetime) -> Work:
    fields = fields_of(kind)
    thought = filled(place, {name: fields[name] for name in known if name in fields}, at)
    values = thought | {name: one for name, one in known.items() if name in fields and one is not None}
    if kind.chapter == Document.chapter:
        if move not in kind.flow.moves:
            raise _NotStaged
        to = kind.flow.moves[move].to
        paper = write_paper(place, None, kind, {**values, "state": to}, filled, at)
        if paper is None or paper.state != to:
            raise _NotStaged
        return paper
    case = happen(place, at if move == "opened" else at - BEFORE, kind, values)
    if case is None:
        raise _NotStaged
    if move == "opened":
        return case
    for step in _steps(kind, move):
        if not go_on(place, case, at - BEFORE, only=step, given=values):
            raise _NotStaged
    if not go_on(place, case, at, only=move, given=values):
        raise _NotStaged
    return case


def _holds(when: Matcher, work: Work, at: datetime) -> bool:
    work.refresh_from_db()
    records = counting.records_of(work, at)
    return holds(when, work.facts(), calendar=work.rulebook.calendar, records=records).ok
