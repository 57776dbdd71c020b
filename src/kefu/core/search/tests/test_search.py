"""What is there is found, on both engines, whatever fragment people paste."""

from __future__ import annotations

import random

import pytest

from kefu.core.rulebook.model import Ref
from kefu.core.search.actions import put, remove
from kefu.core.search.queries import matching
from kefu.core.search.tokens import fold, tokens

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def found(query: str) -> set[int]:
    return set(matching(query, "case").values_list("record_id", flat=True))


def test_a_run_gives_its_pairs_and_its_last_character():
    assert tokens(fold("电梯坏了ＡＢＣ-12")) == ["电梯", "梯坏", "坏了", "了", "abc", "12"]


def test_one_two_and_many_characters_are_found():
    put(Ref("case", "1"), "三单元电梯坏了")
    put(Ref("case", "2"), "梯子坏")

    assert found("电梯坏") == {1}
    assert found("坏") == {1, 2}
    assert found("了") == {1}
    assert found("坏子") == set()


def test_pairs_that_stand_apart_do_not_make_a_word():
    put(Ref("case", "1"), "水管漏电,水管停水")

    assert found("水管漏水") == set()


def test_words_of_a_query_may_stand_anywhere():
    put(Ref("case", "1"), "Boiler 锅炉 3号楼")

    assert found("３号楼 boil") == {1}
    assert found("3号楼 chiller") == set()


def test_changed_text_is_found_by_the_new_words_only():
    put(Ref("case", "1"), "漏水")
    put(Ref("case", "1"), "停电")

    assert found("漏水") == set()
    assert found("停电") == {1}


def test_removed_text_is_not_found():
    put(Ref("case", "1"), "漏水")
    remove(Ref("case", "1"))

    assert found("漏水") == set()


def test_other_kinds_are_not_found():
    put(Ref("customer", "1"), "漏水")

    assert found("漏水") == set()


@pytest.mark.parametrize("query", ["", "  ", '" OR *', "'", "NEAR(", "\\", "a\x00b", "%_", "()", ":*"])
def test_hostile_queries_find_nothing_and_break_nothing(query: str):
    put(Ref("case", "1"), "漏水")

    assert found(query) == set()


def test_every_fragment_of_every_text_is_found_and_nothing_else():
    chance = random.Random(7)
    letters = "水电气暖漏停坏修门窗𠮷梯"
    texts = {number: "".join(chance.choices(letters, k=12)) for number in range(1, 60)}
    for number, text in texts.items():
        put(Ref("case", str(number)), text)

    for _ in range(80):
        text = chance.choice(list(texts.values()))
        start = chance.randrange(10)
        fragment = text[start : start + chance.randint(1, 5)]
        assert found(fragment) == {number for number, one in texts.items() if fragment in one}, fragment
