"""Fields that follow from others by a closed list of functions. The server computes them; nobody has to type them,
and who does must not contradict it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from kefu.core.rulebook.model import Computed, Field

_CENT = Decimal("0.01")  # what cannot be written out in full is rounded to it
_DEEPEST = 10  # fields that rest on one another; a rulebook in which one rests on itself is refused


def follow(fields: Mapping[str, Field], values: Mapping[str, object]) -> dict[str, object]:
    """`values` (typed) with every computed field and every computed cell of rows as it follows from the others; None
    where too little is filled in. A column may rest on fields around its rows, a field on a column, and so on."""
    found = dict(values)
    for _ in range(_DEEPEST):
        before = found
        found = before | {
            name: [line | _results(field.fields, {**before, **line}) for line in lines]
            for name, field in fields.items()
            if isinstance(lines := before.get(name), list) and _is_computed(field)
        }
        found |= _results(fields, found)
        if found == before:
            break
    return found


def _is_computed(rows: Field) -> bool:
    return any(column.computed is not None for column in rows.fields.values())


def _results(fields: Mapping[str, Field], values: Mapping[str, object]) -> dict[str, object]:
    return {name: _result(one.computed, values) for name, one in fields.items() if one.computed is not None}


def _result(how: Computed, values: Mapping[str, object]) -> Decimal | None:
    return _HOW[how.how]([_numbers(path, values, counting=how.how == "count") for path in how.of])


def _numbers(path: str, values: Mapping[str, object], *, counting: bool) -> list[Decimal]:
    """What stands at a path: one number, those of a column, or (counting) a 1 for everything that stands there."""
    name, _, column = path.partition(".")
    value = values.get(name)
    several: Sequence[object] = value if isinstance(value, list) else [value]
    if column:
        several = [row.get(column) for row in several if isinstance(row, Mapping)]
    if counting:
        return [Decimal(1) for one in several if one not in (None, "")]
    return [one for one in several if isinstance(one, Decimal)]


Parts = list[list[Decimal]]


def _sum(parts: Parts) -> Decimal | None:
    every = [number for part in parts for number in part]
    return sum(every, Decimal(0)) if every else None


def _difference(parts: Parts) -> Decimal | None:
    """The first less all others; what is not filled in takes nothing away."""
    return sum(parts[0], Decimal(0)) - (_sum(parts[1:]) or 0) if parts[0] else None


def _product(parts: Parts) -> Decimal | None:
    if not all(parts):
        return None
    product = Decimal(1)
    for part in parts:
        for number in part:
            product *= number
    return product


def _count(parts: Parts) -> Decimal:
    return Decimal(sum(len(part) for part in parts))


def _average(parts: Parts) -> Decimal | None:
    total, number = _sum(parts), _count(parts)
    return None if total is None else _rounded(total / number)


def _share(parts: Parts) -> Decimal | None:
    """The first of the second in percent."""
    one, whole = _sum(parts[:1]), _sum(parts[1:])
    return None if one is None or not whole else _rounded(one * 100 / whole)


def _rounded(number: Decimal) -> Decimal:
    return number.quantize(_CENT, ROUND_HALF_UP)


_HOW: Mapping[str, Callable[[Parts], Decimal | None]] = {
    "sum": _sum,
    "difference": _difference,
    "product": _product,
    "count": _count,
    "average": _average,
    "share": _share,
}
