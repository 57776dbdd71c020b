"""Which part of a field's value may stand in the ledger: codes, numbers, instants and ids, never text or a name."""

from __future__ import annotations

from collections.abc import Mapping

from kefu.core.rulebook.model import Field

FILLED = "filled"  # stands for a text: rules may ask whether there is one, the ledger does not keep it
_KEPT = ("number", "choice", "day", "instant", "span", "record", "file")


def for_ledger(fields: Mapping[str, Field], values: Mapping[str, object]) -> dict[str, object]:
    """The values as the ledger keeps them. Names that are no field (owner) are kept as they are."""
    kept: dict[str, object] = {}
    for name, value in values.items():
        field = fields.get(name)
        text = field is not None and field.type not in _KEPT
        kept[name] = FILLED if text and value is not None else value
    return kept
