"""Any form of any pack, filled in by the type of its fields, signed by whom its flow names, until it is over."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PIL import Image

from kefu.cases.actions import register
from kefu.cases.models import Case
from kefu.core.effects import organisation
from kefu.core.errors import Refused
from kefu.core.files.actions import store
from kefu.core.flow.moves import chosen
from kefu.core.ledger.actions import SYSTEM
from kefu.core.rulebook.expressions import Count
from kefu.core.rulebook.model import Field, Kind, Move, Ref, Rulebook
from kefu.core.rulebook.who import resolve
from kefu.core.work import counting
from kefu.core.work.actions import require_opener
from kefu.core.work.fields import fields_of
from kefu.customers.actions import add_customer
from kefu.customers.models import Customer
from kefu.documents import actions
from kefu.documents.models import Document
from kefu.documents.work_page import form_of
from kefu.documents.writing import free_of
from kefu.staff.actions import NewDepartment, add_person, found, give_post
from kefu.staff.models import Department, Person
from kefu.staff.rights import rulebook_of

# What a need of the form asks for, where the first thing that comes to mind would not do.
KNOWN: dict[tuple[str, str], Any] = {
    ("customer_archive", "duplicate"): "no",
    ("price_list", "price_hotline"): "12358",
}
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"


@dataclass
class Office:
    """A department that works by one pack, with somebody in every post of it, and a customer."""

    rulebook: Rulebook
    department: Department
    owner: Person
    people: dict[str, Person]  # by post
    customer: Customer
    at: datetime
    hand: Person | None = None  # who writes at the moment

    def writer(self, kind: str) -> Person:
        """The first whom the rulebook lets fill in the form."""
        for person in self.people.values():
            try:
                require_opener(self.rulebook, kind, self.department.pk, by=person, at=self.at)
            except Refused:
                continue
            return person
        raise AssertionError(f"nobody may fill in {kind}")


def make_office(pack: str, at: datetime) -> Office:
    made = found(
        "云庭服务",
        zone="Asia/Shanghai",
        owner_login="wang",
        owner_name="王芳",
        departments=[NewDepartment("service_centre", "客服中心", pack)],
        by=SYSTEM,
        at=at,
    )
    department = Department.objects.get()
    rulebook = rulebook_of(department, at)
    people = {}
    for number, post in enumerate(rulebook.posts):
        name = SURNAMES[number % len(SURNAMES)] + "一二三四五"[number // len(SURNAMES)]
        people[post] = add_person(department, login=f"p{number}", name=name, by=SYSTEM, at=at)
        give_post(people[post], post=post, department=department, by=SYSTEM, at=at)
    customer = add_customer(
        department, kind="natural", name="赵小明", contacts=[("phone", "13812345678")], by=SYSTEM, at=at
    )
    return Office(rulebook, department, made.owner, people, customer, at)


def complete(office: Office, kind: str, at: datetime, depth: int = 0, origin: Ref | None = None) -> Document:
    """A document of `kind`, written, signed in turn and brought to its end."""
    return _to_the_end(office, begin(office, kind, at, depth, origin), at, depth)


def _to_the_end(office: Office, document: Document, at: datetime, depth: int) -> Document:
    for move in way_to_the_end(document.rule):
        _have_ready(office, document, move, at, depth)
        values = answers(office, document.rule, form_of(document, move), at, depth)
        person = mover(document, move, office)
        document = actions.move(document, move.name, by=person, at=at, values=values, reason="按规定")
    return document


def begin(office: Office, kind: str, at: datetime, depth: int = 0, origin: Ref | None = None) -> Document:
    rule, writer = office.rulebook.kinds[kind], office.writer(kind)
    office.hand = writer
    values = answers(office, rule, free_of(rule), at, depth)
    here = office.department
    return actions.begin(kind, department=here, by=writer, at=at, values=values, origin=origin, prefill=True)


def _have_ready(office: Office, document: Document, move: Move, at: datetime, depth: int) -> None:
    """The papers that a move asks to be there, filed for this document."""
    asked = [test.operand for need in move.needs for tests in need.that.any_of for test in tests]
    for count in (one for one in asked if isinstance(one, Count) and not one.during):
        rule = office.rulebook.kinds[count.of]
        if rule.chapter != Document.chapter or depth > 1:
            continue
        here = Document.objects.filter(kind=count.of, parent_kind=document.noun, parent_id=document.pk)
        for draft in here.filter(closed_at=None):
            writer = Person.objects.get(pk=draft.author_id or 0)
            values = answers(office, rule, free_of(rule), at, depth + 1)
            _to_the_end(office, actions.fill(draft, values, by=writer, at=at), at, depth + 1)
        if not here.exists():
            complete(office, count.of, at, depth + 1, origin=document.ref)


def way_to_the_end(rule: Kind) -> list[Move]:
    """The shortest way through the flow that leads to its end."""
    ends, seen = set(rule.flow.ends()), {rule.flow.start}
    waiting: deque[tuple[str, list[Move]]] = deque([(rule.flow.start, [])])
    while waiting:
        state, way = waiting.popleft()
        if state in ends:
            return way
        for move in rule.flow.moves.values():
            if state in move.from_ and move.to not in seen:
                seen.add(move.to)
                waiting.append((move.to, [*way, move]))
    raise AssertionError(f"{rule.name}: no way leads to an end")


def mover(document: Document, move: Move, office: Office) -> Person:
    """Whom the flow names for the move."""
    here = organisation.at(document.changed_at, document.department_id)
    facts, records = document.facts(), counting.records_of(document, document.changed_at)
    for who in chosen(move.by, facts, document.rulebook.calendar, records):
        if who.word == "anyone":
            return office.owner
        for one in resolve(who, facts, here):
            return Person.objects.get(pk=one)
    raise AssertionError(f"{document.kind}.{move.name}: nobody may")


def answers(
    office: Office, rule: Kind, names: Iterable[str], at: datetime, depth: int = 0
) -> dict[str, object]:
    """What somebody may have filled in: every field that is not computed."""
    fields = fields_of(rule)
    found = {
        name: KNOWN.get((rule.name, name)) or answer(office, fields[name], at, depth)
        for name in names
        if fields[name].computed is None
    }
    return {name: value for name, value in found.items() if value is not None}


def answer(office: Office, field: Field, at: datetime, depth: int = 0) -> Any:
    if field.many and field.of == "person":
        return [str(one.pk) for one in list(office.people.values())[:3]]
    one = _one(office, field, at, depth)
    return [one] if field.many and one is not None else one


def _one(office: Office, field: Field, at: datetime, depth: int) -> Any:
    match field.type:
        case "text":
            return "13812345678" if field.privacy == "phone" else f"{field.title.zh}已填写"
        case "number":
            return str(min(field.points, 4)) if field.points is not None else "12"
        case "choice":
            return next(iter(field.options))
        case "day":
            return "2026-09-25"
        case "instant":
            return "2026-09-25 14:30"
        case "span":
            return "2026-09-25 09:00/2026-09-25 11:00"
        case "signature":
            return "签名人"
        case "file":
            return Ref("file", store(_picture(), "照片.png", by=SYSTEM, at=at).pk)
        case "rows":
            columns = {name: one for name, one in field.fields.items() if one.computed is None}
            line = {
                name: value
                for name, one in columns.items()
                if (value := answer(office, one, at, depth)) is not None
            }
            return [line, line]
        case "record":
            return _record(office, field, at, depth)
    return None


def _record(office: Office, field: Field, at: datetime, depth: int) -> object:
    if field.of == "person":
        return str(next(reversed(office.people.values())).pk)
    if field.of == "unit":
        return str(office.department.pk)
    if field.of == "customer":
        return str(office.customer.pk)
    kind = office.rulebook.kinds.get(field.of)
    if kind is None or depth > 2:
        return None
    if kind.chapter == Document.chapter:
        return str(begin(office, field.of, at, depth + 1).pk)
    return str(_case(office, kind, at, depth).pk) if kind.chapter == Case.chapter else None


def _case(office: Office, kind: Kind, at: datetime, depth: int) -> Case:
    """A case of a kind, that whoever writes the paper has registered."""
    needed = [name for name, field in fields_of(kind).items() if field.required]
    values = answers(office, kind, needed, at, depth + 1)
    case = register(
        kind.name, department=office.department, by=SYSTEM, at=at, subject=kind.title.zh, values=values
    )
    Case.objects.filter(pk=case.pk).update(author=office.hand)
    return case


def _picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (60, 40), (200, 220, 210)).save(made, "PNG")
    return made.getvalue()
