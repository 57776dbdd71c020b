"""A form on its page: its fields as they lie on paper, what is typed into them, and the moves that end the writing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from kefu.core.errors import Refused
from kefu.core.files.actions import store
from kefu.core.rulebook.model import Kind, Move, Ref, Rulebook
from kefu.core.work.fields import fields_of
from kefu.documents import filling, signing
from kefu.documents.composing import rows_of
from kefu.documents.filling import Asked
from kefu.documents.offered import Find
from kefu.documents.records import found
from kefu.documents.work_page import Tried
from kefu.staff.models import Person

PREFIX, SAVE = "fill", "save"


@dataclass(frozen=True, slots=True)
class Finish:
    """A move out of the draft, with the fields it asks besides: signatures, who countersigns."""

    move: Move
    asked: list[Asked]


@dataclass(frozen=True, slots=True)
class Written:
    """A form as its page shows it. rows: one or two fields side by side. error: what came of the last try."""

    kind: Kind
    rows: list[list[Asked]]
    finishes: list[Finish]
    refused: Refused | None


def finder(person: Person, at: datetime, standing: Iterable[object] = ()) -> Find:
    """What looks up customers and work by their number, for this person.

    standing: values that the page showed; one that comes back as it was shown is the same, seen by the person or not.
    """
    names = filling.names_of(standing)

    def find(kind: str, typed: str) -> Ref | int | None:
        shown = (ref for ref, name in names.items() if ref.kind == kind and name == typed)
        return next(shown, None) or found(kind, typed, person, at)

    return find


def written(
    rulebook: Rulebook,
    kind: Kind,
    department: int,
    *,
    values: Mapping[str, object],
    moves: Iterable[Move],
    tried: Tried | None = None,
) -> Written:
    """The form with what is on record, or with what was typed and why that was refused.

    values: typed, by field. moves: those that the person may make out of the draft.
    """
    fields, choices = fields_of(kind), filling.choices_for(department)
    known = filling.names_of(values.values())
    typed, refused = (tried.typed, tried.refused) if tried else (None, None)
    missing = {name for name, field in fields.items() if field.required and field.computed is None}

    def asked(
        names: Iterable[str], prefix: str, required: Iterable[str], stored: Mapping[str, object]
    ) -> list[Asked]:
        return filling.asked(
            rulebook,
            fields,
            names,
            prefix=prefix,
            values=stored,
            choices=choices,
            required=required,
            tried=typed,
            refused=refused,
            known=known,
        )

    free = free_of(kind)
    rows = [asked(row, PREFIX, missing, values) for row in rows_of(kind, free)]
    finishes = [
        Finish(move, asked([name for name in move.fill if name not in free], move.name, move.fill, {}))
        for move in moves
    ]
    return Written(kind, [row for row in rows if row], finishes, refused)


def free_of(kind: Kind) -> list[str]:
    """The fields that its author fills in: all but those that a move asks, and signatures."""
    moved = {name for move in kind.flow.moves.values() for name in move.fill}
    return [
        name for name, field in fields_of(kind).items() if name not in moved and field.type != "signature"
    ]


def first_moves(kind: Kind) -> list[Move]:
    """The moves that lead out of the state in which it is written."""
    flow = kind.flow
    return [move for move in flow.moves.values() if flow.start in move.from_ and move.to != flow.start]


def typed_values(request: HttpRequest, kind: Kind, department: int, find: Find) -> dict[str, object]:
    """What was typed into the form itself. Raises Refused form.invalid."""
    fields, choices = fields_of(kind), filling.choices_for(department)
    return filling.given(fields, free_of(kind), request.POST, prefix=PREFIX, choices=choices, find=find)


def move_values(
    request: HttpRequest, kind: Kind, move: Move, department: int, find: Find, names: Iterable[str] = ()
) -> tuple[dict[str, object], dict[str, bytes]]:
    """What was typed for a move, and the signatures drawn for it. names: of its form, if not only what it fills.

    Raises Refused form.invalid, signature.unreadable.
    """
    fields, choices = fields_of(kind), filling.choices_for(department)
    names = [name for name in (names or move.fill) if name in fields]
    values = filling.given(fields, names, request.POST, prefix=move.name, choices=choices, find=find)
    signed = [name for name in names if fields[name].type == "signature"]
    return values, signing.drawn_in(request.POST, move.name, signed)


def uploads(
    request: HttpRequest, kind: Kind, names: Iterable[str], prefix: str, *, by: Person, at: datetime
) -> dict[str, object]:
    """The files that came with the form, stored. Call it in the transaction of what they hang on."""
    fields = fields_of(kind)
    found: dict[str, object] = {}
    for name in names:
        sent = request.FILES.getlist(f"{prefix}.{name}") if fields[name].type == "file" else []
        if sent:
            refs = [Ref("file", store(file.read(), file.name or "", by=by, at=at).pk) for file in sent]
            found[name] = refs if fields[name].many else refs[0]
    return found
