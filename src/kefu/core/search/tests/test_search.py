"""What is there is found, on both databases, whatever piece of it people paste; and nothing else."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from django.db import connection

from kefu.core.clocks.models import SweepBeat
from kefu.core.rulebook.model import Ref
from kefu.core.search import lists, sql, weighing
from kefu.core.search.actions import put, remove
from kefu.core.search.lists import first_holding, holding, read
from kefu.core.search.models import SearchDoc
from kefu.core.search.queries import find, newest
from kefu.core.search.schema import FIRST_SEGMENT, SEGMENT
from kefu.core.search.text import fold, tokens

pytestmark = [pytest.mark.db, pytest.mark.django_db]

AT = datetime(2026, 9, 24, tzinfo=UTC)
ROWS = SweepBeat.objects  # a plain table stands for the records: who may see them is a question of its rows


def say(record: int, text: str, *, part: int = 0, kind: str = "case") -> None:
    ROWS.get_or_create(pk=record, defaults={"beat_at": AT})
    put(Ref(kind, str(record)), text, part=part)


@pytest.fixture(params=[2048, 0], ids=["newest read", "index only"])
def found(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch):
    """Records found by a query, in every way that there is; with the newest docs read first, and by the index alone."""
    monkeypatch.setattr(sql, "WINDOW", request.param)

    def found(query: str, kind: str = "case") -> set[int]:
        hits = [hit.record for hit in newest(query, kind, ROWS.all(), limit=1000)]
        assert len(hits) == len(set(hits))
        few = list(ROWS.values_list("pk", flat=True))
        by_few = find(query, kind, ROWS.all(), heading="beat_at", few=few, limit=1000).hits
        best = find(query, kind, ROWS.all(), heading="beat_at", limit=1000).hits
        others = [
            [one.record for one in newest(query, kind, ROWS.all(), few=few, limit=1000)],
            [one.record for one in by_few],
            [one.record for one in best],
            list(holding(ROWS.all(), query, kind).values_list("pk", flat=True)),
            list(read(ROWS.all(), query, kind).values_list("pk", flat=True)),
            first_holding(ROWS.order_by("pk"), query, kind, 1000)[0],
        ]
        for other in others:
            assert sorted(other) == sorted(hits), query
        return set(hits)

    return found


def test_one_two_and_many_characters_are_found(found):
    say(1, "三单元电梯坏了")
    say(2, "梯子坏")

    assert found("电梯坏") == {1}
    assert found("坏") == {1, 2}
    assert found("了") == {1}
    assert found("坏子") == set()


def test_pairs_that_stand_apart_do_not_make_a_word(found):
    say(1, "水管漏电，水管停水")

    assert found("水管漏水") == set()
    assert found("漏电，水管") == {1}
    assert found("停水，水管") == set()


def test_any_piece_of_a_latin_word_or_a_number_is_found(found):
    say(1, "Boiler XJ-2207/b, A7县，订单 88120034501")
    say(2, "Ｋ３ 室 ｂｏｉｌ")

    assert found("boil") == {1, 2}
    assert found("OILER") == {1}
    assert found("7县") == {1}
    assert found("２２０７/B") == {1}
    assert found("4501") == {1}
    assert found("88120034501") == {1}
    assert found("881200345012") == set()
    assert found("k3") == {2}


def test_traditional_characters_and_widths_are_one(found):
    say(1, "電梯壞了，請儘快修理")
    say(2, "电梯坏了")

    assert found("电梯坏了") == {1, 2}
    assert found("電梯壞") == {1, 2}
    assert found("请尽快") == {1}


def test_words_of_a_query_may_stand_anywhere_in_the_texts_of_a_record(found):
    say(1, "锅炉房漏水")
    say(1, "王师傅说明天来", part=7)
    say(2, "漏水")
    say(3, "王师傅")

    assert found("漏水 王师傅") == {1}
    assert found("王师傅　漏水") == {1}
    assert found("漏水 李师傅") == set()


def test_changed_text_is_found_by_the_new_words_only(found):
    say(1, "漏水")
    say(1, "停电")

    assert found("漏水") == set()
    assert found("停电") == {1}


def test_removed_records_and_other_kinds_are_not_found(found):
    say(1, "漏水")
    say(1, "还在漏水", part=3)
    say(2, "漏水", kind="customer")
    remove(Ref("case", "1"))

    assert found("漏水") == set()
    assert found("漏水", "customer") == {2}


@pytest.mark.parametrize(
    "query",
    ["", "  ", '" OR *', "'", "NEAR(", "\\", "a\x00b", "%_", "()", ":*", "\ud800", "x" * 5000, "' | 'ca漏'"],
)
def test_hostile_queries_find_nothing_and_break_nothing(query: str, found):
    say(1, "漏水")

    assert found(query) == set()


def test_only_what_one_may_see_is_found_latest_first_and_page_by_page():
    for record in range(1, 41):
        say(record, "漏水")
    for record in range(1, 41, 10):
        say(record, "又漏水了", part=1)
    mine = ROWS.filter(pk__in=range(1, 31))

    first = newest("漏水", "case", mine, limit=5)
    second = newest("漏水", "case", mine, limit=5, before=first[-1].doc)

    assert [hit.record for hit in first] == [21, 11, 1, 30, 29]
    assert [hit.record for hit in second] == [28, 27, 26, 25, 24]
    assert newest("漏水", "case", ROWS.none()) == []
    assert newest("漏水", "case", mine, few=[]) == []
    assert [hit.record for hit in newest("漏水", "case", mine, few=[3, 35], limit=5)] == [3]


def pages(query: str, limit: int) -> list[int]:
    """Records in the order of the pages of `find`."""
    found: list[int] = []
    after = None
    while True:
        page = find(query, "case", ROWS.all(), heading="beat_at", after=after, limit=limit)
        found, after = found + [hit.record for hit in page.hits], page.more
        if after is None:
            return found
        assert len(page.hits) == limit


@pytest.mark.parametrize("many", [2000, 3], ids=["best first", "latest first"])
def test_a_record_with_several_texts_stands_on_one_page_alone(many: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(weighing, "MANY", many)
    for record in range(1, 8):
        say(record, f"漏水 第{record}号 停电")
    for record in (2, 5):
        say(record, "又漏水了", part=1)
        say(record, "停电还漏水", part=2)

    for query in ("漏水", "停电 漏水", "漏水 停电"):
        for limit in (1, 2, 3, 10):
            assert pages(query, limit) == [5, 2, 7, 6, 4, 3, 1], (query, limit)


def test_texts_that_hold_more_of_the_question_come_first_unless_there_are_very_many(
    monkeypatch: pytest.MonkeyPatch,
):
    say(1, "停电 漏水")
    say(2, "漏水")
    say(2, "停电", part=1)
    say(3, "漏水")
    say(3, "别的", part=1)
    say(3, "停电", part=2)

    assert pages("漏水 停电", 2) == [1, 3, 2]
    monkeypatch.setattr(weighing, "MANY", 3)
    assert pages("漏水 停电", 2) == [3, 2, 1]


def test_a_common_word_is_looked_for_in_the_list_itself_no_further_than_its_steps(
    monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries
):
    for record in range(1, 21):
        say(record, "漏水" if record % 5 == 0 else "停电")
    monkeypatch.setattr(weighing, "MANY", 3)
    monkeypatch.setattr(lists, "STEPS", (2, 6, 12))
    rows = ROWS.order_by("pk")

    with django_assert_max_num_queries(8):
        assert first_holding(rows, "漏水", "case", 10) == ([5, 10], 12)
    assert first_holding(rows.filter(pk__gt=12), "漏水", "case", 10) == ([15, 20], None)
    assert first_holding(rows, "漏水", "case", 1) == ([5], None)
    assert first_holding(rows.reverse(), "漏水", "case", 2) == ([20, 15], None)
    assert list(holding(rows, "漏水", "case").values_list("pk", flat=True)) == [5, 10, 15, 20]


def test_later_segments_are_searched_first_and_earlier_ones_as_well(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sql, "WINDOW", 0)
    for segment in range(3):
        say(segment + 1, "漏水")
        doc = SearchDoc.objects.get(record_id=segment + 1)
        SearchDoc.objects.filter(pk=doc.pk).delete()
        SearchDoc.objects.create(
            pk=(segment << SEGMENT) + 5, kind="case", record_id=segment + 1, text=doc.text
        )

    assert [hit.record for hit in newest("漏水", "case", ROWS.all())] == [3, 2, 1]
    assert sorted(lists.held_by_few("漏", "case") or []) == [1, 2, 3]
    monkeypatch.setattr(weighing, "MANY", 3)
    assert weighing.is_common("漏水", "case", sql.last_doc())


ODD = "水电𠮷々〇。，「」😀１ａéßЖİ-_'\\\"%&|:*() \t\u3000々ー한カ①㎡ﬀ\u00a0x9"


def test_every_piece_of_every_text_is_found_and_nothing_else(found):
    chance = random.Random(7)
    texts = {number: "".join(chance.choices(ODD, k=14)) for number in range(1, 60)}
    for number, text in texts.items():
        say(number, text)

    for _ in range(80):
        text = chance.choice(list(texts.values()))
        start = chance.randrange(12)
        piece = fold(text[start : start + chance.randint(1, 5)])
        if " " not in piece and tokens(piece):
            expected = {number for number, one in texts.items() if piece in fold(one)}
            assert found(piece) == expected, piece


@pytest.mark.postgresql
def test_postgresql_makes_the_same_tokens_as_we_do():
    chance = random.Random(9)
    with connection.cursor() as cursor:
        for _ in range(200):
            text = fold("".join(chance.choices(ODD, k=30)))
            cursor.execute("SELECT tsvector_to_array(search_tokens(%s, 'case', %s))", [5 << SEGMENT, text])
            head = chr(FIRST_SEGMENT + 5) + "ca"
            assert set(cursor.fetchone()[0]) == {head + token for token in tokens(text)}, text
