"""Laying a pack over its parent, by path, before anything is read.

Mappings merge key by key; scalars, lists, branches and examples are replaced whole; `{is: none, note: why}`
removes. A rule that is overridden restates its clause, and what the parent protects stays as it is.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from kefu.core.rulebook.expressions import Special
from kefu.core.rulebook.mistakes import Mistake, mistake
from kefu.core.rulebook.yaml_text import Node

# Keys that hold rules of their own: changing a clock inside a case is not changing the case.
_HOLDS_RULES: Final = frozenset({"clocks", "states", "moves", "fields", "levels"})


def merge(parent: Node, child: Node, protected: Collection[str]) -> tuple[Node, list[Mistake]]:
    """Return `child` laid over `parent` (both: chapter -> rules) and what is wrong with that."""
    mistakes: list[Mistake] = []
    return _merge(parent, child, "", frozenset(protected), mistakes), mistakes


def is_removal(node: Node) -> bool:
    return (
        isinstance(node.value, dict)
        and set(node.value) == {"is", "note"}
        and node.value["is"].value == Special.NONE
    )


def _merge(old: Node, new: Node, path: str, protected: frozenset[str], mistakes: list[Mistake]) -> Node:
    if not (isinstance(old.value, dict) and isinstance(new.value, dict)):
        if path and any(within(path, kept) or within(kept, path) for kept in protected):
            mistakes.append(mistake("protected", new.mark, name=path))
        if new.value == Special.NONE and isinstance(old.value, dict):
            mistakes.append(mistake("removal_without_note", new.mark))
        return new
    if "clause" in old.value and "clause" not in new.value and set(new.value) - _HOLDS_RULES:
        mistakes.append(mistake("override_without_clause", new.mark))
    merged = dict(old.value)
    for name, node in new.value.items():
        inner = f"{path}.{name}" if path else name
        if is_removal(node):
            if any(within(inner, kept) or within(kept, inner) for kept in protected):
                mistakes.append(mistake("protected", node.mark, name=inner))
            if merged.pop(name, None) is None:
                mistakes.append(mistake("removal_of_nothing", node.mark, name=name))
        elif name in merged:
            merged[name] = _merge(merged[name], node, inner, protected, mistakes)
        else:
            if any(within(inner, kept) for kept in protected):
                mistakes.append(mistake("protected", node.mark, name=inner))
            merged[name] = node
    if path == "calendar":  # the first calendar is the department's own, and the department's is the child's
        merged = {name: merged[name] for name in (*new.value, *old.value) if name in merged}
    return Node(merged, new.mark)


def within(path: str, top: str) -> bool:
    return path == top or path.startswith(f"{top}.")
