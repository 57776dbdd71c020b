"""Whom a document concerns beside its author: people and departments that it names, and those who sign next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kefu.core.db import insert
from kefu.core.effects import organisation
from kefu.core.flow.moves import chosen
from kefu.core.ledger import By
from kefu.core.rulebook.model import Ref
from kefu.core.rulebook.who import resolve
from kefu.core.work import counting
from kefu.core.work.recording import person_id
from kefu.documents.models import Document, Named, Party
from kefu.staff.actions.notices import notify
from kefu.staff.models import Person
from kefu.staff.notices import declare_notice

_ELSEWHERE = ("person", "unit", "file")  # parties; and files, which are nobody's

declare_notice("document.to_sign", zh="{title_zh} {number} 等您处理", en="{title_en} {number} waits for you")


def note_parties(document: Document) -> None:
    """Let see it whom it names and who can make its next move. They go on seeing it."""
    note_named(document)
    people = set(next_people(document, document.changed_at)) | {
        int(ref.id) for ref in _named(document, "person")
    }
    people -= {pk for pk in (document.author_id, document.owner_id) if pk is not None}
    units = {int(ref.id) for ref in _named(document, "unit")} - {document.department_id}
    known = list(Party.objects.filter(document=document).values_list("person_id", "department_id"))
    people -= {person for person, _ in known}
    units -= {unit for _, unit in known}
    there = Person.objects.filter(pk__in=people).values_list("pk", flat=True) if people else ()
    for party in [
        *(Party(document=document, person_id=pk) for pk in there),
        *(Party(document=document, department_id=pk) for pk in units),
    ]:
        insert([party])


def note_named(document: Document) -> None:
    """Keep what single records it names, so that theirs are found without reading every paper."""
    refs = [one for one in document.values.values() if isinstance(one, Ref)]
    wanted = {(ref.kind, int(ref.id)) for ref in refs if ref.kind not in _ELSEWHERE and ref.id.isdecimal()}
    there = Named.objects.filter(document=document)
    known = {(kind, record): pk for pk, kind, record in there.values_list("pk", "kind", "record_id")}
    for kind, record in wanted - known.keys():
        insert([Named(document=document, kind=kind, record_id=record)])
    if gone := [pk for name, pk in known.items() if name not in wanted]:
        there.filter(pk__in=gone).delete()


def tell_next(document: Document, *, by: By, at: datetime) -> None:
    """Tell those who can make the next move that it waits for them, unless they brought it there."""
    me = person_id(by)
    title = document.rule.title
    data = {"number": document.number, "title_zh": title.zh, "title_en": title.en}
    for person in Person.objects.filter(
        pk__in=[pk for pk in next_people(document, at) if pk != me], left_at=None
    ):
        notify(person, kind="document.to_sign", subject=document.ref, data=data, by=by, at=at)


def next_people(document: Document, at: datetime) -> list[int]:
    """Ids of those who can make a move out of the state it is in, that leads on, as people stand at `at`."""
    facts, calendar = document.facts(), document.rulebook.calendar
    here = organisation.at(at, document.department_id)
    records = counting.records_of(document, document.changed_at)
    found: dict[str, None] = {}
    for move in document.flow.moves.values():
        if document.state in move.from_ and move.to != document.state:
            for who in chosen(move.by, facts, calendar, records):
                if who.word != "anyone":
                    found |= dict.fromkeys(resolve(who, facts, here))
    return [int(one) for one in found if one.isdecimal()]


def _named(document: Document, kind: str) -> Iterator[Ref]:
    for value in document.values.values():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, Ref) and one.kind == kind and one.id.isdecimal():
                yield one
