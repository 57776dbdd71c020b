"""Who-expressions answered at one instant, and whom an escalation reaches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple, Protocol

from kefu.core.rulebook.expressions import Who
from kefu.core.rulebook.match import lookup, several
from kefu.core.rulebook.model import Facts, Post, Ref

CUSTOMER: Final = "customer"  # the id under which the customer of a case asks; ids of people are numbers


class Organisation(Protocol):
    """The organisation as it stands at one instant. Ids are those of `Ref`, in a fixed order."""

    def holders(self, post: str) -> tuple[str, ...]:
        """People who hold the post, then those who stand in for one of them."""

    def posts_held(self, person: str) -> tuple[str, ...]: ...

    def holds(self, person: str, post: str) -> bool:
        """Whether the post is the person's own, not one they stand in for."""

    def leader_of(self, person: str) -> tuple[str, ...]:
        """The next level up; empty at the top."""

    def leader_of_unit(self, unit: str) -> tuple[str, ...]: ...

    def team_of(self, person: str) -> tuple[str, ...]:
        """Direct reports."""

    def line_of(self, person: str, post: str) -> tuple[str, ...]:
        """The leaders up to the first who holds `post`, nearest first."""

    def members(self, unit: str) -> tuple[str, ...]: ...

    def everyone(self) -> tuple[str, ...]: ...

    def on_duty(self, person: str) -> bool: ...


def resolve(who: Who, facts: Facts, organisation: Organisation) -> tuple[str, ...]:
    """Return the ids of the people meant, nobody twice; an empty field or post means nobody.

    A unit stands for its members, except below `leader of`, where it stands for itself.
    """
    match who.word:
        case "post":
            return organisation.holders(who.name)
        case "on duty":
            return tuple(one for one in organisation.holders(who.name) if organisation.on_duty(one))
        case "anyone":
            return organisation.everyone()
        case "customer":
            return (CUSTOMER,)
        case "field":
            return _once(
                person
                for ref in _refs(who, facts)
                for person in (organisation.members(ref.id) if ref.kind == "unit" else (ref.id,))
                if ref.kind in ("person", "unit")
            )
    inner = who.of or Who("field", "owner")
    if who.word == "leader of":
        if inner.word == "field":
            return _once(
                person
                for ref in _refs(inner, facts)
                for person in (
                    organisation.leader_of_unit(ref.id)
                    if ref.kind == "unit"
                    else organisation.leader_of(ref.id)
                )
            )
        return _once(up for one in resolve(inner, facts, organisation) for up in organisation.leader_of(one))
    people = resolve(inner, facts, organisation)
    if who.word == "team of":
        return _once(one for leader in people for one in organisation.team_of(leader))
    return _once(one for person in people for one in organisation.line_of(person, who.name))


class Escalation(NamedTuple):
    """person: who becomes answerable, None where nobody is known. passed_over: the superiors who were not on
    duty, in the order asked. past_top: the line ended below, so the top is told and nobody is added."""

    person: str | None
    passed_over: tuple[str, ...]
    past_top: bool = False


def escalation(who: Who, facts: Facts, organisation: Organisation, posts: Mapping[str, Post]) -> Escalation:
    """Whom `escalate: who` reaches: a holder on duty, else a stand-in who is, else the next level
    up that has one, else the holder anyway.

    posts: the rulebook's, for `stands_in`.
    """
    asked = resolve(who, facts, organisation)
    if not asked and who.word == "leader of" and who.of:
        top = resolve(who.of, facts, organisation)
        return Escalation(top[0] if top else None, (), past_top=True)
    passed: list[str] = []
    level = asked
    while level:
        for one in (*level, *_stand_ins(level, organisation, posts)):
            if organisation.on_duty(one):
                return Escalation(one, tuple(passed))
            if one in level:
                passed.append(one)
        level = _once(up for one in level for up in organisation.leader_of(one) if up not in passed)
    anyway = asked[0] if asked else None
    return Escalation(anyway, tuple(one for one in passed if one != anyway))


def _stand_ins(
    people: tuple[str, ...], organisation: Organisation, posts: Mapping[str, Post]
) -> tuple[str, ...]:
    """Holders of the posts that stand in for a post of `people`."""
    return _once(
        holder
        for person in people
        for post in organisation.posts_held(person)
        if post in posts
        for other in posts[post].stands_in
        for holder in organisation.holders(other)
        if holder not in people
    )


def _refs(who: Who, facts: Facts) -> tuple[Ref, ...]:
    return tuple(value for value in several(lookup(facts, who.name)) if isinstance(value, Ref))


def _once(people: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(people))
