"""YAML text to a plain tree with marks; nothing is resolved and nothing is built.

Only parser events are used, never a constructor: a scalar stays the text that was written, and reading
stops at the first event beyond the limits, so that hostile text costs no more than honest text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import yaml

from kefu.core.rulebook.expressions import Mark
from kefu.core.rulebook.mistakes import Wrong, wrong

MAX_BYTES: Final = 1_000_000
MAX_VALUES: Final = 50_000
MAX_DEPTH: Final = 20
LONGEST_KEY: Final = 200
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the tree: text, a list of nodes or a mapping of text to nodes, in the order of the file."""

    value: str | list[Node] | dict[str, Node]
    mark: Mark


Plain = str | list["Plain"] | dict[str, "Plain"]


def parse(data: bytes, file: str) -> Node:
    """Return the one mapping that `data` holds; an empty file is an empty mapping.

    Raises `Wrong` with file and line for everything that is not plain YAML within the limits.
    """
    start = Mark(file, 1, "")
    if len(data) > MAX_BYTES:
        raise wrong("yaml_too_large", start, limit=MAX_BYTES)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise wrong("yaml_not_utf8", start) from error
    try:
        return _Tree(file, yaml.parse(text, Loader=_LOADER)).root()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise wrong("yaml_syntax", Mark(file, line, ""), problem=error.problem or "?") from error
    except yaml.YAMLError as error:  # a character that YAML does not allow
        raise wrong("yaml_syntax", start, problem=str(error).splitlines()[0]) from error


class _Tree:
    """Builds nodes from events with a depth that never exceeds `MAX_DEPTH`."""

    def __init__(self, file: str, events: Iterator[yaml.Event]) -> None:
        self.file = file
        self.events = events
        self.values = 0

    def root(self) -> Node:
        top: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent | yaml.DocumentEndEvent | yaml.StreamStartEvent):
                continue
            if isinstance(event, yaml.StreamEndEvent):
                break
            if top is not None:
                raise wrong("yaml_documents", self._mark(event, ""))
            top = self._node(event, "", 1, None)
        if top is None or top.value == "":
            return Node({}, Mark(self.file, 1, ""))
        if not isinstance(top.value, dict):
            raise wrong("not_a_mapping", top.mark)
        return top

    def _mark(self, event: yaml.Event, key: str) -> Mark:
        return Mark(self.file, event.start_mark.line + 1 if event.start_mark else 1, key)

    def _node(self, event: yaml.Event, key: str, depth: int, line: int | None) -> Node:
        """Return the node that starts at `event`; `line` is the line of its key, if it has one."""
        mark = Mark(self.file, line, key) if line else self._mark(event, key)
        self.values += 1
        if self.values > MAX_VALUES:
            raise wrong("yaml_too_many", mark, limit=MAX_VALUES)
        if isinstance(event, yaml.AliasEvent):
            raise wrong("yaml_alias", mark, name=event.anchor)
        if anchor := getattr(event, "anchor", None):
            raise wrong("yaml_anchor", mark, name=anchor)
        if tag := getattr(event, "tag", None):
            raise wrong("yaml_tag", mark, tag=tag)
        if isinstance(event, yaml.ScalarEvent):
            return Node(str(event.value), mark)
        if depth > MAX_DEPTH:
            raise wrong("yaml_too_deep", mark, limit=MAX_DEPTH)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(self._items(key, depth), mark)
        return Node(self._entries(key, depth), mark)

    def _items(self, key: str, depth: int) -> list[Node]:
        items: list[Node] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._node(event, f"{key}[{len(items)}]", depth + 1, None))
        return items

    def _entries(self, key: str, depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            name = self._node(event, key, depth + 1, None)
            if not isinstance(name.value, str) or not 0 < len(name.value) <= LONGEST_KEY:
                raise wrong("yaml_key", name.mark)
            if name.value == "<<":
                raise wrong("yaml_merge", name.mark)
            if name.value in entries:
                raise wrong("key_twice", name.mark, name=name.value)
            inner = f"{key}.{name.value}" if key else name.value
            entries[name.value] = self._node(next(self.events), inner, depth + 1, name.mark.line)
        return entries


def plain(node: Node) -> Plain:
    """Return the tree without its marks, as it is hashed and stored."""
    if isinstance(node.value, str):
        return node.value
    if isinstance(node.value, list):
        return [plain(item) for item in node.value]
    return {name: plain(item) for name, item in node.value.items()}


def marked(tree: Plain, file: str, key: str = "") -> Node:
    """Return `tree` (from JSON) as nodes whose marks say the path, since there is no line to say.

    Raises `Wrong` for a value that is not text, list or mapping.
    """
    mark = Mark(file, 0, key)
    if isinstance(tree, str):
        return Node(tree, mark)
    if isinstance(tree, list):
        return Node([marked(item, file, f"{key}[{i}]") for i, item in enumerate(tree)], mark)
    if isinstance(tree, dict):
        return Node(
            {name: marked(item, file, f"{key}.{name}" if key else name) for name, item in tree.items()}, mark
        )
    raise wrong("not_a_text", mark)


__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_VALUES", "Node", "Plain", "Wrong", "marked", "parse", "plain"]
