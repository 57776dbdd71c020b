"""Planted faults of the index are each named, and mended."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from kefu.core.clocks.models import SweepBeat
from kefu.core.db import write
from kefu.core.ledger.models import Event
from kefu.core.rulebook.model import Ref
from kefu.core.search import schema, sources, verify
from kefu.core.search.actions import add
from kefu.core.search.models import SearchDoc
from kefu.core.search.queries import newest
from kefu.core.search.sources import Source, offer
from kefu.core.search.text import fold
from tests.cast import local

pytestmark = pytest.mark.db

AT = local("2026-09-24 16:00")
SAID = ("水管漏水 Boiler 3号楼", "王师傅明天来", "電梯停運")
Fault = tuple[int, int, str]


@pytest.fixture(autouse=True)
def records(monkeypatch: pytest.MonkeyPatch, fresh_database: object) -> None:
    """Forty records of a kind of their own, each with two further texts; no other kind is looked at."""
    monkeypatch.setattr(sources, "_sources", {})
    offer(
        Source(
            "thing",
            SweepBeat.objects.all,
            lambda row: f"{SAID[0]} 第{row.pk}号",
            lambda ids: [(one, part, SAID[part]) for one in ids for part in (1, 2)],
        )
    )
    with write():
        for number in range(1, 41):
            SweepBeat.objects.create(pk=number, beat_at=AT)
            add(Ref("thing", str(number)), f"{SAID[0]} 第{number}号")
            for part in (1, 2):
                add(Ref("thing", str(number)), SAID[part], part=part)


def sql(statement: str, *values: int | str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def doc(record: int, part: int = 0) -> SearchDoc:
    return SearchDoc.objects.get(kind="thing", record_id=record, part=part)


def unlearn(record: int, part: int, tokens: str) -> None:
    sql(
        "INSERT INTO search_index(search_index, rowid, tokens) VALUES ('delete', %s, %s)",
        doc(record, part).pk,
        tokens,
    )


def learn(rowid: int, tokens: str) -> None:
    sql("INSERT INTO search_index(rowid, tokens) VALUES (%s, %s)", rowid, tokens)


def exchange(record: int, part: int, old: str, new: str) -> None:
    unlearn(record, part, old)
    learn(doc(record, part).pk, new)


def docs(record: int, part: int = 0):
    return SearchDoc.objects.filter(kind="thing", record_id=record, part=part)


def extra(record: int, part: int) -> None:
    SearchDoc.objects.create(kind="thing", record_id=record, part=part, text="多出来的")


# What is done behind the back of the actions, and what must be named for it.
OF_DOCS: list[tuple[Callable[[], object], Fault]] = [
    (lambda: docs(1).delete(), (1, 0, "missing")),
    (lambda: docs(2, 1).delete(), (2, 1, "missing")),
    (lambda: docs(3).update(text="停电"), (3, 0, "changed")),
    (lambda: docs(4, 2).update(text=""), (4, 2, "changed")),
    (lambda: docs(5, 2).update(text=SAID[2]), (5, 2, "changed")),  # not folded
    (lambda: docs(6).update(text=fold(f"{SAID[0]} 第6号 后来")), (6, 0, "changed")),
    (lambda: docs(7, 1).update(part=9), (7, 1, "missing")),
    (lambda: None, (7, 9, "extra")),
    (lambda: extra(8, 3), (8, 3, "extra")),
    (lambda: extra(99, 0), (99, 0, "extra")),
    (lambda: extra(98, 1), (98, 1, "extra")),
    (lambda: SweepBeat.objects.filter(pk=10).delete(), (10, 0, "extra")),
    (lambda: None, (10, 1, "extra")),
    (lambda: None, (10, 2, "extra")),
    (lambda: docs(12).update(kind="gone"), (12, 0, "missing")),
    (lambda: docs(13, 1).update(record_id=14, part=7), (13, 1, "missing")),
    (lambda: None, (14, 7, "extra")),
    (lambda: docs(40, 2).delete(), (40, 2, "missing")),
    (lambda: SweepBeat.objects.create(pk=55, beat_at=AT), (55, 0, "missing")),
    (lambda: None, (55, 1, "missing")),
    (lambda: None, (55, 2, "missing")),
]
OF_INDEX: list[tuple[Callable[[], object], Fault]] = [
    (lambda: unlearn(20, 1, schema._tokens("thing", SAID[1])), (20, 1, "index")),
    (lambda: unlearn(21, 1, "th王师"), (21, 1, "index")),
    (lambda: learn(doc(22).pk, "th幽灵"), (22, 0, "index")),
    (lambda: exchange(23, 1, "th王师", "th幽灵"), (23, 1, "index")),
    (lambda: learn(5000, "th幽灵"), (0, 0, "index")),
]


def test_an_index_that_is_right_has_no_difference():
    assert list(verify.differences()) == []
    assert list(verify.repair(at=AT)) == []
    assert Event.objects.count() == 0


def test_twenty_planted_faults_are_named_and_mended():
    faults = OF_DOCS + (OF_INDEX if connection.vendor == "sqlite" else [])
    with write():
        for plant, _ in faults:
            plant()
    expected = {fault for _, fault in faults}

    assert len(expected) >= 20
    named = list(verify.differences())
    assert {(one.record, one.part, one.what) for one in named} == expected | {
        (12, 0, "extra")
    }  # of kind gone
    assert len(named) == len(expected) + 1
    assert all(one.text("zh") and one.text("en") for one in named)

    mended = list(verify.repair(at=AT))

    assert len(mended) == len(named)
    assert Event.objects.filter(kind="search.corrected").count() == len(mended)
    assert list(verify.differences()) == []
    found = {hit.record for hit in newest("王师傅", "thing", SweepBeat.objects.all(), limit=100)}
    assert found == {*range(1, 41), 55} - {10}
    assert newest("多出来", "thing", SweepBeat.objects.all()) == []
    assert newest("幽灵", "thing", SweepBeat.objects.all()) == []


@pytest.mark.postgresql
def test_a_lost_index_is_named_and_built_anew():
    sql("DROP INDEX search_index")

    assert [(one.kind, one.what) for one in verify.differences()] == [("search_index", "index")]
    assert len(list(verify.repair(at=AT))) == 1
    assert schema.is_sound(connection)
