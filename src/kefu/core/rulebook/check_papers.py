"""Forms and registers: what lies where on the page, what is worked out from what, what is written already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from kefu.core.rulebook import words
from kefu.core.rulebook.mistakes import Mistake, mistake
from kefu.core.rulebook.model import Field, Form, Rulebook

_FEWEST: Final = {"difference": 2, "product": 2, "share": 2}
_WORK: Final = (*words.WORK_FIELDS, *words.PERIOD_FIELDS, *words.PLAN_FIELDS, "each")


def papers(rulebook: Rulebook) -> Iterator[Mistake]:
    for form in rulebook.forms.values():
        yield from _layout(form)
        yield from _computed(form.fields, form, {})
        for field in form.fields.values():
            yield from _computed(field.fields, form, form.fields)
            yield from _prefill(rulebook, form, field)
    for register in rulebook.registers.values():
        if not (register.columns or register.group):
            yield mistake("register_empty", register.mark)


def _layout(form: Form) -> Iterator[Mistake]:
    seen: set[str] = set()
    for name in (name for row in form.layout.rows for name in row):
        if name not in form.fields:
            yield mistake("field_unknown", form.mark, kind=form.name, name=name, allowed=tuple(form.fields))
        if name in seen:
            yield mistake("layout_twice", form.mark, name=name)
        seen.add(name)


# --- worked out -----------------------------------------------------------------------------------


def _computed(fields: Mapping[str, Field], form: Form, outer: Mapping[str, Field]) -> Iterator[Mistake]:
    """The fields of one level; a column of rows may also ask for fields of the form around it."""
    for field in fields.values():
        if field.computed is None:
            continue
        how, paths = field.computed.how, field.computed.of
        if field.type != "number":
            yield mistake("computed_type", field.mark, name=field.name, type=field.type)
        fewest = _FEWEST.get(how, 1)
        if len(paths) < fewest or (how == "share" and len(paths) > fewest):
            yield mistake("computed_few", field.mark, how=how, number=fewest)
        for path in paths:
            source = _at(path, fields) or _at(path, outer)
            if source is None:
                yield mistake("field_unknown", field.mark, kind=form.name, name=path, allowed=tuple(fields))
            elif how != "count" and source.type != "number":
                yield mistake("computed_type", field.mark, name=path, type=source.type)
        if _asks_itself(field.name, field, fields, frozenset()):
            yield mistake("computed_cycle", field.mark, name=field.name)


def _at(path: str, fields: Mapping[str, Field]) -> Field | None:
    first, _, column = path.partition(".")
    found = fields.get(first)
    return found.fields.get(column) if found is not None and column else found


def _asks_itself(name: str, field: Field, fields: Mapping[str, Field], seen: frozenset[str]) -> bool:
    for path in field.computed.of if field.computed else ():
        first = path.partition(".")[0]
        if first == name:
            return True
        if (
            first in fields
            and first not in seen
            and _asks_itself(name, fields[first], fields, seen | {first})
        ):
            return True
    return False


# --- written already ------------------------------------------------------------------------------


def _prefill(rulebook: Rulebook, form: Form, field: Field) -> Iterator[Mistake]:
    if field.prefill and not _is_known(rulebook, form, field.prefill):
        yield mistake(
            "prefill_unknown",
            field.mark,
            name=field.prefill,
            allowed=(*_WORK, "origin.…", "customer.…", "period.before", "registers.…"),
        )


def _is_known(rulebook: Rulebook, form: Form, path: str) -> bool:
    """One step: what all work has. Two: a field of the origin (of any kind), of the customer, of a record."""
    first, _, second = path.partition(".")
    if first == "registers":
        return _in_register(rulebook, *second.partition(".")[::2])
    if path == "period.before":
        return any(kind.every and kind.form.name == form.name for kind in rulebook.kinds.values())
    if not second:
        return first in (*_WORK, "customer") or first in form.fields
    if first in ("origin", "each"):
        return second in _WORK or any(second in other.fields for other in rulebook.forms.values())
    of = form.fields[first].of if first in form.fields else first
    kind = rulebook.kinds.get(of)
    return second in words.RECORD_FIELDS.get(of, {}) or (kind is not None and second in kind.form.fields)


def _in_register(rulebook: Rulebook, name: str, value: str) -> bool:
    """Whether there is the register, and the value is a state or an option by which it counts."""
    register = rulebook.registers.get(name)
    if register is None or not value:
        return register is not None
    kinds = [rulebook.kinds[one] for one in register.of if one in rulebook.kinds]
    states = {state for kind in kinds for state in kind.flow.states} if "state" in register.group else set()
    fields = [kind.form.fields.get(one) for kind in kinds for one in register.group]
    return value in states or any(value in field.options for field in fields if field is not None)
