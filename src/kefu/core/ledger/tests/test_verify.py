"""Whatever is done to the rows behind the product's back, the first bad one is named."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction

from kefu.core.ledger.anchor import Head
from kefu.core.ledger.chain import HASHED, row_hash
from kefu.core.ledger.models import Event
from kefu.core.ledger.tests.telling import NINE, told
from kefu.core.ledger.triggers import unprotect
from kefu.core.ledger.verify import verify
from tools.fresh_database import FreshDatabase

pytestmark = pytest.mark.db

ROWS, EACH = 40, 10  # rows, and from one anchored one to the next
Tamper = Callable[[random.Random, int], int]  # does it to row `seq`; returns the first bad row


def other(column: str, row: Event, chance: random.Random) -> object:
    """Another value for the column, near the one it has."""
    value = getattr(row, column)
    if column in ("occurred_at", "recorded_at"):
        return value + timedelta(microseconds=chance.choice([-1, 1, 3_600_000_000]))
    if column == "department":
        return None if value is not None else 0
    if column == "data":
        return chance.choice([{}, value | {"more": None}, {"number": str(value["number"])}])
    if column == "hash":
        return f"{int(value, 16) ^ 1 << chance.randrange(256):064x}"
    return chance.choice([f"{value} ", f"{value}x", value[:-1] if value else "x"])


def changed(chance: random.Random, seq: int) -> int:
    column = chance.choice([*HASHED[1:], "hash"])
    row = Event.objects.get(seq=seq)
    Event.objects.filter(seq=seq).update(**{column: other(column, row, chance)})
    return seq


def renumbered(chance: random.Random, seq: int) -> int:
    Event.objects.filter(seq=seq).update(seq=chance.choice([0, -5, ROWS + 1, ROWS + 100]))
    return 1 if Event.objects.filter(seq__lt=1).exists() else seq


def deleted(chance: random.Random, seq: int) -> int:
    last = min(ROWS, seq + chance.choice([0, 0, 1, 5]))
    Event.objects.filter(seq__gte=seq, seq__lte=last).delete()
    return seq


def swapped(chance: random.Random, seq: int) -> int:
    """Two rows change places, hashes and all."""
    with_ = chance.choice([number for number in range(1, ROWS + 1) if number != seq])
    for number, to in ((seq, -1), (with_, seq), (-1, with_)):
        Event.objects.filter(seq=number).update(seq=to)
    return min(seq, with_)


def cut_off(chance: random.Random, seq: int) -> int:
    Event.objects.filter(seq__gte=seq).delete()
    return seq


def put_in(chance: random.Random, seq: int) -> int:
    """A copy of a row in the place of another one, with a hash that fits the row before it."""
    row = Event.objects.get(seq=seq)
    before = Event.objects.filter(seq=seq - 1).values_list("hash", flat=True).first() or "0" * 64
    row.actor = "person:666"
    row.hash = row_hash(before, [getattr(row, name) for name in HASHED])
    row.save()
    return seq + (seq % EACH > 0)  # an anchored row is known by its hash; else its neighbour no longer fits


@pytest.fixture
def anchored(fresh_database: FreshDatabase) -> list[Head]:
    """A ledger whose triggers are gone, and its anchor."""
    told(ROWS, each=3)
    with connection.schema_editor() as editor:
        unprotect(editor)
    found = [Head(*pair) for pair in Event.objects.order_by("seq").values_list("seq", "hash")]
    assert verify(found[EACH - 1 :: EACH]).first_bad is None  # premise
    return found[EACH - 1 :: EACH]


def test_two_hundred_of_two_hundred_tamperings_are_named_by_their_first_bad_row(anchored: list[Head]) -> None:
    chance = random.Random(20261122)
    ways: list[Tamper] = [changed, changed, changed, changed, deleted, swapped, cut_off, renumbered, put_in]
    unnoticed = []
    done: set[str] = set()
    for number in range(200):
        way, seq = chance.choice(ways), chance.randint(1, ROWS)
        with transaction.atomic():
            bad = way(chance, seq)
            verdict = verify(anchored)
            transaction.set_rollback(True)
        done.add(way.__name__)
        if verdict.first_bad != bad or verdict.rows != bad - 1 or not verdict.reason:
            unnoticed.append((number, way.__name__, seq, bad, verdict))

    assert len(done) == 6  # premise: each way was tried
    assert unnoticed == []
    assert verify(anchored).first_bad is None


@pytest.mark.parametrize("seq", [1, 17, ROWS])
def test_a_chain_made_anew_from_a_changed_row_on_is_caught_at_the_next_anchor(
    anchored: list[Head], seq: int
) -> None:
    previous = Event.objects.filter(seq=seq - 1).values_list("hash", flat=True).first() or "0" * 64
    for row in Event.objects.filter(seq__gte=seq).order_by("seq"):
        row.actor = "person:666"
        row.hash = previous = row_hash(previous, [getattr(row, name) for name in HASHED])
        row.save()
    assert verify().first_bad is None  # premise: in itself it is sound

    verdict = verify(anchored)

    assert verdict.first_bad == (seq + 9) // EACH * EACH
    assert "anchor" in verdict.reason


def test_rows_cut_off_are_known_only_to_the_anchor(anchored: list[Head]) -> None:
    Event.objects.filter(seq__gt=37).delete()

    assert verify().first_bad is None
    assert (verify(anchored).first_bad, verify(anchored).rows) == (38, 37)


def test_an_empty_ledger_with_an_anchor_is_cut_off_at_its_first_row(anchored: list[Head]) -> None:
    Event.objects.all().delete()

    assert verify(anchored).first_bad == 1


if connection.vendor == "sqlite":  # PostgreSQL keeps nothing that has not the type of its column

    @pytest.mark.parametrize("value", ["x'ff00'", "CAST(x'ff' AS TEXT)", "'{'", "1.5", "'2026-13-01'"])
    def test_a_row_that_cannot_be_read_any_more_is_named(anchored: list[Head], value: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = on")
            for column in (*HASHED[1:], "hash"):
                with transaction.atomic():
                    sql = f"UPDATE ledger_event SET {column} = {value} WHERE seq = 23"  # noqa: S608 (constants)
                    cursor.execute(sql)
                    assert verify(anchored).first_bad == 23, column
                    transaction.set_rollback(True)


def test_it_reads_in_parts_however_long_the_ledger(
    anchored: list[Head], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kefu.core.ledger.verify.CHUNK", 7)

    assert verify(anchored).rows == ROWS
    Event.objects.filter(seq=22).delete()
    assert verify(anchored).first_bad == 22


def test_every_column_of_a_row_is_under_its_hash() -> None:
    assert {*HASHED, "hash"} == {field.column for field in Event._meta.concrete_fields}


def test_the_hash_of_a_row_stays_what_it_was_in_the_first_release() -> None:
    values = [
        1,
        NINE,
        NINE,
        "system",
        "",
        "proof.happened",
        "proof",
        "1",
        "case",
        "17",
        None,
        {"b": 1, "a": "电"},
        "",
    ]

    assert row_hash("0" * 64, values) == "c37e22593353d05d521c4086fd4426a2b63baf75722dcf6ef723fa4350ef7d3e"
