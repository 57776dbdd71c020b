"""Reading a mapping key by key: unknown keys, missing keys and wrong values become collected mistakes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from kefu.core.errors import Refused
from kefu.core.rulebook import words
from kefu.core.rulebook.expressions import Mark
from kefu.core.rulebook.mistakes import Mistake, Wrong, mistake, short, wrong
from kefu.core.rulebook.yaml_text import Node

V = TypeVar("V")
Fallback = TypeVar("Fallback")
_NOTHING: dict[str, Node] = {}
_NAME = re.compile(r"[a-z0-9][a-z0-9_]*")


@dataclass(slots=True)
class Reading:
    """One pack being read: what was found wrong so far and the names that decide how a word is understood.

    posts: names of all posts. people: names of fields that hold a person or a unit in some form.
    """

    posts: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    mistakes: list[Mistake] = field(default_factory=list)

    def attempt(self, read: Callable[[Node], V], node: Node, fallback: Fallback) -> V | Fallback:
        """Return what `read` makes of `node`; a value that is wrong is noted and `fallback` stands in.

        The fallback never leaves the reading: a pack with one mistake is refused.
        """
        try:
            return read(node)
        except Wrong as found:
            self.mistakes.append(found.mistake)
            return fallback


class Entry:
    """A mapping that stands at `place` of `words.KEYS`."""

    def __init__(self, reading: Reading, node: Node, place: str) -> None:
        self.reading = reading
        self.mark = node.mark
        self.place = place
        self.keys = mapping(node)
        allowed = words.KEYS[place]
        for name, inner in self.keys.items():
            if name not in allowed:
                reading.mistakes.append(mistake("key_unknown", inner.mark, allowed=tuple(allowed), name=name))

    def __contains__(self, key: str) -> bool:
        return key in self.keys

    def get(self, key: str, read: Callable[[Node], V], default: Fallback) -> V | Fallback:
        """Return the value of `key`, or `default` where it is not given."""
        node = self.keys.get(key)
        return default if node is None else self.reading.attempt(read, node, default)

    def need(self, key: str, read: Callable[[Node], V], fallback: Fallback) -> V | Fallback:
        """Return the value of `key`, which must be given."""
        if key not in self.keys:
            self.reading.mistakes.append(mistake("key_missing", self.mark, name=key))
        return self.get(key, read, fallback)

    def named(self, key: str, read: Callable[[str, Node], V]) -> dict[str, V]:
        """Return the named things under `key`, each read alone so that one mistake hides no other."""
        found: dict[str, V] = {}
        for name, node in self.get(key, mapping, _NOTHING).items():
            try:
                check_name(name, node.mark)
                found[name] = read(name, node)
            except Wrong as error:
                self.reading.mistakes.append(error.mistake)
        return found

    def each(self, key: str, read: Callable[[Node], V]) -> tuple[V, ...]:
        """Return the items of the list under `key`; a single value is a list of one."""
        found: list[V] = []
        for node in self.get(key, items, ()):
            try:
                found.append(read(node))
            except Wrong as error:
                self.reading.mistakes.append(error.mistake)
        return tuple(found)


def mapping(node: Node) -> dict[str, Node]:
    if not isinstance(node.value, dict):
        raise wrong("not_a_mapping", node.mark)
    return node.value


def items(node: Node) -> tuple[Node, ...]:
    """Return the nodes of a list; a single value counts as a list of one."""
    if not isinstance(node.value, list):
        return (node,)
    if not node.value:
        raise wrong("list_empty", node.mark)
    return tuple(node.value)


def word(node: Node) -> str:
    """Return the text of a node that must have some."""
    if not isinstance(node.value, str):
        raise wrong("not_a_text", node.mark)
    if not node.value.strip():
        raise wrong("empty", node.mark)
    return node.value.strip()


def words_of(node: Node) -> tuple[str, ...]:
    return tuple(word(item) for item in items(node))


def one_of(allowed: Sequence[str]) -> Callable[[Node], str]:
    def read(node: Node) -> str:
        value = word(node)
        if value not in allowed:
            raise wrong("word_unknown", node.mark, allowed=allowed, value=value)
        return value

    return read


def some_of(allowed: Sequence[str]) -> Callable[[Node], tuple[str, ...]]:
    read = one_of(allowed)
    return lambda node: tuple(read(item) for item in items(node))


def flag(node: Node) -> bool:
    return one_of(("true", "false"))(node) == "true"


def check_name(name: str, mark: Mark) -> None:
    if not _NAME.fullmatch(name):
        raise wrong("name_form", mark, name=name)


def reason(error: Refused, mark: Mark, code: str, value: str) -> Wrong:
    """Turn a refusal of a library below into a mistake in the file, keeping its sentences."""
    found = mistake(code, mark, value=value, problem="")
    zh, en = found.zh.removesuffix("："), found.en.removesuffix(": ")
    return Wrong(Mistake(code, mark, f"{zh}：{short(error.zh)}", f"{en}: {short(error.en)}"))


def pairs(node: Node) -> Iterator[tuple[str, str]]:
    """Yield (key, text) of a mapping of texts."""
    for name, inner in mapping(node).items():
        yield name, word(inner)
