"""The people of an example: every post is held by one person of its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kefu.core.rulebook.model import Post


@dataclass(frozen=True, slots=True)
class Cast:
    """An `Organisation` of one person per post; who is in `away` is not on duty, `others` hold no post.

    Somebody who holds no post has a leader called "leader of X"; a unit nobody leads is led by "leader of X".
    """

    posts: Mapping[str, Post]
    away: frozenset[str] = frozenset()
    others: tuple[str, ...] = ()

    def holders(self, post: str) -> tuple[str, ...]:
        """The holder, and while away those who stand in."""
        if post not in self.posts:
            return ()
        return (post, *self.posts[post].stands_in) if post in self.away else (post,)

    def posts_held(self, person: str) -> tuple[str, ...]:
        return (person,) if person in self.posts else ()

    def holds(self, person: str, post: str) -> bool:
        return person == post

    def leader_of(self, person: str) -> tuple[str, ...]:
        if person not in self.posts:
            return (f"leader of {person}",)
        above = self.posts[person].reports_to
        return (above,) if above else ()

    def leader_of_unit(self, unit: str) -> tuple[str, ...]:
        found = tuple(name for name, post in self.posts.items() if post.leads == unit)
        return found or (f"leader of {unit}",)

    def team_of(self, person: str) -> tuple[str, ...]:
        return tuple(name for name, post in self.posts.items() if post.reports_to == person)

    def line_of(self, person: str, post: str) -> tuple[str, ...]:
        line: list[str] = []
        while (above := self.leader_of(person)) and above[0] not in line:
            person = above[0]
            line.append(person)
            if person == post:
                break
        return tuple(line)

    def members(self, unit: str) -> tuple[str, ...]:
        """The posts whose nearest leader of a unit leads this one, and the unit's own name."""
        return (unit, *(name for name in self.posts if self._unit_of(name) == unit))

    def everyone(self) -> tuple[str, ...]:
        return (*self.posts, *self.others)

    def on_duty(self, person: str) -> bool:
        return person not in self.away

    def _unit_of(self, post: str | None) -> str | None:
        seen: set[str] = set()
        while post and post in self.posts and post not in seen:
            seen.add(post)
            if self.posts[post].leads:
                return self.posts[post].leads
            post = self.posts[post].reports_to
        return None
