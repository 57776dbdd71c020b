"""Flows and clocks from their entries, with the defaults that the vocabulary gives them."""

from __future__ import annotations

from decimal import Decimal
from typing import TypedDict

from kefu.core.rulebook import scalars, words
from kefu.core.rulebook.default_flows import OWNER
from kefu.core.rulebook.entries import Entry, Reading, flag, one_of, pairs, word, words_of
from kefu.core.rulebook.expressions import Effect, Instant, Mark, Matcher, Who
from kefu.core.rulebook.mistakes import mistake, wrong
from kefu.core.rulebook.model import Clock, Example, Flow, Move, State, Step, Text
from kefu.core.rulebook.read_matcher import branches, effect, examples, matcher, needs, people
from kefu.core.rulebook.yaml_text import Node

DEFAULT_STEPS = (
    Step(Decimal("0.75"), (Effect("notify", for_=OWNER),)),
    Step(Instant("due"), (Effect("escalate", for_=Who("leader of", of=OWNER)),)),
)


class RuleParts(TypedDict):
    """What every rule carries, as keyword arguments of the model."""

    name: str
    title: Text
    clauses: tuple[str, ...]
    note: str
    when: Matcher | None
    examples: tuple[Example, ...]
    mark: Mark


def rule(entry: Entry, name: str, *, titled: bool = True) -> RuleParts:
    """Read the common keys; a rule that people never see by name may leave its title out."""
    untitled = Text(name.replace("_", " "), name.replace("_", " "))
    title = (
        entry.need("title", scalars.text, untitled) if titled else entry.get("title", scalars.text, untitled)
    )
    return {
        "name": name,
        "title": title,
        "clauses": entry.get("clause", words_of, ()),
        "note": entry.get("note", word, ""),
        "when": entry.get("when", lambda node: matcher(entry.reading, node), None),
        "examples": examples(entry),
        "mark": entry.mark,
    }


def flow(reading: Reading, name: str, node: Node) -> Flow:
    entry = Entry(reading, node, "flow")
    states = entry.named("states", lambda state, inner: _state(reading, state, inner))
    for key in ("states", "moves"):
        if key not in entry:
            raise wrong("key_missing", node.mark, name=key)
    if not states:
        raise wrong("list_empty", node.mark)
    return Flow(
        **rule(entry, name, titled=False),
        states=states,
        moves=entry.named("moves", lambda move, inner: _move(reading, move, inner)),
        moves_to=dict(entry.get("moves_to", lambda inner: tuple(pairs(inner)), ())),
    )


def _state(reading: Reading, name: str, node: Node) -> State:
    entry = Entry(reading, node, "state")
    return State(
        name=name,
        title=entry.need("title", scalars.text, Text(name, name)),
        over=entry.get("over", flag, False),
        rating=entry.get("rating", flag, False),
        to_customer=entry.get("to_customer", scalars.text, None),
    )


def _move(reading: Reading, name: str, node: Node) -> Move:
    entry = Entry(reading, node, "move")
    parts = rule(entry, name)
    return Move(
        **parts,
        from_=entry.need("from", words_of, ()),
        to=entry.need("to", word, ""),
        by=entry.need("by", lambda inner: people(reading, inner), ()),
        fill=entry.get("fill", words_of, ()),
        needs=needs(reading, entry, name, parts["title"]),
        then=entry.each("then", lambda inner: effect(reading, inner)),
        to_customer=entry.get("to_customer", scalars.text, None),
    )


def clock(reading: Reading, name: str, node: Node) -> Clock:
    entry = Entry(reading, node, "clock")
    return Clock(
        **rule(entry, name),
        starts=entry.need("starts", scalars.instant, Instant("opened")),
        stops=entry.need("stops", words_of, ()),
        due=entry.need("due", lambda inner: branches(reading, inner, scalars.due), ()),
        pauses=entry.get("pauses", words_of, ()),
        restarts=dict(entry.get("restarts", lambda inner: tuple(pairs(inner)), ())),
        holiday=entry.get("holiday", one_of(tuple(words.HOLIDAY_RULES)), "keep"),  # type: ignore[arg-type]  # one of the words
        steps=steps(reading, entry),
        to_customer=entry.get("to_customer", scalars.text, None),
    )


def steps(reading: Reading, entry: Entry) -> tuple[Step, ...]:
    """The steps in the order of the file, or the default ones."""
    return entry.each("steps", lambda node: _step(reading, node)) if "steps" in entry else DEFAULT_STEPS


def _step(reading: Reading, node: Node) -> Step:
    entry = Entry(reading, node, "step")
    return Step(
        at=entry.need("at", _step_at, Decimal(1)),
        do=_effects(reading, entry),
    )


def _effects(reading: Reading, entry: Entry) -> tuple[Effect, ...]:
    if "do" not in entry:
        reading.mistakes.append(mistake("key_missing", entry.mark, name="do"))
    return entry.each("do", lambda node: effect(reading, node))


def _step_at(node: Node) -> Decimal | Instant:
    value = word(node)
    share = scalars.share(value)
    if share is not None:
        return share
    at = scalars.instant(node)
    if at.anchor != "due" or at.edge or at.at or at.end_of_day:
        raise wrong("instant_form", node.mark, allowed=("75%", "due", "2 hours before due"), value=value)
    return at
