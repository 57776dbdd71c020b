"""The grade while a case is registered: the rulebook's short questions, what they would give, and what is told early.

A question that a move of the flow takes in (a complaint's cause, when it is graded) is answered at that move: what the
caller tells before is kept on the ledger until then and stands in the move's form, so that nothing is asked twice.
Facts that no move takes in are stored at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.http import QueryDict

from kefu.cases.models import Case
from kefu.core.clocks import facts_json
from kefu.core.errors import Refused
from kefu.core.ledger import By
from kefu.core.ledger.models import Event
from kefu.core.rulebook.model import Kind, Move, Rulebook
from kefu.core.work.fields import fields_of, read_values
from kefu.core.work.queries import events as events_of
from kefu.core.work.recording import note
from kefu.documents import filling
from kefu.documents.grading import PROPOSED, asks_about, proposing
from kefu.documents.work_page import MoveShown
from kefu.staff.models import Person

SHORT = ("choice", "number", "day")  # answers that take a word and are no secret of anybody


def to_be_opened(kind: Kind, rulebook: Rulebook, person: Person, at: datetime) -> Case:
    """A case as it would be opened now, without a row: what rules may ask about it is known."""
    return Case(
        kind=kind.name,
        department=person.department,
        author=person,
        state=kind.flow.start,
        opened_at=at,
        version=rulebook.version,
    )


def questions(case: Case) -> list[str]:
    """The fields that the levels of its grade ask about and that are answered in a word, in their order."""
    fields = case.rule.form.fields
    return [name for name in asks_about(case) if name in fields and fields[name].type in SHORT]


def told_early(case: Case) -> list[str]:
    """Those among the questions that a move takes in later."""
    free = filling.free_fields(case.rule)
    return [name for name in questions(case) if name not in free]


def setting(kind: Kind) -> Move | None:
    """The move at which a person sets the grade; None where the rules alone do."""
    grades = kind.grades
    moves = kind.flow.moves.values() if grades is not None else ()
    return next((move for move in moves if grades is not None and grades.name in move.fill), None)


def keep_told(case: Case, answers: Mapping[str, object], *, by: By, at: datetime) -> None:
    """Keep what was told early (raw, by field), in the transaction of the caller. Raises Refused form.told for what no
    move takes in, form.invalid."""
    early = told_early(case)
    if other := [name for name in answers if name not in early]:
        raise Refused(
            "form.told",
            zh=f"「{other[0][:40]}」不是留待后续步骤填写的内容；可以预先告知的：{'、'.join(early) or '无'}。",
            en=f"“{other[0][:40]}” is nothing that a move takes in later; there are: {', '.join(early) or 'none'}.",
            given=other[0][:40],
        )
    read = read_values(fields_of(case.rule), answers, zone=case.rulebook.calendar.zone)
    told = {name: value for name, value in read.items() if value is not None}
    if told:
        note(case, "told", by=by, at=at, data={"told": facts_json.dump(told)})


def told(event: Event) -> dict[str, object]:
    """The answers that an event `case.told` keeps, as typed values."""
    return facts_json.load(event.data["told"])


def waiting(case: Case) -> dict[str, object]:
    """What was told early and no move has taken in yet, as typed values."""
    empty = [name for name in told_early(case) if case.values.get(name) is None]
    if not empty:
        return {}
    last = next((event for event in reversed(events_of(case)) if event.kind == "case.told"), None)
    known = told(last) if last is not None else {}
    return {name: known[name] for name in empty if name in known}


def with_told(moves: list[MoveShown], case: Case) -> list[MoveShown]:
    """The forms of moves with what was told early standing in them."""
    known = waiting(case)
    return [_filled(move, case, known) for move in moves] if known else moves


def _empty(move: MoveShown, case: Case, early: Mapping[str, object]) -> list[str]:
    """The fields told early that stand empty in a form which nobody has filled in, now or before."""
    if move.tried is not None or move.move.name in case.made:
        return []
    return [one.field.name for one in move.asked if one.field.name in early and not one.value]


def _filled(move: MoveShown, case: Case, known: Mapping[str, object]) -> MoveShown:
    names = _empty(move, case, known)
    if not names:
        return move
    shown = filling.asked(
        case.rulebook, fields_of(case.rule), names, prefix=move.move.name, values=known, choices={}
    )
    values = {one.name: one.value for one in shown}
    typed = QueryDict(mutable=True)
    typed.update(values)
    for one in move.asked:
        if one.proposal is not None:  # made without what was told: it follows that
            typed[f"{move.move.name}.{PROPOSED}"] = one.proposal.level.name
    asked = [replace(one, value=values.get(one.name, one.value)) for one in move.asked]
    return replace(move, asked=proposing(case, move.move, asked, typed))
