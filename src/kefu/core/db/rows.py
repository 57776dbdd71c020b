"""Rows read and stored without the query builder, which takes four times as long as the database does.

For what every action and every due clock reads and writes; elsewhere the query builder reads better.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import AutoField, Model

AT_ONCE = 32  # rows a statement: SQLite takes 999 values in one, and no model here has 31 columns

Row = TypeVar("Row", bound=Model)


def select(model: type[Row], where: str, values: Sequence[int | str], *, lock: bool = False) -> list[Row]:
    """The rows of `model` for which `where` holds: SQL of our own with `%s` for `values`, and `ORDER BY` if need be.

    lock: keep them from other transactions until this one ends.
    """
    how = _reading(model, ())
    here = connections[DEFAULT_DB_ALIAS]
    kept = " FOR UPDATE" if lock and here.features.has_select_for_update else ""
    return [model.from_db(here.alias, how.names, row) for row in _rows(how, f"{where}{kept}", values)]


def columns(
    model: type[Model], names: tuple[str, ...], where: str, values: Sequence[int | str]
) -> list[tuple[Any, ...]]:
    """As `select`, only the fields `names` (a key by its column, `department_id`), in that order."""
    return [tuple(row) for row in _rows(_reading(model, names), where, values)]


def count(model: type[Model], where: str, values: Sequence[int | str]) -> int:
    """How many rows of `model` there are for which `where` holds."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        table = connection.ops.quote_name(model._meta.db_table)
        cursor.execute(f"SELECT COUNT(*) FROM {table} WHERE {where}", values)  # noqa: S608 (names of our own models)
        return int(cursor.fetchone()[0])


def follow(rows: Sequence[Model], *names: str) -> None:
    """Read what the foreign keys `names` of `rows`, of one model, lead to, as `prefetch_related`: a query for each."""
    for name in names if rows else ():
        key: Any = rows[0]._meta.get_field(name)
        wanted = {getattr(row, key.attname) for row in rows} - {None}
        there = select(key.related_model, among(key.target_field.column, wanted), [*wanted]) if wanted else ()
        found = {one.pk: one for one in there}
        for row in rows:
            setattr(row, name, found.get(getattr(row, key.attname)))


def among(column: str, values: Collection[int | str]) -> str:
    """`column` is one of `values`, which may be none: the condition; its values follow in place."""
    return f"{column} IN ({', '.join(['%s'] * len(values))})" if values else "1 = 0"


def instant(at: datetime) -> str:
    """An instant as a value of `select`."""
    return cast("str", connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value(at))


def insert(rows: Sequence[Model]) -> None:
    """Store new rows of one model, in order, and give them their ids. Two things are left out that
    `bulk_create` does: defaults the database would fill in, and rows of a model with parents.

    Raises IntegrityError as `save` does.
    """
    for start in range(0, len(rows), AT_ONCE):
        _insert(rows[start : start + AT_ONCE])


def update(row: Model, names: Sequence[str] = ()) -> None:
    """Store the named columns of a row that is there, all of them without names.

    Raises the model's DoesNotExist when it is there no more.
    """
    here = connections[DEFAULT_DB_ALIAS]
    key = row._meta.pk
    fields = [
        field
        for field in row._meta.local_concrete_fields
        if field is not key and (not names or field.name in names)
    ]
    quote = here.ops.quote_name
    columns = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    values = [field.get_db_prep_save(field.pre_save(row, add=False), here) for field in fields]
    with here.cursor() as cursor:
        table = quote(row._meta.db_table)
        cursor.execute(
            f"UPDATE {table} SET {columns} WHERE {quote(str(key.column))} = %s",  # noqa: S608 (names of our models)
            [*values, row.pk],
        )
        if not cursor.rowcount:
            raise type(row).DoesNotExist(f"{row._meta.label} {row.pk}")  # type: ignore[attr-defined]  # a model


def _insert(rows: Sequence[Model]) -> None:
    fields, head, row, tail = _statement(type(rows[0]))
    here = connections[DEFAULT_DB_ALIAS]
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


class _Reading(NamedTuple):
    head: str
    names: list[str]
    converted: list[tuple[int, Any, list[Callable[..., Any]]]]  # column, its expression, what makes its value


@cache
def _reading(model: type[Model], names: tuple[str, ...]) -> _Reading:
    """Of the fields `names`, all of them without names."""
    quote = connection.ops.quote_name
    table = model._meta.db_table
    known = {field.attname: field for field in model._meta.local_concrete_fields}
    fields = [known[name] for name in names or known]
    columns = [field.get_col(table) for field in fields]
    makers = [
        connection.ops.get_db_converters(column) + column.get_db_converters(connection) for column in columns
    ]
    return _Reading(
        f"SELECT {', '.join(quote(str(field.column)) for field in fields)} FROM {quote(table)} WHERE ",  # noqa: S608
        [field.attname for field in fields],
        [
            (place, column, made)
            for place, (column, made) in enumerate(zip(columns, makers, strict=True))
            if made
        ],
    )


def _rows(how: _Reading, where: str, values: Sequence[int | str]) -> Iterator[Sequence[Any]]:
    here = connections[DEFAULT_DB_ALIAS]  # not the proxy `connection`: each value asks it several times
    with here.cursor() as cursor:
        cursor.execute(f"{how.head}{where}", values)
        found = cursor.fetchall()
    if not how.converted:
        yield from found
        return
    for row in found:
        read = list(row)
        for place, column, makers in how.converted:
            for make in makers:
                read[place] = make(read[place], column, here)
        yield read
