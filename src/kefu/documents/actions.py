"""Everything that is done with documents: begun, filled in, signed and filed, corrected by a new version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kefu.core import inputs
from kefu.core.db import update, write
from kefu.core.errors import Refused
from kefu.core.ledger import By
from kefu.core.rulebook.model import Ref, Rulebook
from kefu.core.work import actions as work
from kefu.core.work.fields import fields_of, read_values
from kefu.core.work.recording import locked, note
from kefu.documents import filling, signing
from kefu.documents.consent import require_consent
from kefu.documents.figures import figures
from kefu.documents.models import Document
from kefu.documents.parties import note_parties, tell_next
from kefu.documents.prefilling import laid_over, prefilled
from kefu.documents.queries import places_of
from kefu.documents.records import work_of
from kefu.documents.retention import require_there
from kefu.documents.signing import Drawn
from kefu.documents.work_page import form_of
from kefu.staff.models import Department, Person
from kefu.staff.rights import rulebook_of

NO_DRAWN: Drawn = {}


def begin(
    kind: str,
    *,
    department: Department,
    by: Person,
    at: datetime,
    values: Mapping[str, object] | None = None,
    origin: Ref | None = None,
    prefill: bool = False,
) -> Document:
    """A new document of `kind` as a draft of its author.

    origin: what it is filled in for: a case, a duty, a customer. prefill: what is on record fills the fields that are
    empty in `values`. Raises Refused document.elsewhere, work.unknown_kind, work.opener, form.unknown_record,
    form.invalid.
    """
    rulebook = rulebook_of(department, at)
    if department.pk not in places_of(by, at, origin):
        raise Refused(
            "document.elsewhere",
            zh=f"您不在「{department.name}」任职，也没有收到该部门转来的工作，不能以该部门名义填写表单。",
            en=f"You hold no post in “{department.name}” and none of its work reached you; its people fill in its "
            "forms.",
        )
    work.require_opener(rulebook, kind, department.pk, by=by, at=at)
    given = dict(values or {})
    if prefill and kind in rulebook.kinds:
        rule = rulebook.kinds[kind]
        known = prefilled(kind, rulebook, origin=origin, author=by, department=department, at=at, typed=given)
        given = laid_over(fields_of(rule), known, given)
        typed = read_values(fields_of(rule), given, zone=rulebook.calendar.zone)
        found = figures(rule, rulebook, typed, department=department, origin=origin, person=by, at=at)
        given = laid_over(fields_of(rule), found, given)
    return _opened(kind, rulebook, department, origin, by=by, owner=by.pk, at=at, values=given)


def open_for(
    kind: str,
    *,
    department: Department,
    rulebook: Rulebook,
    owner: Person | None,
    origin: Ref | None,
    values: Mapping[str, object],
    by: By,
    at: datetime,
) -> Document:
    """A draft that the rulebook asks somebody (`owner`) to fill in, with what is on record already.

    The author of a paper is who writes it, not whose move asked for it: they fill it in and file it.
    """
    known: dict[str, object] = {}
    if owner is not None:
        known = prefilled(kind, rulebook, origin=origin, author=owner, department=department, at=at)
    owner_id = owner.pk if owner else None
    return _opened(
        kind, rulebook, department, origin, by=by, owner=owner_id, at=at, values={**known, **values}
    )


def fill(
    document: Document, values: Mapping[str, object], *, by: Person, at: datetime, revision: int | None = None
) -> Document:
    """Go on writing a draft. Raises Refused document.signed, document.not_yours, work.changed, form.invalid."""
    with write():
        document = locked(document, revision=revision)
        require_draft(document, by)
        document = work.set_values(document, values, by=by, at=at)
        note_parties(document)
    return document


def move(
    document: Document,
    name: str,
    *,
    by: Person,
    at: datetime,
    values: Mapping[str, object] | None = None,
    drawn: Drawn = NO_DRAWN,
    reason: str = "",
    revision: int | None = None,
) -> Document:
    """Make a move of the flow: sign, countersign, file, send back.

    drawn: signatures by field, as PNG; a name typed for one is confirmation enough. A draft is complete before it
    leaves its author. What comes back to its author is signed anew.
    Raises Refused form.missing, document.signed, flow.*, work.changed.
    """
    with write():
        document = locked(document, revision=revision)
        given = signing.with_names(document, name, values or {}, drawn, by)
        rule, before = document.flow.moves.get(name), document.state
        if before != document.flow.start:
            _require_only(document, given, form_of(document, rule) if rule else ())
        elif rule is not None and rule.to != before:
            _require_complete(document, given)
        document = work.move(document, name, by=by, at=at, values=given, reason=reason)
        require_consent(document, name, by=by, at=at)
        signing.keep(document, signing.signed_fields(document, name), drawn, by=by, at=at)
        if document.state == document.flow.start != before:
            document = _unsigned(document, by=by, at=at)
        if document.state != before:
            note_parties(document)
            if document.is_open:
                tell_next(document, by=by, at=at)
    return document


def correct(document: Document, *, reason: str, by: Person, at: datetime) -> Document:
    """A new version of a finished document, to be changed and signed again; the old one stays as it is.

    Raises Refused document.open, document.destroyed, document.corrected naming the version there is, work.opener,
    line.missing.
    """
    reason = inputs.line(reason, "更正原因 / reason", longest=200)
    with write():
        document = locked(document)
        if document.is_open or document.voided_at is not None:
            raise Refused(
                "document.open",
                zh=f"{document.number} 尚未归档，无需另立更正版；请直接修改或退回。",
                en=f"{document.number} is not filed; change it, or have it sent back, instead of correcting it.",
                number=document.number,
            )
        require_there(document)
        if newer := Document.objects.filter(corrects=document).first():
            raise Refused(
                "document.corrected",
                zh=f"{document.number} 已有更正版 {newer.number}，请更正那一份。",
                en=f"{document.number} was corrected by {newer.number} already; correct that one.",
                number=document.number,
                newer=newer.number,
            )
        work.require_opener(document.rulebook, document.kind, document.department_id, by=by, at=at)
        rulebook = rulebook_of(document.department, at)
        new = _opened(
            document.kind,
            rulebook,
            document.department,
            Ref(document.parent_kind, str(document.parent_id)) if document.parent_kind else None,
            by=by,
            owner=by.pk,
            at=at,
            values=_copied(document, rulebook),
            corrects=document,
            edition=document.edition + 1,
            because=reason,
        )
        note(document, "corrected", by=by, at=at, data={"by": new.pk})
    return new


def discard(document: Document, *, reason: str, by: Person, at: datetime) -> Document:
    """Give a draft up. Raises Refused document.signed, document.not_yours, line.missing."""
    reason = inputs.line(reason, "原因 / reason", longest=200)
    with write():
        document = locked(document)
        require_draft(document, by)
        return work.void(document, by=by, at=at, reason=reason)


def require_draft(document: Document, by: Person) -> None:
    """Raises Refused document.signed for what has left its author, document.not_yours for anybody else's draft."""
    if document.state != document.flow.start or not document.is_open:
        raise Refused(
            "document.signed",
            zh=f"{document.number} 已签署，内容不再改动；如有错误，请另立更正版。",
            en=f"{document.number} is signed and does not change any more; make a correction of it instead.",
            number=document.number,
        )
    if by.pk not in (document.author_id, document.owner_id):
        raise Refused(
            "document.not_yours",
            zh=f"{document.number} 是他人的草稿，由填写人本人修改。",
            en=f"{document.number} is somebody else's draft; its author changes it.",
            number=document.number,
        )


# --- how ------------------------------------------------------------------------------------------------


def _opened(
    kind: str,
    rulebook: Rulebook,
    department: Department,
    origin: Ref | None,
    *,
    by: By,
    owner: int | None,
    at: datetime,
    values: Mapping[str, object],
    **columns: Any,
) -> Document:
    parent = work_of(origin) if origin is not None else None
    with write():
        document = work.open_work(
            Document,
            kind,
            department=department,
            rulebook=rulebook,
            by=by,
            at=at,
            values=values,
            parent=parent,
            draft=True,
            owner_id=owner,
            **columns,
        )
        if parent is None and origin is not None:  # a record that is no work
            document.parent_kind, document.parent_id = origin.kind, int(origin.id)
        if owner is not None:
            document.author_id = owner
        update(document, ["parent_kind", "parent_id", "author"])
        note_parties(document)
    return document


def _copied(document: Document, rulebook: Rulebook) -> dict[str, object]:
    """What the new version starts with: all but the signatures, as far as the form in force has it."""
    fields = fields_of(rulebook.kinds[document.kind]) if document.kind in rulebook.kinds else {}
    free = set(filling.free_fields(rulebook.kinds[document.kind])) if fields else set()
    kept = {
        name: value
        for name, value in document.values.items()
        if name in fields
        and fields[name].type not in ("signature", "span")
        and fields[name].computed is None
        and (name in free or fields[name].type in ("record", "file"))
    }
    spans = {
        name: "/".join(one.isoformat() for one in value)
        for name, value in document.values.items()
        if name in free and fields[name].type == "span" and isinstance(value, tuple)
    }
    return kept | spans


def _unsigned(document: Document, *, by: By, at: datetime) -> Document:
    """Without the signatures it had: what is written anew is signed anew. Who signed before stays on record."""
    signed = [name for name, field in fields_of(document.rule).items() if field.type == "signature"]
    return work.set_values(document, dict.fromkeys(signed), by=by, at=at)


def _require_only(document: Document, values: Mapping[str, object], may: tuple[str, ...]) -> None:
    """Raises Refused document.signed for values beside those that the move itself asks."""
    fields = fields_of(document.rule)
    beside = [name for name in values if name not in may and name in fields]
    if beside:
        titles = [fields[name].title for name in beside]
        zh, en = "、".join(one.zh for one in titles), ", ".join(one.en for one in titles)
        raise Refused(
            "document.signed",
            zh=f"{document.number} 已签署，「{zh}」不再改动；如有错误，请退回或另立更正版。",
            en=f"{document.number} is signed: “{en}” does not change any more; send it back or make a correction.",
            number=document.number,
            fields=beside,
        )


def _require_complete(document: Document, given: Mapping[str, object]) -> None:
    """Raises Refused form.missing naming all required fields that nothing fills."""
    later = {name for one in document.flow.moves.values() for name in one.fill}
    fields = fields_of(document.rule)
    known = {
        **document.values,
        **{name: value for name, value in given.items() if value not in (None, "", [])},
    }
    needed = [
        name
        for name, field in fields.items()
        if field.required and field.computed is None and name not in later
    ]
    work.require_filled(fields, needed, known)
