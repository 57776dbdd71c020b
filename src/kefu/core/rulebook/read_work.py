"""Flows, clocks and kinds of work from their entries, with the defaults that the vocabulary gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypedDict, TypeVar

from kefu.core.rulebook import scalars, words
from kefu.core.rulebook.entries import Entry, Reading, flag, one_of, pairs, word, words_of
from kefu.core.rulebook.mistakes import mistake, wrong
from kefu.core.rulebook.model import (
    Branch,
    Chapter,
    Clock,
    Effect,
    Example,
    Flow,
    Form,
    Grades,
    Instant,
    Kind,
    Mark,
    Matcher,
    Move,
    State,
    Step,
    Text,
    Who,
)
from kefu.core.rulebook.read_matcher import branches, effect, examples, matcher, needs, people
from kefu.core.rulebook.yaml_text import Node

V = TypeVar("V")
OWNER = Who("field", "owner")
DEFAULT_STEPS = (
    Step(Decimal("0.75"), (Effect("notify", for_=OWNER),)),
    Step(Instant("due"), (Effect("escalate", for_=Who("leader of", of=OWNER)),)),
)
DUTY_FLOW = Flow(
    name="duty",
    title=Text("任务", "duty"),
    states={
        "open": State(name="open", title=Text("待办", "open")),
        "done": State(name="done", title=Text("完成", "done")),
    },
    moves={
        "done": Move(
            name="done",
            title=Text("完成", "done"),
            from_=("open",),
            to="done",
            by=(Branch(None, (OWNER,)),),
        )
    },
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
        steps=_steps(reading, entry),
        to_customer=entry.get("to_customer", scalars.text, None),
    )


def _steps(reading: Reading, entry: Entry) -> tuple[Step, ...]:
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


@dataclass(frozen=True, slots=True)
class Shelf:
    """The named parts that kinds refer to."""

    forms: Mapping[str, Form]
    flows: Mapping[str, Flow]
    grades: Mapping[str, Grades]


def kind(reading: Reading, shelf: Shelf, chapter: Chapter, name: str, node: Node) -> Kind:
    """Read a case or a duty; a duty's `due` becomes its clock `due`, with the examples of its time."""
    entry = Entry(reading, node, "case" if chapter == "cases" else "duty")
    parts = rule(entry, name)
    own_flow = _flow(reading, shelf, chapter, name, entry)
    clocks = entry.named("clocks", lambda inner, body: clock(reading, inner, body))
    if "due" in entry:
        clocks = {"due": _due(reading, entry, parts, own_flow)} | clocks
        parts["examples"] = tuple(e for e in parts["examples"] if "result" in e.expect)
    return Kind(
        **parts,
        chapter=chapter,
        number=entry.get(
            "number", scalars.number_pattern, name.upper().replace("_", "") + "{yyyymmdd}-{seq:4}"
        ),
        form=_form(reading, shelf, name, entry, parts["title"]),
        flow=own_flow,
        grades=_grades(shelf, entry),
        clocks=clocks,
        by=entry.get("by", lambda inner: people(reading, inner), ()),
        starts=entry.each("starts", scalars.event),
        needs=needs(reading, entry, name, parts["title"]),
        to_customer=entry.get("to_customer", scalars.text, None) if chapter == "cases" else None,
    )


def _due(reading: Reading, entry: Entry, parts: RuleParts, own_flow: Flow) -> Clock:
    ends = own_flow.ends()
    stops = tuple(name for name, move in own_flow.moves.items() if move.to in ends)
    return Clock(
        name="due",
        title=Text(f"{parts['title'].zh}时限", f"{parts['title'].en}: due"),
        clauses=parts["clauses"],
        examples=tuple(e for e in parts["examples"] if "result" not in e.expect),
        mark=entry.keys["due"].mark,
        starts=Instant("opened"),
        stops=stops,
        due=entry.get("due", lambda inner: branches(reading, inner, scalars.due), ()),
        holiday=entry.get("holiday", one_of(tuple(words.HOLIDAY_RULES)), "keep"),  # type: ignore[arg-type]  # one of the words
        steps=_steps(reading, entry),
    )


def _form(reading: Reading, shelf: Shelf, name: str, entry: Entry, title: Text) -> Form:
    empty = Form(name=name, title=title, fields={}, mark=entry.mark)
    if "form" not in entry:
        return shelf.forms.get(name, empty)
    return entry.get("form", lambda node: _among(shelf.forms, node, "form_unknown"), empty)


def _flow(reading: Reading, shelf: Shelf, chapter: Chapter, name: str, entry: Entry) -> Flow:
    if "flow" in entry:
        return entry.get("flow", lambda node: _among(shelf.flows, node, "flow_unknown"), DUTY_FLOW)
    if name in shelf.flows:
        return shelf.flows[name]
    if chapter == "cases":
        reading.mistakes.append(mistake("flow_missing", entry.mark, allowed=tuple(shelf.flows), name=name))
    return DUTY_FLOW


def _grades(shelf: Shelf, entry: Entry) -> Grades | None:
    return entry.get("grades", lambda node: _among(shelf.grades, node, "grades_unknown"), None)


def _among(shelf: Mapping[str, V], node: Node, code: str) -> V:
    name = word(node)
    if name not in shelf:
        raise wrong(code, node.mark, allowed=tuple(shelf), name=name)
    return shelf[name]
