"""How long papers are kept, as the rulebook in force says, and making away with what is past it: by a person, with a
reason, one by one. What stays is the number, the kind, the dates and the ledger; the content goes for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet

from kefu.core import inputs
from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.files.models import StoredFile
from kefu.core.rulebook.model import Kind
from kefu.core.search.actions import remove
from kefu.core.work.recording import locked, note, save
from kefu.core.worktime import Amount, due, shift
from kefu.documents import filling
from kefu.documents.models import Document, Signature
from kefu.documents.queries import documents_visible_to
from kefu.staff.models import Person
from kefu.staff.queries import may
from kefu.staff.rights import Tree, rulebook_of

RIGHT = "manage_rulebook"  # whoever answers for the rules answers for how long they are carried out


def may_decide(person: Person, at: datetime) -> bool:
    return may(person, RIGHT, at)


def kept_until(document: Document, at: datetime) -> datetime | None:
    """Until when the rulebook in force has a filed paper kept; None where it says nothing, or for good."""
    rulebook = rulebook_of(document.department, at)
    kind = rulebook.kinds.get(document.kind)
    keep = kind.form.keep if kind else None
    if not isinstance(keep, Amount) or document.closed_at is None:
        return None
    return due(rulebook.calendar, document.closed_at, keep).at


def past_keeping(person: Person, at: datetime) -> QuerySet[Document]:
    """The papers a person may see and decide on that are past what the rulebook asks; nobody else's list has any."""
    if not may_decide(person, at):
        return Document.objects.none()
    tree, past = Tree(), Q(pk__in=[])
    for pk in tree.by_id:
        rulebook = tree.rulebook_of(pk, at)
        for kind in rulebook.kinds.values() if rulebook else ():
            if rulebook and isinstance(keep := _keep(kind), Amount):
                before = shift(rulebook.calendar, at, keep, "before")
                past |= Q(department=pk, kind=kind.name, closed_at__lt=before)
    return documents_visible_to(person, at).filter(past, destroyed_at=None)


def destroy(documents: Sequence[Document], *, reason: str, by: Person, at: datetime) -> None:
    """Make away with the content of papers: all of them or, refused, none.

    Raises Refused document.may_not_destroy, document.kept naming until when, document.destroyed, line.missing.
    """
    reason = inputs.line(reason, "销毁原因 / reason", longest=200)
    if not may_decide(by, at):
        raise Refused(
            "document.may_not_destroy",
            zh="您的岗位没有决定销毁单据的权限（manage_rulebook）。",
            en="No post you hold may decide that papers are destroyed (manage_rulebook).",
        )
    with write():
        for one in documents:
            _destroy(locked(one), reason=reason, by=by, at=at)


def require_there(document: Document) -> None:
    """Raises Refused document.destroyed for a paper of which only the number is left."""
    if document.destroyed_at is not None:
        raise Refused(
            "document.destroyed",
            zh=f"{document.number} 保存期满，内容已销毁，只留编号和日期。",
            en=f"{document.number} was past its retention; its content was destroyed, only number and dates are left.",
            number=document.number,
        )


def _destroy(document: Document, *, reason: str, by: Person, at: datetime) -> None:
    require_there(document)
    _require_past(document, at)
    files = _own_files(document)
    signatures = Signature.objects.filter(work_kind=document.noun, work_id=document.pk)
    files |= {one for one in signatures.values_list("picture_id", flat=True) if one}
    signatures.delete()
    for file in StoredFile.objects.filter(pk__in=files):
        transaction.on_commit(partial(file.path.unlink, missing_ok=True))
        file.delete()
    remove(document.ref)
    document.named.all().delete()
    document.fields, document.because = {}, ""
    document.destroyed_at, document.destroyed_because = at, reason
    save(document, at=at)
    note(document, "destroyed", by=by, at=at, data={"files": len(files)})


def _require_past(document: Document, at: datetime) -> None:
    until = kept_until(document, at)
    if until is not None and until < at:
        return
    zone = document.rulebook.calendar
    zh, en = (
        (f"须保存至 {zone.local(until):%Y-%m-%d}", f"is kept until {zone.local(until):%Y-%m-%d}")
        if until is not None
        else ("制度没有规定可以销毁的期限", "has no retention in the rulebook after which it may go")
    )
    raise Refused(
        "document.kept",
        zh=f"{document.number} {zh}，不能销毁。",
        en=f"{document.number} {en}; it cannot be destroyed.",
        number=document.number,
    )


def _own_files(document: Document) -> set[str]:
    """Ids of the files in its fields that no other version of it holds."""
    held = _files(document)
    versions = Q(corrects=document) | (Q(pk=document.corrects_id) if document.corrects_id else Q(pk__in=[]))
    for other in Document.objects.filter(versions, destroyed_at=None):
        held -= _files(other)
    return held


def _files(document: Document) -> set[str]:
    return {ref.id for ref in filling.names_in(document.values.values()) if ref.kind == "file"}


def _keep(kind: Kind) -> object:
    return kind.form.keep if kind.chapter == Document.chapter else None
