"""Typed facts as JSON and back: what `rulebook.model.Facts` may hold survives the ledger unchanged. Pure.

Text, whole numbers, true/false and null stand as they are; every other type is a mapping with one `$` key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from kefu.core.rulebook.model import Ref
from kefu.core.worktime import Amount, parse_amount


def dump(facts: Mapping[str, object]) -> dict[str, Any]:
    """Raises TypeError for a value that is no fact (a float, a naive instant)."""
    return {name: _dump(value) for name, value in facts.items()}


def load(stored: Mapping[str, Any]) -> dict[str, object]:
    return {name: _load(value) for name, value in stored.items()}


def _dump(value: object) -> Any:
    match value:
        case None | str() | bool() | int():
            return value
        case datetime():
            if value.tzinfo is None:
                raise TypeError(f"{value} has no time zone")
            return {"$at": value.astimezone(UTC).isoformat()}
        case date():
            return {"$day": value.isoformat()}
        case Decimal():
            return {"$number": str(value)}
        case Amount():
            return {"$amount": str(value)}
        case Ref():
            return {"$ref": [value.kind, value.id]}
        case tuple():
            return {"$tuple": [_dump(part) for part in value]}
        case list():
            return [_dump(part) for part in value]
        case Mapping():
            return {"$row": {str(name): _dump(part) for name, part in value.items()}}
    raise TypeError(f"{value!r} is no fact")


def _load(value: Any) -> object:
    if isinstance(value, list):
        return [_load(part) for part in value]
    if isinstance(value, dict):
        ((word, content),) = value.items()
        return _READ[word](content)
    return value


_READ: Mapping[str, Callable[[Any], object]] = {
    "$at": datetime.fromisoformat,
    "$day": date.fromisoformat,
    "$number": Decimal,
    "$amount": parse_amount,
    "$ref": lambda pair: Ref(*pair),
    "$tuple": lambda parts: tuple(_load(part) for part in parts),
    "$row": lambda row: {name: _load(part) for name, part in row.items()},
}
