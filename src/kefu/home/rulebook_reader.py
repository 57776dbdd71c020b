"""What the rulebook reader shows, put together from one rulebook. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from kefu.core.rulebook.model import Branch, Clause, Clock, Kind, Move, Post, Rule, Rulebook, Who
from kefu.core.rulebook.wording import Wording


@dataclass(frozen=True, slots=True)
class Does:
    """Something that falls to a post: a move of a kind of work (`move`), or registering it (None)."""

    kind: Kind
    move: Move | None


@dataclass(frozen=True, slots=True)
class PostShown:
    post: Post
    below: tuple[PostShown, ...]
    does: tuple[tuple[Kind, tuple[Does, ...]], ...]
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A clock or a move in plain words, with the clauses that say so; `number` of a move in the picture."""

    rule: Clock | Move
    lines: tuple[str, ...]
    clauses: tuple[Clause, ...]
    number: int = 0


def posts(rulebook: Rulebook) -> tuple[PostShown, ...]:
    """The tree of posts: whoever reports to nobody stands at the top."""

    def below(name: str | None, above: frozenset[str]) -> tuple[PostShown, ...]:
        return tuple(
            PostShown(
                post, below(post.name, above | {post.name}), _does(rulebook, post), clauses(rulebook, post)
            )
            for post in rulebook.posts.values()
            if post.reports_to == name and post.name not in above
        )

    return below(None, frozenset())


def clauses(rulebook: Rulebook, rule: Rule) -> tuple[Clause, ...]:
    return tuple(rulebook.clauses[name] for name in rule.clauses if name in rulebook.clauses)


def chapters(rulebook: Rulebook) -> list[tuple[str, list[tuple[int, Clause]]]]:
    """Clauses by chapter (its Chinese title), in the order of the file, each with its number in the rulebook."""
    found: dict[str, list[tuple[int, Clause]]] = {}
    for place, clause in enumerate(rulebook.clauses.values(), start=1):
        found.setdefault(clause.chapter.zh, []).append((place, clause))
    return list(found.items())


def clocks_said(rulebook: Rulebook, kind: Kind, lang: str) -> list[Said]:
    words = Wording(rulebook, kind, lang)
    return [Said(one, words.clock(one), clauses(rulebook, one)) for one in kind.clocks.values()]


def moves_said(rulebook: Rulebook, kind: Kind, lang: str) -> list[Said]:
    words = Wording(rulebook, kind, lang)
    return [
        Said(move, words.move(move), clauses(rulebook, move), number)
        for number, move in enumerate(kind.flow.moves.values(), start=1)
    ]


def opened_by(rulebook: Rulebook, kind: Kind, lang: str) -> str:
    """Who registers this kind of work, in words; "" when only the rulebook opens it."""
    words = Wording(rulebook, kind, lang)
    return " / ".join(dict.fromkeys(words.who(who) for who in _whos(kind.by)))


def _does(rulebook: Rulebook, post: Post) -> tuple[tuple[Kind, tuple[Does, ...]], ...]:
    """What falls to the post by name, kind by kind."""
    found = []
    for kind in rulebook.kinds.values():
        if any(_is(post, who) for who in _whos(kind.by)):
            found.append(Does(kind, None))
        found += [
            Does(kind, move)
            for move in kind.flow.moves.values()
            if any(_is(post, who) for who in _whos(move.by))
        ]
    grouped = groupby(found, key=lambda does: does.kind)
    return tuple((kind, tuple(group)) for kind, group in grouped)


def _is(post: Post, who: Who) -> bool:
    return who.word in ("post", "on duty") and who.name == post.name


def _whos(branches: Iterable[Branch[tuple[Who, ...]]]) -> list[Who]:
    return [who for branch in branches for who in branch.value]
