"""Whose a duty is when it opens: one person's, or a post's until somebody takes it."""

from __future__ import annotations

from typing import NamedTuple

from kefu.core.flow.moves import chosen
from kefu.core.rulebook.expressions import Who
from kefu.core.rulebook.model import Facts, Kind, Rulebook
from kefu.core.rulebook.who import Organisation, resolve


class Holder(NamedTuple):
    """people: all who are meant, in order; the only one owns the duty, several share it through their post."""

    owner: int | None
    post: str
    people: tuple[int, ...]


def holder(who: Who | None, facts: Facts, here: Organisation) -> Holder:
    """Several people meant by no post: the first of them has it."""
    people = tuple(int(one) for one in resolve(who, facts, here)) if who else ()
    post = who.name if who is not None and who.word in ("post", "on duty") else ""
    owner = people[0] if len(people) == 1 or (people and not post) else None
    return Holder(owner, post, people)


def named(kind: Kind, facts: Facts, rulebook: Rulebook) -> Who | None:
    """Whom the kind names for a duty with these facts."""
    found = chosen(kind.by, facts, rulebook.calendar, lambda count, asked: 0)
    return found[0] if found else None
