"""`insert()`: new rows without the query builder, which takes four times as long as the database does."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import AutoField, Model

AT_ONCE = 32  # rows a statement: SQLite takes 999 values in one, and no model here has 31 columns


def insert(rows: Sequence[Model]) -> None:
    """Store new rows of one model, in order, and give them their ids. Two things are left out that
    `bulk_create` does: defaults the database would fill in, and rows of a model with parents.

    For what is written with every case; elsewhere the query builder reads better. Raises IntegrityError as
    `save` does.
    """
    for start in range(0, len(rows), AT_ONCE):
        _insert(rows[start : start + AT_ONCE])


def _insert(rows: Sequence[Model]) -> None:
    fields, head, row, tail = _statement(type(rows[0]))
    here = connections[DEFAULT_DB_ALIAS]  # not the proxy `connection`: each value asks it several times
    values = [field.get_db_prep_save(field.pre_save(one, add=True), here) for one in rows for field in fields]
    with here.cursor() as cursor:
        cursor.execute(f"{head}{', '.join([row] * len(rows))}{tail}", values)
        ids = cursor.fetchall() if tail else [(one.pk,) for one in rows]
    for one, (pk,) in zip(rows, ids, strict=True):
        one.pk = pk
        one._state.adding, one._state.db = False, here.alias


@cache
def _statement(model: type[Model]) -> tuple[list[Any], str, str, str]:
    """The columns of `model`, and the parts of its statement: head, one row, tail (the ids the database gives)."""
    quote = connection.ops.quote_name
    key = model._meta.pk
    numbered = isinstance(key, AutoField)
    fields = [field for field in model._meta.local_concrete_fields if not (numbered and field.primary_key)]
    columns = ", ".join(quote(str(field.column)) for field in fields)
    return (
        fields,
        f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ",  # noqa: S608 (names of our own models)
        f"({', '.join(['%s'] * len(fields))})",
        f" RETURNING {quote(str(key.column))}" if numbered else "",
    )
