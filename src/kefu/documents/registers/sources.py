"""Where the lines of a register come from: work of some kinds, or people. A line is what is known of one record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import QuerySet

from kefu.core.clocks import facts_json
from kefu.core.rulebook.model import Chapter, Facts, Field, Ref, Register, Rulebook, Text
from kefu.core.work import registry
from kefu.core.work.fields import fields_of
from kefu.core.work.models import Work
from kefu.documents.models import Document
from kefu.live.words import nouns
from kefu.staff.models import Person, PostHolding

COLUMNS = {
    "opened": "opened_at",
    "number": "number",
    "done": "closed_at",
    "due": "due_at",
    "state": "state",
    "kind": "kind",
}
PERSON = {
    "name": Text("姓名", "Name"),
    "post": Text("岗位", "Post"),
    "department": Text("部门", "Department"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One record. number: that of its page, "" where it has none."""

    ref: Ref
    facts: Facts
    number: str
    rulebook: Rulebook | None = None
    kind: str = ""

    @property
    def fields(self) -> dict[str, Field]:
        return dict(fields_of(self.rulebook.kinds[self.kind])) if self.rulebook and self.kind else {}


@dataclass(frozen=True, slots=True)
class Source:
    """records: those a person may see. line: one of them read. keys: the values of one by which it is sorted, read
    without the record: the names of its columns, and what they mean."""

    records: QuerySet[Any]
    line: Callable[[Any], Line]
    key_column: Callable[[str], str | None]


def sources(
    register: Register, rulebook: Rulebook, person: Person, at: datetime, departments: Sequence[int]
) -> list[Source]:
    """One for each model that has the register's kinds. What was voided or corrected by a newer version is left out."""
    chapters: dict[Chapter, list[str]] = {}
    found = []
    for name in register.of:
        if name in rulebook.kinds:
            chapters.setdefault(rulebook.kinds[name].chapter, []).append(name)
        elif name == "person":
            found.append(_people(at, departments))
    for chapter, kinds in chapters.items():
        model = registry.model_of(chapter)
        rows = nouns()[model.noun](person, at).filter(
            department__in=departments, kind__in=kinds, voided_at=None
        )
        if model is Document:
            rows = rows.filter(correction__isnull=True, destroyed_at=None)
        moves = {move for kind in kinds for move in rulebook.kinds[kind].flow.moves}
        found.append(Source(rows, _of_work, partial(_work_column, moves)))
    return found


def _of_work(work: Work) -> Line:
    facts = work.facts() | {"done": work.closed_at, "due": work.due_at}
    return Line(work.ref, facts, work.number, work.rulebook, work.kind)


def _work_column(moves: set[str], name: str) -> str:
    if name in ("owner", "author", "department"):
        return f"{name}_id"
    return COLUMNS.get(name) or (f"made__{name}" if name in moves else f"fields__{name}")


def _people(at: datetime, departments: Sequence[int]) -> Source:
    people = Person.objects.filter(department__in=departments, left_at=None).select_related("department")
    posts: dict[int, list[str]] = {}
    held = PostHolding.objects.at(at).filter(person__in=people).order_by("pk")
    for pk, post in held.values_list("person_id", "post"):
        posts.setdefault(pk, []).append(post)

    def line(person: Person) -> Line:
        facts: Facts = {
            "name": person.name,
            "post": posts.get(person.pk) or None,
            "department": Ref("unit", str(person.department_id)),
        }
        return Line(person.ref, facts, "")

    return Source(people, line, lambda name: {"name": "name", "department": "department_id"}.get(name))


def sort_key(values: Iterable[object], descending: Sequence[bool]) -> tuple[object, ...]:
    """A key by which lines are sorted: what is empty stands last, whichever way round."""
    return tuple(
        (1, _Backwards("")) if plain is None else (0, _Backwards(plain) if down else plain)
        for plain, down in zip((_plain(one) for one in values), descending, strict=True)
    )


def read_key(raw: object) -> object:
    """A value as a column of the database gave it: of the form's fields as they are stored."""
    return facts_json.load({"": raw})[""] if isinstance(raw, dict | list) else raw


def _plain(value: object) -> object:
    """A comparable value; of one column all are of one type, but for a field whose type was changed."""
    match value:
        case None | "" | []:
            return None
        case datetime():
            return _Ordered(1, value.timestamp())
        case date():
            return _Ordered(1, datetime(value.year, value.month, value.day).timestamp())  # noqa: DTZ001 (to sort by)
        case Decimal() | int() | float():
            return _Ordered(0, float(value))
        case Ref():
            return _Ordered(0, float(value.id)) if value.id.isdecimal() else _Ordered(2, value.id)
        case list() | tuple():
            return _plain(value[0])
    return _Ordered(2, str(value))


class _Ordered(tuple):
    """(type, value): numbers before days before texts."""

    def __new__(cls, rank: int, value: object) -> _Ordered:
        return super().__new__(cls, (rank, value))


class _Backwards:
    """Compares the other way round."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __lt__(self, other: _Backwards) -> bool:
        return bool(other.value < self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Backwards) and other.value == self.value

    def __hash__(self) -> int:
        return hash(self.value)
