"""The grade on a page: what the rulebook proposes from what is known and typed, and by which clause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import QueryDict

from kefu.core.errors import Refused
from kefu.core.rulebook.model import Clause, Level, Move
from kefu.core.work.fields import fields_of, read_values
from kefu.core.work.grading import proposed
from kefu.core.work.models import Work
from kefu.documents.filling import Asked, asked

PROPOSED = "proposed"  # the input that says what the page proposed


@dataclass(frozen=True, slots=True)
class Proposal:
    """A level and the clauses it rests on."""

    level: Level
    clauses: list[Clause]


def proposal(work: Work, move: Move, typed: Mapping[str, str]) -> Proposal | None:
    """What the rules say with what was `typed` into the form of `move`; what cannot be read yet counts as empty."""
    grades = work.rule.grades
    if grades is None or grades.name not in move.fill:
        return None
    answers = {name: typed.get(f"{move.name}.{name}") for name in asks_about(work)}
    return by_answers(work, {name: given for name, given in answers.items() if given is not None})


def by_answers(work: Work, answers: Mapping[str, str]) -> Proposal | None:
    """What the rules say with `answers` (raw, by field); what cannot be read yet counts as empty."""
    grades, fields = work.rule.grades, fields_of(work.rule)
    if grades is None:
        return None
    values: dict[str, object] = {}
    for name in answers.keys() & fields.keys():
        try:
            values |= read_values(fields, {name: answers[name]}, zone=work.rulebook.calendar.zone)
        except Refused:
            continue  # said at its field when the form is sent
    found = proposed(work, values)
    if found is None:
        return None
    level, clauses = grades.levels[found], work.rulebook.clauses
    return Proposal(level, [clauses[one] for one in level.clauses if one in clauses])


def asks_about(work: Work) -> list[str]:
    """The fields that the levels ask about."""
    grades = work.rule.grades
    whens = [level.when for level in grades.levels.values() if level.when is not None] if grades else []
    return list(dict.fromkeys(test.path for when in whens for tests in when.any_of for test in tests))


def proposing(work: Work, move: Move, shown: list[Asked], typed: QueryDict | None) -> list[Asked]:
    """`shown` with the grade preselected as proposed, unless another was chosen, and with what it rests on."""
    grades = work.rule.grades
    if grades is None or grades.name not in move.fill:
        return shown
    typed = typed if typed is not None else QueryDict()
    found = proposal(work, move, typed)
    before = typed.get(f"{move.name}.{PROPOSED}")
    about = asks_about(work)
    watched = tuple(one.name for one in shown if one.field.name in about)

    def graded(one: Asked) -> Asked:
        left = not one.value or one.value == before  # nobody chose another than was proposed
        value = (found.level.name if found else "") if left else one.value
        return replace(one, proposal=found, value=value, watched=watched)

    return [graded(one) if one.field.name == grades.name else one for one in shown]


def grade_shown(work: Work, move: Move, typed: QueryDict) -> Asked | None:
    """The grade of the form of `move` as it stands with what was typed; None where the move asks for none."""
    grades = work.rule.grades
    if grades is None or grades.name not in move.fill:
        return None
    fields = fields_of(work.rule)
    names = [name for name in move.fill if name in asks_about(work) or name == grades.name]
    shown = asked(
        work.rulebook, fields, names, prefix=move.name, values={}, choices={}, required=names, tried=typed
    )
    return next(one for one in proposing(work, move, shown, typed) if one.field.name == grades.name)
