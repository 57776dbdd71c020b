"""The papers that a move asks for: filled in for the work and signed, by whom the rulebook lets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from kefu.core.errors import Refused
from kefu.core.rulebook.expressions import Count, Matcher, Test
from kefu.core.rulebook.model import Field, Kind, Move
from kefu.core.work.fields import fields_of
from kefu.core.work.models import Work
from kefu.documents import actions as documents
from kefu.documents.models import Document
from kefu.home.simulated.people import Place
from kefu.staff.models import Person

Fill = Callable[[Place, Mapping[str, Field], datetime], dict[str, Any]]


def write_papers(place: Place, work: Work, move: Move, fill: Fill, at: datetime) -> bool:
    """Every document that the needs of the move, or of the end of the work, count; whether there was one."""
    needs = (*move.needs, *(work.rule.needs if work.flow.proves(move) else ()))
    counts = [count for need in needs for count in _counts(need.that)]
    kinds = ((place.rulebook.kinds.get(count.of), count) for count in counts)
    written = [
        write_paper(place, work, kind, _asked(count.where), fill, at)
        for kind, count in kinds
        if kind is not None and kind.chapter == Document.chapter
    ]
    return any(written)


def way(kind: Kind, state: str) -> list[str]:
    """The fewest moves from the first state to this one."""
    ways: dict[str, list[str]] = {kind.flow.start: []}
    for reached in (queue := [kind.flow.start]):
        for move in kind.flow.moves.values():
            if reached in move.from_ and move.to not in ways:
                ways[move.to] = [*ways[reached], move.name]
                queue.append(move.to)
    return ways.get(state, [])


def write_paper(
    place: Place, work: Work | None, kind: Kind, asked: Mapping[str, object], fill: Fill, at: datetime
) -> Document | None:
    """One paper with what is `asked` of its fields, for the work, signed until its `state`; None if nobody may."""
    fields = fields_of(kind)
    known = {name for name, one in fields.items() if one.type == "signature" or (work and one.prefill)}
    wanted = {name: one for name, one in fields.items() if name in asked or name not in known}
    values = fill(place, wanted, at) | {name: one for name, one in asked.items() if name in fields}
    for person in place.people:
        try:
            document = documents.begin(
                kind.name,
                department=person.department,
                by=person,
                at=at,
                values=values,
                origin=work.ref if work is not None else None,
                prefill=True,
            )
        except Refused:
            continue
        for name in way(kind, str(asked.get("state", kind.flow.ends()[0]))):
            document = _signed(place, document, name, person, asked, fill, at)
        return document
    return None


def _signed(
    place: Place,
    document: Document,
    name: str,
    author: Person,
    asked: Mapping[str, object],
    fill: Fill,
    at: datetime,
) -> Document:
    fields = fields_of(document.rule)
    values = fill(place, {one: fields[one] for one in document.flow.moves[name].fill}, at)
    values |= {one: asked[one] for one in values if one in asked}
    for person in (author, *place.people):
        try:
            return documents.move(document, name, by=person, at=at, values=values)
        except Refused:
            continue
    return document


def _asked(where: Matcher | None) -> dict[str, str]:
    """What the first alternative wants the fields of the record to be."""
    tests = where.any_of[0] if where else ()
    return {
        test.path: test.operand[0]
        for test in tests
        if isinstance(test.operand, tuple) and isinstance(test.operand[0], str)
    }


def _counts(matcher: Matcher) -> Iterator[Count]:
    for tests in matcher.any_of:
        for test in tests:
            operand = test.operand.operand if isinstance(test.operand, Test) else test.operand
            if isinstance(operand, Count):
                yield operand
