"""The form of what is asked for, on a page and as it was posted: when it is asked, and when it came back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.http import HttpRequest, QueryDict

from kefu.approvals.models import Approval
from kefu.core.errors import Refused
from kefu.core.rulebook.model import Kind, Ref, Rulebook
from kefu.core.work.fields import fields_of
from kefu.documents import filling, records, signing
from kefu.documents.composing import rows_of
from kefu.documents.filling import Asked
from kefu.documents.writing import uploads
from kefu.staff.models import Person

PREFIX = "new"  # of the inputs when it is asked for
AGAIN = "resubmitted"  # of those when it is submitted again: the move's name


def questions(kind: Kind) -> list[str]:
    """What is required, and all that no move asks later."""
    required = [name for name, field in kind.form.fields.items() if field.required]
    return list(dict.fromkeys((*required, *filling.free_fields(kind), *_named(kind))))


def _named(kind: Kind) -> list[str]:
    """Records that are named by number: a customer, a case."""
    moved = {name for move in kind.flow.moves.values() for name in move.fill}
    return [name for name, field in kind.form.fields.items() if field.type == "record" and name not in moved]


def asked(
    kind: Kind,
    rulebook: Rulebook,
    department: int,
    *,
    prefix: str,
    values: Mapping[str, object],
    tried: QueryDict | None = None,
    refused: Refused | None = None,
) -> list[list[Asked]]:
    """The questions as inputs, row by row as they stand on the paper, with what is on record or was typed."""
    known = records.names([value for value in values.values() if isinstance(value, Ref)])
    return [
        filling.asked(
            rulebook,
            fields_of(kind),
            row,
            prefix=prefix,
            values=values,
            choices=filling.choices_for(department),
            required=[name for name, field in kind.form.fields.items() if field.required],
            tried=tried,
            refused=refused,
            known=known,
        )
        for row in rows_of(kind, questions(kind))
    ]


def given(
    kind: Kind, department: int, request: HttpRequest, *, prefix: str, person: Person, at: datetime
) -> tuple[dict[str, object], dict[str, bytes]]:
    """What was typed and chosen, and the signatures that were drawn. Files are stored: call it in the transaction of
    what they hang on.

    Raises Refused form.invalid for a record that is not found or may not be seen, signature.unreadable, file.*.
    """
    fields, names = fields_of(kind), questions(kind)
    values = filling.given(
        fields,
        names,
        request.POST,
        prefix=prefix,
        choices=filling.choices_for(department),
        find=lambda of, typed: records.found(of, typed, person, at),
    )
    signed = [name for name in names if fields[name].type == "signature"]
    drawn = signing.drawn_in(request.POST, prefix, signed)
    return values | uploads(request, kind, names, prefix, by=person, at=at), drawn


def again(approval: Approval, tried: QueryDict | None, refused: Refused | None) -> list[list[Asked]]:
    """The form of what came back, to be completed, and signed anew where it was signed."""
    fields = fields_of(approval.rule)
    return asked(
        approval.rule,
        approval.rulebook,
        approval.department_id,
        prefix=AGAIN,
        values={name: one for name, one in approval.values.items() if fields[name].type != "signature"},
        tried=tried,
        refused=refused,
    )
