"""Sorting a register by what its records hold: in the database, so that a page reads a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, F, FloatField, Q, QuerySet
from django.db.models.expressions import Combinable, Expression
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Collate

from kefu.core.rulebook.fields import askable
from kefu.core.rulebook.model import Register, Rulebook
from kefu.core.work.fields import fields_of

COLUMNS = ("id", "number", "state", "kind", "opened_at", "closed_at", "due_at")
NUMBERED = ("owner_id", "author_id", "department_id")
INSIDE = {"day": "$day", "instant": "$at", "number": "$number", "record": "$ref__1"}  # as facts are stored


@dataclass(frozen=True, slots=True)
class Key:
    """name: as which the value is asked of the database. down: largest first; what is empty stands last."""

    name: str
    value: Combinable
    down: bool


def keys_of(register: Register, rulebook: Rulebook, columns: Sequence[str | None]) -> list[Key] | None:
    """The keys of the order; None where one of them is no single value of one type in all kinds.

    columns: of each name of the order, where the source keeps it.
    """
    found = []
    for n, (name, column) in enumerate(zip(register.order or ("-opened",), columns, strict=True)):
        value = _value(register, rulebook, name.removeprefix("-"), column)
        if value is None:
            return None
        found.append(Key(f"key_{n}", value, name.startswith("-")))
    return found


def in_order(records: QuerySet[Any], keys: Sequence[Key]) -> QuerySet[Any]:
    """The records sorted, each with its keys; the younger first where the first key goes down."""
    named = records.annotate(**{one.name: one.value for one in keys})
    order = [
        F(one.name).desc(nulls_last=True) if one.down else F(one.name).asc(nulls_last=True) for one in keys
    ]
    return named.order_by(*order, "-id" if keys[0].down else "id")


def after(records: QuerySet[Any], keys: Sequence[Key], last: int) -> QuerySet[Any]:
    """What follows the record `last` of `in_order`; nothing after one that is not there any more."""
    names = [one.name for one in keys]
    values = records.filter(pk=last).values_list(*names).first()
    if values is None:
        return records.none()
    beyond, alike = Q(pk__in=[]), Q()
    for key, value in zip(keys, values, strict=True):
        if value is not None:
            behind = Q(**{f"{key.name}__{'lt' if key.down else 'gt'}": value})
            beyond |= alike & (behind | Q(**{f"{key.name}__isnull": True}))
        alike &= Q(**{f"{key.name}__isnull": True}) if value is None else Q(**{key.name: value})
    return records.filter(beyond | (alike & Q(**{"pk__lt" if keys[0].down else "pk__gt": last})))


def _value(register: Register, rulebook: Rulebook, name: str, column: str | None) -> Combinable | None:
    if column is None:
        return None
    if column in COLUMNS or column in NUMBERED:
        return F(column)
    types = {_type(rulebook, kind, name) for kind in register.of}
    kind = types.pop() if len(types) == 1 else None
    if kind is None:
        return None
    inside = f"{column}__{INSIDE[kind]}" if kind in INSIDE else column
    text: Expression = KT(inside)
    if kind == "number":
        return Cast(text, FloatField())
    if kind == "record":
        return Cast(text, BigIntegerField())
    # byte by byte, as the instants want it and as every database can
    return Collate(text, "C" if connection.vendor == "postgresql" else "BINARY")


def _type(rulebook: Rulebook, kind: str, name: str) -> str | None:
    """Of a field that holds one plain value."""
    rule = rulebook.kinds[kind]
    field = fields_of(rule).get(name)
    known = askable(rule).get(name)
    if known is None or (field is not None and field.many) or known.type in ("rows", "span", "file"):
        return None
    return known.type
