"""Who has to agree: the chain of an approval, resolved to people at one instant."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Literal, NamedTuple

from kefu.core.rulebook.expressions import Who
from kefu.core.rulebook.match import Records, holds
from kefu.core.rulebook.model import Facts, Kind, Post
from kefu.core.rulebook.who import Organisation, resolve
from kefu.core.worktime import Calendar


class Slot(NamedTuple):
    """One signature: any of `people` gives it; nobody is left to ask where there are none.

    instead: why not those whom `who` names. "applicant": who asks does not agree for themselves, "vacant": nobody
    holds the post; the next level up stands here.
    """

    who: Who
    people: tuple[str, ...]
    instead: Literal["", "applicant", "vacant"] = ""


Links = tuple[tuple[Slot, ...], ...]  # one after another, the slots of a link in any order


def links(
    kind: Kind,
    facts: Facts,
    applicant: str,
    organisation: Organisation,
    posts: Mapping[str, Post],
    *,
    calendar: Calendar,
    records: Records,
) -> Links:
    """The chain for what is asked in `facts` by `applicant` (an id), as the organisation stands."""
    resolving = _Resolving(facts, applicant, organisation, posts)
    for branch in kind.chain:
        if branch.when is None or holds(branch.when, facts, calendar=calendar, records=records).ok:
            return tuple(found for link in branch.value for found in resolving.link(link))
    return ()


def open_slots(chain: Links, signed: Collection[str]) -> tuple[Slot, ...]:
    """The signatures whose turn it is, () when all have agreed. Who signed is not asked again further on."""
    for link in chain:
        missing = tuple(slot for slot in link if not set(slot.people) & set(signed))
        if missing:
            return missing
    return ()


class _Resolving(NamedTuple):
    facts: Facts
    applicant: str
    organisation: Organisation
    posts: Mapping[str, Post]

    def link(self, whos: tuple[Who, ...]) -> Iterator[tuple[Slot, ...]]:
        """One link; a line alone in it is a link for each level."""
        if len(whos) == 1 and whos[0].word == "line of":
            for level in self._levels(whos[0]):
                yield (self._slot(whos[0], level),)
            return
        yield tuple(self._slot(who, resolve(who, self.facts, self.organisation)) for who in whos)

    def _levels(self, line: Who) -> Iterator[tuple[str, ...]]:
        """The leaders level by level, up to the first level at which somebody holds the post."""
        level = resolve(line.of, self.facts, self.organisation) if line.of else ()
        seen = set(level)
        while level := tuple(
            dict.fromkeys(up for one in level for up in self.organisation.leader_of(one) if up not in seen)
        ):
            seen.update(level)
            yield level
            if any(line.name in self.organisation.posts_held(one) for one in level):
                return

    def _slot(self, who: Who, people: tuple[str, ...]) -> Slot:
        if self.applicant in people:
            others = tuple(one for one in people if one != self.applicant)
            of_post = who.word in ("post", "on duty")
            if of_post and not self.organisation.holds(self.applicant, who.name):
                return Slot(who, others)  # whoever only stands in leaves it to those who hold the post
            return Slot(who, self.organisation.leader_of(self.applicant), "applicant")
        if not people and who.word == "post":
            return Slot(who, self._above(who.name), "vacant")
        return Slot(who, people)

    def _above(self, post: str) -> tuple[str, ...]:
        """The holders of the nearest post up the line that somebody else holds."""
        seen: set[str] = set()
        above = self.posts[post].reports_to if post in self.posts else None
        while above and above not in seen:
            seen.add(above)
            held = tuple(one for one in self.organisation.holders(above) if one != self.applicant)
            if held:
                return held
            above = self.posts[above].reports_to if above in self.posts else None
        return ()
