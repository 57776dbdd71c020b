"""Records that forms name and rules do not keep: customers, people, pieces of work. Capabilities make theirs known."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from kefu.core.errors import Refused
from kefu.core.rulebook.model import Facts, Field, Ref
from kefu.core.work import registry
from kefu.core.work.models import Work
from kefu.live.words import nouns
from kefu.staff.models import Person


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


def require_seen(
    fields: Mapping[str, Field],
    values: Mapping[str, object],
    person: Person,
    at: datetime,
    *,
    stored: Facts | None = None,
) -> None:
    """Raises Refused form.unknown_record for a record that the person may not see, as for one that is not there.

    values: raw values as typed. stored: what the work holds already, which may be sent again as it was.
    """
    for name, value in values.items():
        field = fields.get(name)
        if (
            field is None
            or not isinstance(value, str | int | Ref | list)
            or value == (stored or {}).get(name)
        ):
            continue
        for one in value if isinstance(value, list) else [value]:
            if field.type == "rows" and isinstance(one, Mapping):
                require_seen(field.fields, one, person, at)
            elif field.type == "record" and field.of not in ("person", "unit") and one not in ("", None):
                ref = one if isinstance(one, Ref) else Ref(field.of, str(one))
                if ref.id.isdecimal() and ref != (stored or {}).get(name) and not _seen(ref, person, at):
                    raise Refused(
                        "form.unknown_record",
                        zh=f"「{field.title.zh}」填写的一项不存在或您无权查看，请重新选择。",
                        en=f"What stands in “{field.title.en}” is not there or not for you to see; choose another.",
                        field=name,
                    )


def _seen(ref: Ref, person: Person, at: datetime) -> bool:
    if ref.kind in _records:
        return may_see(ref, person, at)
    work = work_of(ref)  # a field names its kind, rights go by the noun
    return work is not None and may_see(work.ref, person, at)


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
