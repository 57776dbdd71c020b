"""Hostile and sloppy YAML: nothing is executed or resolved, and it ends at once with one sentence."""

from __future__ import annotations

import time

import pytest

from kefu.core.rulebook import RulebookRefused
from kefu.core.rulebook.mistakes import Wrong
from kefu.core.rulebook.tests.packs import over_good
from kefu.core.rulebook.yaml_text import MAX_BYTES, Node, marked, parse, plain

LAUGHS = b"a: &a [x, x]\n" + b"".join(
    b"%c: &%c [*%c, *%c, *%c]\n" % (i, i, i - 1, i - 1, i - 1) for i in range(ord("b"), ord("z"))
)


def refusal(data: bytes) -> str:
    with pytest.raises(Wrong) as found:
        parse(data, "hostile.yaml")
    return found.value.mistake.code


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("yaml_anchor", LAUGHS),
        ("yaml_too_deep", b"a: " + b"[" * 100_000),
        ("yaml_too_deep", b"a: " + b"{a: " * 100_000),
        ("yaml_too_deep", b"".join(b" " * n + b"- \n" for n in range(400)) + b"- " * 100_000),
        ("yaml_too_large", b"a: " + b"x" * (MAX_BYTES + 1)),
        ("yaml_too_many", b"a:\n" + b"- b\n" * 60_000),
        ("yaml_tag", b"a: !!python/object/apply:os.system ['touch /tmp/kefu-was-here']"),
        ("yaml_tag", b"a: !!python/name:os.system"),
        ("yaml_tag", b"a: !local x"),
        ("yaml_merge", b"a: {<<: {b: c}}"),
        ("yaml_key", b"? {a: b}\n: c"),
        ("yaml_key", b"? [a]\n: c"),
        ("yaml_documents", b"a: b\n---\na: c"),
        ("yaml_syntax", b"a: [b"),
        ("yaml_syntax", b"a: \x00"),
        ("yaml_syntax", b"a: b\n\tc: d"),
        ("yaml_syntax", b"%YAML 9.9\n---\na: *"),
        ("yaml_not_utf8", "a: 客".encode("gb18030")),
        ("not_a_mapping", b"- a"),
        ("key_twice", b"a: b\nb: c\na: d"),
    ],
)
def test_hostile_text_ends_at_once_with_one_sentence(code, data):
    begun = time.process_time()

    assert refusal(data) == code
    assert time.process_time() - begun < 3.0


@pytest.mark.parametrize(
    "text",
    [
        "who: " + "leader of " * 90_000 + "owner",
        "who: " + "line of " * 90_000 + "owner to agent",
        "who: " + "x" * 900_000,
        "who: agent, due: 1 " + "x" * 900_000,
        "who: agent, " + "x" * 900_000 + ": x",
    ],
    ids=["leaders", "lines", "long", "amount", "key"],
)
def test_a_hostile_value_ends_at_once_with_one_sentence(text):
    begun = time.process_time()

    with pytest.raises(RulebookRefused) as refused:
        over_good(text.replace("who: ", "duties: {call: {clause: answer, by: ") + "}}")
    assert time.process_time() - begun < 3.0
    assert len(str(refused.value)) < 1_000


def test_scalars_stay_the_text_that_was_written():
    tree = parse(b"\xef\xbb\xbfa: 16:00\nb: no\non: 2026-09-26\nc: 0x1F\nd: ~\ne: 1e3\n", "x.yaml")

    assert plain(tree) == {"a": "16:00", "b": "no", "on": "2026-09-26", "c": "0x1F", "d": "~", "e": "1e3"}


def test_marks_say_line_and_path_of_the_key():
    tree = parse("a:\n  b:\n    - x\n    -\n      c: 客服\n".encode(), "x.yaml")

    assert "Node(value='客服', mark=Mark(file='x.yaml', line=5, key='a.b[1].c'))" in repr(tree)


def test_an_empty_file_is_an_empty_mapping():
    assert parse(b"", "x.yaml").value == {}
    assert parse(b"# nothing\n", "x.yaml").value == {}


def test_a_tree_survives_its_way_through_plain_values():
    tree = parse(b"a: [b, {c: d}]", "x.yaml")

    assert plain(marked(plain(tree), "stored")) == plain(tree)
    with pytest.raises(Wrong):
        marked({"a": 1}, "stored")  # type: ignore[dict-item]  # what JSON may hold and a source may not


def test_nodes_deeper_than_allowed_are_refused_at_the_level_and_not_before():
    assert isinstance(parse(b"a: " + b"[" * 19 + b"x" + b"]" * 19, "x.yaml"), Node)
    assert refusal(b"a: " + b"[" * 20 + b"x" + b"]" * 20) == "yaml_too_deep"
