"""Records that people name in forms, by their ids. Whoever keeps records says which of them somebody may name.

People type text and whole numbers. A `Ref` was passed on by a rule, or stood on record before; of it nobody is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime

from kefu.core.errors import Refused
from kefu.core.ledger import By
from kefu.core.rulebook.model import Facts, Field, Ref

Unknown = Callable[[Collection[Ref], By, int, datetime], Collection[Ref]]
_unknown: list[Unknown] = []


def unknown_by(function: Unknown) -> Unknown:
    """Function decorator: make known what finds, among `refs`, those that `by` may not name on work of a department
    (its id) at an instant: fn(refs, by, department, at)."""
    _unknown.append(function)
    return function


def require_known(
    fields: Mapping[str, Field],
    raw: Mapping[str, object],
    *,
    by: By,
    at: datetime,
    department: int,
    stored: Facts | None = None,
) -> None:
    """Raises Refused form.unknown_record for a record that `by` may not see, as for one that is not there.

    raw: values as typed. stored: what the work holds already, which may be sent again as it was.
    """
    typed = [(name, ref) for name, ref in _named(fields, raw) if ref not in _refs((stored or {}).get(name))]
    refs = {ref for _, ref in typed}
    unknown = {ref for function in _unknown for ref in function(refs, by, department, at)} if refs else set()
    for name, ref in typed:
        if ref in unknown:
            title = fields[name].title
            raise Refused(
                "form.unknown_record",
                zh=f"「{title.zh}」填写的一项不存在或您无权查看，请重新选择。",
                en=f"What stands in “{title.en}” is not there or not for you to see; choose another.",
                field=name,
            )


def _named(fields: Mapping[str, Field], raw: Mapping[str, object]) -> Iterator[tuple[str, Ref]]:
    """Each record that was typed, with the name of the field: of rows that of the whole, not of the column."""
    for name, value in raw.items():
        field = fields.get(name)
        for one in value if isinstance(value, list | tuple) else [value]:
            if field is None or one is None:
                continue
            if field.type == "rows" and isinstance(one, Mapping):
                yield from ((name, ref) for _, ref in _named(field.fields, one))
            elif field.type == "record" and isinstance(one, str | int) and str(one).strip():
                yield name, Ref(field.of, str(one).strip())


def _refs(value: object) -> Iterator[Ref]:
    match value:
        case Ref():
            yield value
        case list():
            for one in value:
                yield from _refs(one)
        case Mapping():
            yield from _refs(list(value.values()))
