"""`set` with a path of two steps: a fact of the record that a field of the work names."""

from __future__ import annotations

from collections.abc import Iterator

from kefu.core.rulebook import words
from kefu.core.rulebook.expressions import Mark
from kefu.core.rulebook.fields import Askable, askable
from kefu.core.rulebook.mistakes import Mistake, mistake
from kefu.core.rulebook.model import Kind

_FITS = {"text": ("text", "choice"), "choice": ("choice",), "number": ("number",), "record": ("record",)}


def set_of_record(path: str, value: str, kind: Kind, mark: Mark) -> Iterator[Mistake]:
    """The field must name one record of which rules may set that, to a field of its type or to a value it takes."""
    first, _, second = path.partition(".")
    field = kind.form.fields.get(first)
    settable = words.SETTABLE.get(field.of, {}) if field and field.type == "record" and not field.many else {}
    if second not in settable:
        records = (name for name, one in kind.form.fields.items() if one.of in words.SETTABLE)
        allowed = [f"{name}.{one}" for name in records for one in words.SETTABLE["customer"]]
        yield mistake("set_record", mark, name=path, value=value, allowed=allowed)
        return
    type_, options = settable[second]
    source = askable(kind).get(value)
    if not (_fits(source, type_, options) if source else _may_be(value, type_, options)):
        allowed = list(options) or [name for name, one in askable(kind).items() if _fits(one, type_, options)]
        yield mistake("set_record", mark, name=path, value=value, allowed=allowed)


def _fits(source: Askable, type_: str, options: tuple[str, ...]) -> bool:
    if source.type not in _FITS[type_] or (type_ == "record" and source.of != "person"):
        return False
    return not options or set(source.options) <= set(options)


def _may_be(value: str, type_: str, options: tuple[str, ...]) -> bool:
    return value in options if options else type_ == "text"
