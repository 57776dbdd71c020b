"""Clocks, moves and reactions in plain words: whole rules, one line each part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kefu.core.errors import in_language
from kefu.core.rulebook.model import Clock, Move, Reaction, Text
from kefu.core.rulebook.wording import Wording

_HOLIDAY: Final = {
    "forward": Text(
        "到期日遇休息日顺延至下一个工作日", "A due date on a day off moves to the next working day"
    ),
    "back": Text(
        "到期日遇休息日提前至前一个工作日", "A due date on a day off moves to the working day before"
    ),
}


def clock_lines(words: Wording, clock: Clock) -> tuple[str, ...]:
    """To whom it applies, from when, how long, what keeps it, when it rests and begins again, its steps."""
    return tuple(_clock(words, clock))


def _clock(words: Wording, clock: Clock) -> Iterator[str]:
    def say(zh: str, en: str) -> str:
        return in_language(words.lang, zh, en)

    if clock.when:
        yield say(f"适用：{words.matcher(clock.when)}", f"Applies if {words.matcher(clock.when)}")
    yield say(f"起算：{words.instant(clock.starts)}", f"Starts: {words.instant(clock.starts)}")
    for said in words.branches(clock.due, words.due):
        yield say(f"时限：{said}", f"Time: {said}")
    stops = words.either(_move(words, stop) for stop in clock.stops)
    yield say(f"完成于：{stops}", f"Kept by: {stops}")
    if clock.pauses:
        names = words.either(_state(words, one) for one in clock.pauses)
        yield say(f"暂停计时：{names}", f"Does not run while: {names}")
    for move, field in clock.restarts.items():
        title, agreed = words.field(move), words.field(field)
        yield say(f"{title}后自{agreed}重新计时", f"After “{title}” it starts again from {agreed}")
    if clock.holiday in _HOLIDAY:
        yield _HOLIDAY[clock.holiday].text(words.lang)
    yield from map(words.step, clock.steps)


def move_lines(words: Wording, move: Move) -> tuple[str, ...]:
    """From where to where, by whom, what it fills in, what it needs, what follows."""
    return tuple(_moved(words, move))


def _moved(words: Wording, move: Move) -> Iterator[str]:
    def say(zh: str, en: str) -> str:
        return in_language(words.lang, zh, en)

    yield f"{words.either(_state(words, one) for one in move.from_)} → {_state(words, move.to)}"
    for said in words.branches(move.by, lambda whos: words.either(map(words.who, whos))):
        yield say(f"由：{said}", f"By: {said}")
    if move.fill:
        fields = say("、", ", ").join(map(words.field, move.fill))
        yield say(f"须填写：{fields}", f"Fill in: {fields}")
    for need in move.needs:
        yield say(f"条件：{words.need(need)}", f"Only if {words.need(need)}")
    for effect in move.then:
        yield say(f"随后：{words.effect(effect)}", f"Then: {words.effect(effect)}")


def reaction_lines(words: Wording, reaction: Reaction) -> tuple[str, ...]:
    """After what, if what, and what follows. words: of the kind to which it happens."""
    name, _, event = reaction.after.partition(".")
    kind, happened = words.rulebook.kinds.get(name), words.field(event)
    title = kind.title.text(words.lang) if kind else name
    lines = [in_language(words.lang, f"“{title}”发生“{happened}”之后", f"After “{happened}” of {title}")]
    if reaction.when:
        said = words.matcher(reaction.when)
        lines.append(in_language(words.lang, f"适用：{said}", f"If {said}"))
    return (*lines, *map(words.effect, reaction.do))


def _move(words: Wording, name: str) -> str:
    moves = words.kind.flow.moves if words.kind else {}
    return moves[name].title.text(words.lang) if name in moves else name


def _state(words: Wording, name: str) -> str:
    states = words.kind.flow.states if words.kind else {}
    return states[name].title.text(words.lang) if name in states else name
