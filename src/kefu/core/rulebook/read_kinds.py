"""Kinds of work from their entries: cases, duties, approvals, and forms that somebody fills in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from kefu.core.rulebook import default_flows, scalars, words
from kefu.core.rulebook.entries import Entry, Reading, check_name, items, mapping, one_of, word
from kefu.core.rulebook.expressions import Branch, Instant, Special, Who
from kefu.core.rulebook.mistakes import Wrong, mistake, wrong
from kefu.core.rulebook.model import (
    Attempts,
    Chapter,
    Clock,
    Each,
    Example,
    Flow,
    Form,
    Grades,
    Kind,
    Link,
    Stage,
    Text,
)
from kefu.core.rulebook.read_matcher import branches, matcher, needs, people, whos
from kefu.core.rulebook.read_work import RuleParts, clock, rule, steps
from kefu.core.rulebook.yaml_text import Node
from kefu.core.worktime import Amount, HolidayRule, Recurrence

V = TypeVar("V")
DueOf = Amount | Instant | Recurrence | Special
_PLACES: Final[dict[Chapter, str]] = {
    "cases": "case",
    "duties": "duty",
    "approvals": "approval",
    "forms": "form",
}
_OF_THE_KIND: Final = ("result", "days", "chain")  # of `expect`: not said of the clock `due`


@dataclass(frozen=True, slots=True)
class Shelf:
    """The named parts that kinds refer to."""

    forms: Mapping[str, Form]
    flows: Mapping[str, Flow]
    grades: Mapping[str, Grades]
    holiday: HolidayRule = "forward"  # the calendar's own


def kinds(reading: Reading, shelf: Shelf, top: Mapping[str, Node]) -> dict[str, Kind]:
    """Every kind of all chapters, one name space; a form is one if it says `by`."""
    found: dict[str, Kind] = {}
    for chapter in _PLACES:
        for name, node in mapping(top[chapter]).items() if chapter in top else ():
            if chapter == "forms" and not (name in shelf.forms and "by" in mapping(node)):
                continue
            try:
                check_name(name, node.mark)
                kind = _kind(reading, shelf, chapter, name, node)
            except Wrong as error:
                reading.mistakes.append(error.mistake)
                continue
            if name in found:
                reading.mistakes.append(mistake("rule_twice", kind.mark, name=name, other=found[name].mark))
            found[name] = kind
    return found


def _kind(reading: Reading, shelf: Shelf, chapter: Chapter, name: str, node: Node) -> Kind:
    """Read one kind; a duty's `due` becomes its clock `due`, with the examples of its time."""
    entry = Entry(reading, node, _PLACES[chapter])
    parts = rule(entry, name)
    attempts = entry.get("attempts", lambda inner: _attempts(reading, inner), None)
    own_flow = _flow(reading, shelf, chapter, name, entry)
    if attempts:
        own_flow = default_flows.with_attempts(own_flow, attempts, parts["clauses"])
    clocks = entry.named("clocks", lambda inner, body: clock(reading, inner, body))
    every = entry.get("every", lambda inner: _every(entry, inner), None)
    if every or "due" in entry or "plan" in entry:
        clocks = {"due": _due(reading, entry, parts, own_flow, _due_otherwise(every), shelf.holiday)} | clocks
    parts["examples"] = _examples_of_kind(entry, chapter, parts["examples"])
    return Kind(
        **parts,
        chapter=chapter,
        number=entry.get(
            "number", scalars.number_pattern, name.upper().replace("_", "") + "{yyyymmdd}-{seq:4}"
        ),
        form=shelf.forms[name] if chapter == "forms" else _form(shelf, name, entry, parts["title"]),
        flow=own_flow,
        grades=_grades(shelf, entry),
        clocks=clocks,
        by=entry.get("by", lambda inner: people(reading, inner), ()),
        starts=entry.each("starts", scalars.event),
        needs=needs(reading, entry, name, parts["title"]),
        to_customer=entry.get("to_customer", scalars.text, None) if chapter == "cases" else None,
        every=every,
        each=entry.get("each", lambda inner: _each(reading, inner), None),
        plan=entry.each("plan", lambda inner: _stage(reading, inner)),
        copies=entry.get("copies", lambda inner: _copies(reading, inner), ()),
        attempts=attempts,
        chain=_chain(reading, entry) if chapter == "approvals" else (),
    )


def form_examples(form: Form) -> tuple[Example, ...]:
    """The examples of what a form takes; those of who fills it in belong to its kind."""
    return tuple(example for example in form.examples if "by" not in example.given)


def _examples_of_kind(entry: Entry, chapter: Chapter, given: tuple[Example, ...]) -> tuple[Example, ...]:
    if chapter == "forms":
        return tuple(example for example in given if "by" in example.given)
    if "due" in entry:
        return tuple(example for example in given if set(_OF_THE_KIND) & example.expect.keys())
    return given


# --- when -----------------------------------------------------------------------------------------


def _every(entry: Entry, node: Node) -> Recurrence:
    """The holiday rule said beside it belongs to its day, unless the day is said by `due`."""
    own = "holiday" in entry and "due" not in entry
    return replace(scalars.recurrence(node), holiday=_holiday(entry, "keep") if own else None)


def _holiday(entry: Entry, default: HolidayRule) -> HolidayRule:
    return entry.get("holiday", one_of(tuple(words.HOLIDAY_RULES)), default)  # type: ignore[arg-type]  # one of the words


def _due_otherwise(every: Recurrence | None) -> tuple[Branch[DueOf], ...]:
    """Where no `due` is said: the day that comes round, or what the opening of a series worked out."""
    return (Branch(None, every or Instant("planned")),)


def _due(
    reading: Reading,
    entry: Entry,
    parts: RuleParts,
    own_flow: Flow,
    otherwise: tuple[Branch[DueOf], ...],
    holiday: HolidayRule,
) -> Clock:
    """The clock `due`; `holiday` is the calendar's rule, which a series keeps unless it says another."""
    ends = own_flow.ends()
    said = "due" in entry
    holiday_of_series = _holiday(entry, holiday) if "plan" in entry else "keep"
    return Clock(
        name="due",
        title=Text(f"{parts['title'].zh}时限", f"{parts['title'].en}: due"),
        clauses=parts["clauses"],
        examples=tuple(e for e in parts["examples"] if said and not set(_OF_THE_KIND) & e.expect.keys()),
        mark=entry.keys["due"].mark if said else entry.mark,
        starts=Instant("opened"),
        stops=tuple(name for name, move in own_flow.moves.items() if move.to in ends),
        due=entry.get("due", lambda inner: branches(reading, inner, scalars.due), otherwise),
        holiday=_holiday(entry, "keep") if said else holiday_of_series,
        steps=steps(reading, entry),
    )


def _each(reading: Reading, node: Node) -> Each:
    entry = Entry(reading, node, "each")
    return Each(
        of=entry.need("of", word, ""),
        where=entry.get("where", lambda inner: matcher(reading, inner), None),
    )


def _stage(reading: Reading, node: Node) -> Stage:
    entry = Entry(reading, node, "stage")
    if "every" not in entry:
        raise wrong("key_missing", node.mark, name="every")
    return Stage(scalars.stage_length(entry.keys["every"]), entry.get("times", scalars.whole_number, None))


def _attempts(reading: Reading, node: Node) -> Attempts:
    entry = Entry(reading, node, "attempts")
    return Attempts(
        at_most=entry.need("at_most", scalars.whole_number, 1),
        spacing=entry.get("spacing", scalars.amount, None),
        inside=entry.get("inside", word, ""),
    )


# --- who ------------------------------------------------------------------------------------------


def _copies(reading: Reading, node: Node) -> tuple[tuple[Who, int], ...]:
    return tuple(
        (scalars.who(reading, Node(name, inner.mark)), scalars.whole_number(inner))
        for name, inner in mapping(node).items()
    )


def _chain(reading: Reading, entry: Entry) -> tuple[Branch[tuple[Link, ...]], ...]:
    """Links one after another; an inner list signs together; `none` in a branch: nobody has to agree."""
    if "chain" not in entry:
        reading.mistakes.append(mistake("key_missing", entry.mark, name="chain"))
    found: tuple[Branch[tuple[Link, ...]], ...] = entry.get(
        "chain", lambda inner: branches(reading, inner, lambda value: _links(reading, value)), ()
    )
    if found and not any(branch.value for branch in found):
        reading.mistakes.append(mistake("chain_empty", entry.keys["chain"].mark))
    return found


def _links(reading: Reading, node: Node) -> tuple[Link, ...]:
    return () if node.value == Special.NONE else tuple(whos(reading, item) for item in items(node))


# --- named parts ----------------------------------------------------------------------------------


def _form(shelf: Shelf, name: str, entry: Entry, title: Text) -> Form:
    empty = Form(name=name, title=title, fields={}, mark=entry.mark)
    if "form" not in entry:
        return shelf.forms.get(name, empty)
    return entry.get("form", lambda node: _among(shelf.forms, node, "form_unknown"), empty)


def _flow(reading: Reading, shelf: Shelf, chapter: Chapter, name: str, entry: Entry) -> Flow:
    default = default_flows.DEFAULT[chapter]
    if "flow" in entry:
        return entry.get("flow", lambda node: _among(shelf.flows, node, "flow_unknown"), default)
    if name in shelf.flows:
        return shelf.flows[name]
    if chapter == "cases":
        reading.mistakes.append(mistake("flow_missing", entry.mark, allowed=tuple(shelf.flows), name=name))
    return default


def _grades(shelf: Shelf, entry: Entry) -> Grades | None:
    return entry.get("grades", lambda node: _among(shelf.grades, node, "grades_unknown"), None)


def _among(shelf: Mapping[str, V], node: Node, code: str) -> V:
    name = word(node)
    if name not in shelf:
        raise wrong(code, node.mark, allowed=tuple(shelf), name=name)
    return shelf[name]


def without_kinds_examples(forms: Mapping[str, Form]) -> dict[str, Form]:
    """The forms as rules of their own: without the examples that their kinds took."""
    return {name: replace(form, examples=form_examples(form)) for name, form in forms.items()}
