"""Records that forms name and rules do not keep: customers, people, pieces of work. Capabilities make theirs known."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from kefu.core.ledger import By
from kefu.core.rulebook.model import Facts, Ref
from kefu.core.work import registry
from kefu.core.work.models import Work
from kefu.core.work.naming import unknown_by
from kefu.live.words import nouns
from kefu.staff.models import Person
from kefu.staff.queries import departments_visible_to
from kefu.staff.rights import Tree


@dataclass(frozen=True, slots=True)
class Records:
    """visible: those that a person may see. names: of the records with these ids, as people know them. facts: what
    rules may ask of one (RECORD_FIELDS). found: the id of what somebody typed, among what they may see, or None.
    """

    visible: Callable[[Person, datetime], QuerySet[Any]]
    names: Callable[[Collection[int]], Mapping[int, str]]
    facts: Callable[[int], Facts]
    found: Callable[[Person, str, datetime], int | None]


_records: dict[str, Records] = {}


def known_as(kind: str, records: Records) -> None:
    """Make a kind of record known, as `of` of a field names it ("customer")."""
    _records[kind] = records


def may_see(ref: Ref, person: Person, at: datetime) -> bool:
    """Whether the person may see the record, named by its noun."""
    visible = _records[ref.kind].visible if ref.kind in _records else nouns().get(ref.kind)
    return visible is not None and ref.id.isdecimal() and visible(person, at).filter(pk=ref.id).exists()


@unknown_by
def _unknown(refs: Collection[Ref], by: By, department: int, at: datetime) -> set[Ref]:
    """Those of `refs` that a person may not name: records that they may not see. Rules and customers are not asked.

    People and departments may be named that the person sees, and those to which work of `department` may be given.
    """
    if not isinstance(by, Person):
        return set()
    wanted: dict[str, set[int]] = {}
    for ref in refs:
        if ref.id.isdecimal() and len(ref.id) < 19:
            wanted.setdefault(ref.kind, set()).add(int(ref.id))
    known = {
        Ref(kind, str(pk)) for kind, ids in wanted.items() for pk in _nameable(kind, ids, by, department, at)
    }
    return {*refs} - known


def _nameable(kind: str, ids: Collection[int], person: Person, department: int, at: datetime) -> set[int]:
    if kind in ("unit", "person"):
        seen = departments_visible_to(person, at).values_list("pk", flat=True)
        units = {*seen, *receiving(department)}
        if kind == "unit":
            return units & {*ids}
        return {*Person.objects.filter(pk__in=ids, department__in=units).values_list("pk", flat=True)}
    if kind in _records:
        return {*_records[kind].visible(person, at).filter(pk__in=ids).values_list("pk", flat=True)}
    found: set[int] = set()
    for model in registry.models():  # a field names the kind, rights go by the noun
        if visible := nouns().get(model.noun):
            asked = {} if kind == model.noun else {"kind": kind}
            found |= {*visible(person, at).filter(pk__in=ids, **asked).values_list("pk", flat=True)}
    return found


def receiving(department: int) -> list[int]:
    """Ids of the departments to whose people work of `department` may be given: itself, and those without a rulebook
    of their own, which receive."""
    return [pk for pk, unit in Tree().by_id.items() if pk == department or not unit.pack]


def names(refs: Iterable[Ref]) -> dict[Ref, str]:
    """The names of records that are neither people, departments nor files: work by its number. A query a kind."""
    wanted: dict[str, set[int]] = {}
    for ref in refs:
        if ref.id.isdecimal():
            wanted.setdefault(ref.kind, set()).add(int(ref.id))
    found: dict[Ref, str] = {}
    for kind, ids in wanted.items():
        named = _records[kind].names(ids) if kind in _records else _numbers(kind, ids)
        found |= {Ref(kind, str(pk)): name for pk, name in named.items()}
    return found


def _numbers(kind: str, ids: Collection[int]) -> Mapping[int, str]:
    """Numbers of work. A ref says its noun, or its kind; ids of another kind of work find nothing."""
    found: dict[int, str] = {}
    for model in registry.models():
        asked = {} if kind == model.noun else {"kind": kind}
        rows = model._default_manager.filter(pk__in=ids, **asked).values_list("pk", "number")
        found |= dict(rows)
        if kind == model.noun:
            break
    return found


def facts_of(ref: Ref) -> Facts:
    """What is known of a record, {} of one that is not there."""
    if not ref.id.isdecimal():
        return {}
    if ref.kind in _records:
        return _records[ref.kind].facts(int(ref.id))
    work = work_of(ref)
    return work.facts() if work is not None else {}


def work_of(ref: Ref) -> Work | None:
    """The work that a ref names by its noun ("case") or by its kind ("repair")."""
    if not ref.id.isdecimal() or registry.model_named(ref.kind) is not None:
        return registry.find(ref)
    found = (model._default_manager.filter(pk=ref.id, kind=ref.kind).first() for model in registry.models())
    return next((work for work in found if work is not None), None)


def found(kind: str, typed: str, person: Person, at: datetime) -> int | None:
    """The record of `kind` that somebody means by what they typed, among those they may see."""
    if kind in _records:
        return _records[kind].found(person, typed, at)
    for model in registry.models():
        visible = nouns().get(model.noun)
        if visible is None:
            continue
        asked = {} if kind == model.noun else {"kind": kind}
        pk = (
            visible(person, at)
            .filter(number=typed.strip()[:40], **asked)
            .values_list("pk", flat=True)
            .first()
        )
        if pk is not None:
            return int(pk)
    return None
