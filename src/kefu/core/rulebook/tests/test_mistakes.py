"""Every kind of mistake has a bad file, and its message says what the reader needs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kefu.core.rulebook import RulebookRefused, check
from kefu.core.rulebook.mistakes import ADVICE, MISTAKES
from kefu.core.rulebook.tests.packs import BAD, good, over_good

FILES = sorted(BAD.glob("*.yaml"))


def directives(data: bytes) -> dict[str, str]:
    """The comments at the top of a bad file: `says` (words of the message), and how it is loaded."""
    found = re.findall(rb"^# (says|extends|name|times|registered): (.*)$", data, re.MULTILINE)
    return {key.decode(): value.decode() for key, value in found}


def mistakes_of(path: Path) -> RulebookRefused:
    data = path.read_bytes()
    told = directives(data)
    if "times" in told:
        last = data.rstrip().rsplit(b"\n", 1)[1] + b"\n"
        data += last * int(told["times"])
    with pytest.raises(RulebookRefused) as refused:
        load_and_check(data, told)
    return refused.value


def load_and_check(data: bytes, told: dict[str, str]) -> None:
    rulebook = over_good(data, **{key: told[key] for key in ("name", "extends") if key in told})
    check(rulebook, effects=frozenset(told["registered"].split()))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_bad_file_is_refused_for_its_one_mistake_in_words_that_help(path):
    refused = mistakes_of(path)

    assert {found.code for found in refused.mistakes} == {path.stem}
    for word in directives(path.read_bytes())["says"].split("|"):
        assert word in refused.en
    assert re.search(r"[\u4e00-\u9fff]", refused.zh)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_mistake_names_the_file(path):
    for found in mistakes_of(path).mistakes:
        assert found.mark.file.startswith(("bad", "good"))


def test_every_kind_of_mistake_has_a_bad_file_and_no_file_is_for_nothing():
    assert {path.stem for path in FILES} == set(MISTAKES)
    assert len(FILES) >= 40


def test_every_kind_of_mistake_and_advice_is_used_in_the_code():
    folder = BAD.parents[1]
    code = "".join(path.read_text() for path in folder.glob("*.py") if path.name != "mistakes.py")
    assert [name for name in (*MISTAKES, *ADVICE) if f'"{name}"' not in code] == []


def test_the_pack_under_the_bad_files_is_good():
    check(good())


def test_all_mistakes_of_a_pack_are_shown_together_in_the_order_of_the_file():
    with pytest.raises(RulebookRefused) as refused:
        over_good("posts:\n  one: {title: {zh: 一, en: one}, sees: moon}\n  two: {sees: sun}\n")

    assert [(found.mark.line, found.code) for found in refused.value.mistakes] == [
        (2, "word_unknown"),
        (3, "key_missing"),
        (3, "word_unknown"),
    ]
    assert "bad/rules.yaml:2 posts.one.sees" in str(refused.value)
