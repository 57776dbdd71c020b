"""Where a rule stands in a rulebook: a key that finds it again after the rule was changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from kefu.core.rulebook.model import Rule, Rulebook


class Place(NamedTuple):
    """chapter, name, and for what stands inside: part ("clocks", "moves", "levels", "fields") and its
    name.
    """

    chapter: str
    name: str
    part: str = ""
    inner: str = ""

    def __str__(self) -> str:
        return ".".join(word for word in self if word)

    @property
    def outer(self) -> Place:
        """The rule this one stands in; itself at the top."""
        return Place(self.chapter, self.name)


CHAPTERS = {
    "cases": "kinds",
    "duties": "kinds",
    "approvals": "kinds",
    "documents": "kinds",  # forms that somebody fills in
    "flows": "flows",
    "grades": "grades",
    "reactions": "reactions",
    "posts": "posts",
    "forms": "forms",
    "registers": "registers",
}
PARTS = {
    "cases": "clocks",
    "duties": "clocks",
    "approvals": "clocks",
    "documents": "clocks",
    "flows": "moves",
    "grades": "levels",
    "forms": "fields",
}
_CHAPTER_OF_KINDS = {"documents": "forms"}


def rules(rulebook: Rulebook) -> Iterator[tuple[Place, Rule]]:
    """Every rule with its place, outer rules before the ones inside them."""
    for chapter, shelf in CHAPTERS.items():
        for name, rule in getattr(rulebook, shelf).items():
            if shelf == "kinds" and rule.chapter != _CHAPTER_OF_KINDS.get(chapter, chapter):
                continue
            yield Place(chapter, name), rule
            part = PARTS.get(chapter, "")
            for inner, found in getattr(rule, part).items() if part else ():
                if (
                    found.mark != rule.mark
                ):  # else it only follows from the outer one, as the clock of `every`
                    yield Place(chapter, name, part, inner), found


def find(rulebook: Rulebook, place: Place) -> Rule | None:
    """The rule at `place`, None where this rulebook has none."""
    rule = getattr(rulebook, CHAPTERS[place.chapter]).get(place.name)
    return getattr(rule, place.part).get(place.inner) if rule is not None and place.part else rule


def put(rulebook: Rulebook, place: Place, rule: Rule) -> Rulebook:
    """A copy of the rulebook with `rule` at `place`."""
    shelf = CHAPTERS[place.chapter]
    rules_of = getattr(rulebook, shelf)
    if place.part:
        outer = rules_of[place.name]
        rule = replace(outer, **{place.part: {**getattr(outer, place.part), place.inner: rule}})
    changed: dict[str, Any] = {shelf: {**rules_of, place.name: rule}}
    return replace(rulebook, **changed)
