"""What the rulebook reader shows, put together from one rulebook. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from kefu.core.errors import in_language
from kefu.core.rulebook.expressions import Branch, Who
from kefu.core.rulebook.model import Chapter, Clause, Clock, Field, Kind, Move, Post, Rule, Rulebook
from kefu.core.rulebook.wording import Wording
from kefu.core.rulebook.wording_of_kinds import (
    computed_text,
    form_lines,
    kind_lines,
    path_title,
    register_lines,
)
from kefu.core.rulebook.wording_of_rules import clock_lines, move_lines


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


CHAPTERS: tuple[Chapter, ...] = ("cases", "duties", "approvals", "forms")


def kinds_by_chapter(rulebook: Rulebook) -> list[tuple[Chapter, list[Kind]]]:
    """The kinds of work chapter by chapter; a chapter without any is left out."""
    found = [
        (chapter, [one for one in rulebook.kinds.values() if one.chapter == chapter]) for chapter in CHAPTERS
    ]
    return [(chapter, kinds) for chapter, kinds in found if kinds]


def kind_said(rulebook: Rulebook, kind: Kind, lang: str) -> tuple[str, ...]:
    """When it comes, for whom, who agrees, who gets the paper, what proves it done."""
    return kind_lines(Wording(rulebook, kind, lang), kind)


@dataclass(frozen=True, slots=True)
class FieldSaid:
    """A field of a form: `hints` are what is said of it beside its title."""

    title: str
    hints: tuple[str, ...]


def form_said(rulebook: Rulebook, kind: Kind, lang: str) -> tuple[tuple[str, ...], list[FieldSaid]]:
    """What is said of the form as a whole, and its fields."""
    fields = kind.form.fields
    said = [FieldSaid(field.title.text(lang), _hints(field, fields, lang)) for field in fields.values()]
    return form_lines(Wording(rulebook, kind, lang), kind.form), said


def _hints(field: Field, fields: Mapping[str, Field], lang: str) -> tuple[str, ...]:
    hints = [in_language(lang, "必填", "required")] if field.required else []
    if field.unit:
        hints.append(field.unit)
    if field.computed:
        of = [path_title(path, dict(fields), lang=lang) for path in field.computed.of]
        hints.append(computed_text(field.computed, of, lang))
    if field.options:
        hints.append(" / ".join(option.text(lang) for option in field.options.values()))
    for column in field.fields.values():
        hints.append(column.title.text(lang))
    return tuple(hints)


def registers_said(rulebook: Rulebook, lang: str) -> list[tuple[str, tuple[str, ...]]]:
    """Title and lines of every register."""
    words = Wording(rulebook, None, lang)
    return [(one.title.text(lang), register_lines(words, one)) for one in rulebook.registers.values()]


def clocks_said(rulebook: Rulebook, kind: Kind, lang: str) -> list[Said]:
    words = Wording(rulebook, kind, lang)
    return [Said(one, clock_lines(words, one), clauses(rulebook, one)) for one in kind.clocks.values()]


def moves_said(rulebook: Rulebook, kind: Kind, lang: str) -> list[Said]:
    words = Wording(rulebook, kind, lang)
    return [
        Said(move, move_lines(words, move), clauses(rulebook, move), number)
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
