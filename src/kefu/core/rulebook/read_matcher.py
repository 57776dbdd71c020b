"""Matchers, counts, branches, needs, effects and examples: the parts that many chapters share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from kefu.core.rulebook import scalars, words
from kefu.core.rulebook.entries import Entry, Reading, flag, items, mapping, one_of, pairs, word, words_of
from kefu.core.rulebook.expressions import Branch, Count, Effect, Matcher, Share, Special, Test, Who
from kefu.core.rulebook.mistakes import mistake, wrong
from kefu.core.rulebook.model import Example, Need, Text
from kefu.core.rulebook.yaml_text import Node, plain

V = TypeVar("V")


def matcher(reading: Reading, node: Node) -> Matcher:
    """A mapping asks all of its tests; a list of mappings any of them."""
    alternatives = tuple(_all_of(reading, item) for item in items(node))
    return Matcher(alternatives, node.mark)


def _all_of(reading: Reading, node: Node) -> tuple[Test, ...]:
    tests: list[Test] = []
    for path, operand in mapping(node).items():
        if path == "count":
            tests.append(Test("count", "count", count(reading, operand)))
        else:
            tests += _tests(reading, scalars.path(path, operand.mark), operand)
    if not tests:
        raise wrong("matcher_empty", node.mark)
    return tuple(tests)


def _tests(reading: Reading, path: str, node: Node) -> list[Test]:
    """The tests that one field's operand asks: a value, a list of values, or a mapping of operators."""
    if not isinstance(node.value, dict):
        if node.value == Special.ANY:
            return [Test(path, "any")]
        if node.value == Special.NONE:
            return [Test(path, "none")]
        return [Test(path, "is", tuple(_value(reading, path, item) for item in items(node)))]
    if not node.value:
        raise wrong("matcher_empty", node.mark)
    return [test for name, operand in node.value.items() for test in _operator(reading, path, name, operand)]


def _operator(reading: Reading, path: str, name: str, node: Node) -> list[Test]:
    match name:
        case "not":
            inner = _tests(reading, path, node)
            if len(inner) != 1:
                raise wrong("matcher_empty", node.mark)
            return [Test(path, "not", inner[0])]
        case "at_least" | "at_most":
            return [Test(path, name, scalars.bound(node))]
        case "same_as":
            return [Test(path, "same_as", scalars.path(word(node), node.mark))]
        case "inside":
            return [Test(path, "inside", word(node))]
    allowed = [known for known in words.OPERATORS if known not in ("is", "any", "none", "count")]
    raise wrong("key_unknown", node.mark, allowed=allowed, name=name)


def _value(reading: Reading, path: str, node: Node) -> str | Who:
    """On a field that holds a person a value is a who-expression, elsewhere an option or literal."""
    value = word(node)
    holds_person = path in reading.people
    if scalars.is_who_phrase(value) or (holds_person and (value in reading.posts or value in reading.people)):
        return scalars.who(reading, node)
    return value


def count(reading: Reading, node: Node) -> Count:
    entry = Entry(reading, node, "count")
    if not {"at_least", "at_most", "target"} & entry.keys.keys():
        raise wrong("count_without_bound", node.mark, allowed=("at_least", "at_most", "target"))
    found = Count(
        of=entry.need("of", word, ""),
        where=entry.get("where", lambda inner: matcher(reading, inner), None),
        same=entry.get("same", words_of, ()),
        at_least=entry.get("at_least", scalars.bound_of_count, None),
        at_most=entry.get("at_most", scalars.bound_of_count, None),
        target=entry.get("target", scalars.bound_of_count, None),
        during=entry.get("during", one_of(words.PERIODS), ""),
        among=entry.get("among", lambda inner: matcher(reading, inner), None),
    )
    shares = any(isinstance(bound, Share) for bound in (found.at_least, found.at_most, found.target))
    if shares and found.where is None:
        raise wrong("share_of_all", node.mark)
    if found.among is not None and not shares:
        raise wrong("among_without_share", node.mark)
    return found


def branches(reading: Reading, node: Node, read: Callable[[Node], V]) -> tuple[Branch[V], ...]:
    """One value, or a list of `{when, is}` whose last has no `when`."""
    listed = node.value if isinstance(node.value, list) else []
    if not (listed and isinstance(listed[0].value, dict)):
        return (Branch(None, read(node)),)
    found: list[Branch[V]] = []
    for item in listed:
        if found and found[-1].when is None:
            raise wrong("branch_never", item.mark)
        entry = Entry(reading, item, "branch")
        if "is" not in entry:
            raise wrong("key_missing", item.mark, name="is")
        found.append(
            Branch(entry.get("when", lambda inner: matcher(reading, inner), None), read(entry.keys["is"]))
        )
    if found[-1].when is not None:
        raise wrong("branch_open_end", listed[-1].mark)
    return tuple(found)


def people(reading: Reading, node: Node) -> tuple[Branch[tuple[Who, ...]], ...]:
    """Who⑂: one or several who-expressions, or branches of them."""
    return branches(reading, node, lambda inner: whos(reading, inner))


def whos(reading: Reading, node: Node) -> tuple[Who, ...]:
    return tuple(scalars.who(reading, item) for item in items(node))


def needs(reading: Reading, entry: Entry, owner: str, title: Text) -> tuple[Need, ...]:
    """The needs of `entry`, named by their place: `closed.needs[1]`."""
    found: list[Need] = []
    for node in entry.get("needs", items, ()):
        need = Entry(reading, node, "need")
        if "that" not in need:
            reading.mistakes.append(mistake("key_missing", node.mark, name="that"))
            continue
        found.append(
            Need(
                name=f"{owner}.needs[{len(found)}]",
                title=need.get("say", scalars.text, title),
                clauses=need.get("clause", words_of, ()),
                note=need.get("note", word, ""),
                when=need.get("when", lambda inner: matcher(reading, inner), None),
                mark=node.mark,
                that=need.need("that", lambda inner: matcher(reading, inner), Matcher(())),
                soft=need.get("soft", flag, False),
                say=need.get("say", scalars.text, None),
            )
        )
    return tuple(found)


def effect(reading: Reading, node: Node) -> Effect:
    """One effect: exactly one verb; `for` and `with` go with `open`, `way` goes with `assign`."""
    entry = Entry(reading, node, "effect")
    verbs = [name for name in entry.keys if name in words.EFFECTS]
    if len(verbs) != 1:
        raise wrong("effect_one_word", node.mark, allowed=words.EFFECTS)
    verb = verbs[0]
    for name, only in (("for", "open"), ("with", "open"), ("way", "assign")):
        if name in entry and verb != only:
            raise wrong("effect_words", entry.keys[name].mark, name=name, verb=only)
    operand = entry.keys[verb]
    match verb:
        case "open":
            for_ = entry.get("for", lambda inner: scalars.who(reading, inner), None)
            return Effect("open", word(operand), for_, entry.get("with", _values, {}))
        case "set":
            return Effect("set", with_=_values(operand))
        case "move":
            return Effect("move", word(operand))
        case "assign":
            way = entry.get("way", one_of(tuple(words.WAYS)), "")
            return Effect("assign", for_=scalars.who(reading, operand), way=way)
        case _:
            return Effect(verb, for_=scalars.who(reading, operand))  # type: ignore[arg-type]  # the two other verbs that name people


def _values(node: Node) -> dict[str, str]:
    return dict(pairs(node))


def examples(entry: Entry) -> tuple[Example, ...]:
    return entry.each("examples", lambda node: _example(entry.reading, node))


def _example(reading: Reading, node: Node) -> Example:
    entry = Entry(reading, node, "example")
    expect = {name: plain(inner) for name, inner in entry.get("expect", mapping, {}).items()}
    for name, inner in entry.get("expect", mapping, {}).items():
        if name not in words.EXPECT:
            reading.mistakes.append(mistake("key_unknown", inner.mark, allowed=words.EXPECT, name=name))
    if not expect:
        raise wrong("expect_nothing", node.mark, allowed=words.EXPECT)
    return Example(
        name=entry.need("name", word, ""),
        given={name: plain(inner) for name, inner in entry.get("given", mapping, {}).items()},
        records=entry.each("records", _record),
        events=entry.get("events", _events, ()),
        at=entry.get("at", scalars.moment, None),
        expect=expect,
        mark=node.mark,
    )


def _record(node: Node) -> dict[str, object]:
    keys = mapping(node)
    if "of" not in keys:
        raise wrong("key_missing", node.mark, name="of")
    if "n" in keys:
        scalars.whole_number(keys["n"])
    return {name: plain(inner) for name, inner in keys.items()}


def _events(node: Node) -> tuple[tuple[str, str], ...]:
    """`{move: time}`, or a list of such mappings where a move comes twice."""
    return tuple(
        (name, scalars.moment(inner)) for part in items(node) for name, inner in mapping(part).items()
    )
