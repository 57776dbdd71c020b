"""Reading documents. `documents_visible_to` is the only question asked about who may see one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from kefu.core.errors import Refused
from kefu.core.rulebook.model import Kind, Ref, Rulebook
from kefu.core.work.actions import require_opener
from kefu.documents.models import Document, Party
from kefu.documents.records import may_see, work_of
from kefu.staff.models import Department, Person
from kefu.staff.rights import Tree, posts_of, scope


def documents_visible_to(person: Person, at: datetime) -> QuerySet[Document]:
    """One's own documents, those that name one or wait for one, and all of the departments in one's scope."""
    found = scope(person, at)
    if found.company:
        return Document.objects.all()
    named = Party.objects.filter(document=OuterRef("pk")).filter(
        Q(person__in=found.people) | Q(department__in={*found.departments, person.department_id})
    )
    return Document.objects.filter(
        Q(owner__in=found.people)
        | Q(author__in=found.people)
        | Q(department__in=found.departments)
        | Exists(named)
    )


def visible_document(person: Person, number: str, at: datetime) -> Document:
    """The document by number. Raises Refused document.unknown, the same if it does not exist or may not be seen."""
    document = documents_visible_to(person, at).filter(number=number[:40]).first()
    if document is None:
        raise Refused(
            "document.unknown",
            zh=f"没有找到单据「{number[:40]}」，请核对编号。",
            en=f"There is no document “{number[:40]}”; please check the number.",
            number=number[:40],
        )
    return document


@dataclass(frozen=True, slots=True)
class Fillable:
    """A form that somebody may fill in for a department."""

    department: Department
    kind: Kind


def places_of(person: Person, at: datetime, origin: Ref | None = None) -> list[int]:
    """Ids of the departments for which one fills in forms: that of the work it is filled in for (`origin`), where that
    reached one; one's own, and those in which one holds a post."""
    work = work_of(origin) if origin is not None else None
    reached = [work.department_id] if work is not None and may_see(work.ref, person, at) else []
    held = [one.department.pk for one in posts_of(person, at)]
    return list(dict.fromkeys([*reached, person.department_id, *held]))


def forms_for(person: Person, at: datetime, origin: Ref | None = None) -> list[Fillable]:
    """The forms one may fill in, department by department, in the order of `places_of`."""
    tree = Tree()
    found = []
    for pk in places_of(person, at, origin):
        rulebook = tree.rulebook_of(pk, at)
        for kind in rulebook.kinds.values() if rulebook else ():
            if rulebook and kind.chapter == Document.chapter and _may_open(rulebook, kind, pk, person, at):
                found.append(Fillable(tree.by_id[pk], kind))
    return found


def _may_open(rulebook: Rulebook, kind: Kind, department: int, person: Person, at: datetime) -> bool:
    try:
        require_opener(rulebook, kind.name, department, by=person, at=at)
    except Refused:
        return False
    return True


def waiting_for(person: Person, at: datetime) -> QuerySet[Document]:
    """Open documents that are one's own drafts or wait for one's signature."""
    named = Party.objects.filter(document=OuterRef("pk"), person=person)
    return Document.objects.filter(Q(owner=person) | Exists(named), closed_at=None, voided_at=None)
