"""Against a scan of real texts: every piece that stands somewhere is found there, and nowhere else."""

from __future__ import annotations

import csv
import gzip
import random
from pathlib import Path

import pytest
from django.db import connection

from kefu.core.clocks.models import SweepBeat
from kefu.core.db import insert
from kefu.core.search import sql
from kefu.core.search.lists import held_by_few
from kefu.core.search.models import SearchDoc
from kefu.core.search.queries import find, newest
from kefu.core.search.text import fold, tokens
from tests.cast import local

pytestmark = [pytest.mark.db, pytest.mark.data, pytest.mark.django_db]

FILES = ("messages_with_replies", "messages_hot_topics", "messages_unlabelled")
COLUMNS = ("subject", "body", "reply")


def texts(folder: Path) -> list[str]:
    csv.field_size_limit(10**8)
    found = []
    for name in FILES:
        with gzip.open(folder / "zh_complaints" / f"{name}.csv.gz", "rt", encoding="utf-8") as file:
            found += [row[column] for row in csv.DictReader(file) for column in COLUMNS if row.get(column)]
    return found


def pieces(folded: list[str], many: int, chance: random.Random) -> list[str]:
    """Random pieces of one to six characters, a fifth of them around the rarest characters there are."""
    counts: dict[str, int] = {}
    for text in folded:
        for letter in set(text):
            counts[letter] = counts.get(letter, 0) + 1
    rare = [letter for letter, count in counts.items() if count <= 2 and tokens(letter)]
    found: list[str] = []
    while len(found) < many:
        if len(found) < many // 5:
            letter = chance.choice(rare)
            text = next(one for one in folded if letter in one)
            middle = text.index(letter)
            start = max(0, middle - chance.randrange(3))
        else:
            text = chance.choice(folded)
            start = chance.randrange(len(text))
        piece = text[start : start + chance.randint(1, 6)]
        if tokens(piece) and " " not in piece:
            found.append(piece)
    return found


def check(said: list[str], many: int) -> None:
    folded = [fold(text) for text in said]
    at = local("2026-09-24 16:00")
    SweepBeat.objects.bulk_create(SweepBeat(pk=number, beat_at=at) for number in range(1, len(said) + 1))
    insert([SearchDoc(kind="thing", record_id=number, text=text) for number, text in enumerate(folded, 1)])
    assert len(folded) > 10  # premise: there is something to find
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as a database that is used has done by itself

    for piece in pieces(folded, many, random.Random(20261122)):
        expected = {number for number, text in enumerate(folded, 1) if piece in text}
        found = {hit.record for hit in newest(piece, "thing", SweepBeat.objects.all(), limit=len(said))}
        assert found == expected, piece
        page = find(piece, "thing", SweepBeat.objects.all(), heading="beat_at", limit=len(said))
        assert ({hit.record for hit in page.hits}, page.more) == (expected, None), piece
        rare = held_by_few(piece, "thing")
        assert rare is None or set(rare) == expected, piece


def test_sixty_pieces_of_three_hundred_real_texts(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "WINDOW", 100)  # so that most is found by the index
    check(random.Random(1).sample(texts(data_dir), 300), 60)


@pytest.mark.long
def test_five_hundred_pieces_of_all_real_texts(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "WINDOW", 500)
    check(texts(data_dir), 500)
