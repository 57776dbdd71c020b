"""What may be recorded, and what becomes of events whose transaction is taken back."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection

from kefu.core.db import write
from kefu.core.ledger import queries
from kefu.core.ledger.actions import SYSTEM, record
from kefu.core.ledger.kinds import declare
from kefu.core.ledger.models import Event
from kefu.core.ledger.tests.telling import NINE, happen, stored
from kefu.core.rulebook.model import Ref
from tests.cast import refuses

pytestmark = pytest.mark.db


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        Decimal(1),
        b"x",
        {1, 2},
        object(),
        Path("x"),
        NINE,
        [[1.5]],
        {1: "one"},
        "a\x00b",
        "\ud800",
        {"a\x00": 1},
        {"deep": [{"deeper": "\x00"}]},
    ],
)
def test_what_a_json_column_would_not_give_back_is_refused(db: None, value: object) -> None:
    with pytest.raises(ValueError, match=r"proof\.happened"), write():
        happen(data={"value": value})

    assert stored() == []


def test_what_it_gives_back_is_recorded_unchanged(db: None) -> None:
    given = {
        "text": "电梯 🛗 \n\t\"'\\",
        "big": 2**62,
        "minus": -1,
        "yes": True,
        "none": None,
        "": [[], {}, "x"],
    }
    with write():
        happen(data={"number": 1} | given)

    assert Event.objects.get().data == {"number": 1} | given


def test_an_undeclared_kind_is_refused(db: None) -> None:
    with refuses("ledger.unknown_kind"), write():
        record("proof.unheard_of", Ref("proof", "1"), by=SYSTEM, at=NINE)


@pytest.mark.parametrize(
    "name", ["Proof.happened", "proof", "proof.happened.twice", "proof happened", "证明.发生"]
)
def test_a_kind_reads_noun_and_what_happened(name: str) -> None:
    with pytest.raises(ValueError, match="noun"):
        declare(name, zh="x", en="x")


def test_a_kind_is_declared_in_one_place() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        declare("proof.happened", zh="别的", en="other")


def test_a_naive_instant_is_refused_and_any_other_stands_in_utc(db: None) -> None:
    with pytest.raises(ValueError, match="no time zone"), write():
        happen(at=datetime(2026, 9, 24, 9, 0))  # noqa: DTZ001 (the point of the test)

    with write():
        happen(at=NINE.astimezone(timezone(timedelta(hours=8))))
    assert Event.objects.get().occurred_at == NINE


def test_nothing_is_recorded_outside_of_write(db: None) -> None:
    with pytest.raises(RuntimeError, match="outside write"):
        happen()


def _refused_part() -> None:
    with write():
        happen(2)
        with write():
            happen(3)
        raise OSError("refused")


def test_events_of_a_refused_part_are_taken_back_and_those_around_it_stay(db: None) -> None:
    with write():
        happen(1)
        with pytest.raises(OSError, match="refused"):
            _refused_part()
        with write():
            happen(4)

    assert stored() == [1, 4]
    assert list(Event.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2]


def test_events_are_seen_by_their_own_transaction_before_they_are_stored(db: None) -> None:
    with write():
        happen(7)
    with write():
        happen(7, data={"number": 70})
        happen(8)
        seen = queries.events_of(Ref("proof", "7"))
        assert [event.data["number"] for event in seen] == [7, 70]
        assert stored() == [7]

    assert stored() == [7, 70, 8]


def test_recorded_at_is_the_time_of_the_database_whatever_the_caller_says(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT CURRENT_TIMESTAMP")
        before = cursor.fetchone()[0]
    with write():
        happen(at=NINE - timedelta(days=1000))

    recorded = Event.objects.get().recorded_at
    before = before if isinstance(before, datetime) else datetime.fromisoformat(f"{before}+00:00")
    assert before - timedelta(seconds=2) <= recorded <= before + timedelta(minutes=1)


def test_appending_is_the_last_statement_of_the_transaction(db: None) -> None:
    statements: list[str] = []

    def looked_at(execute, sql, *rest):
        statements.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(looked_at), write():
        happen(1)
        Event.objects.count()
        happen(2)

    told = [sql for sql in statements if "SAVEPOINT" not in sql]
    assert told[0].startswith("SELECT COUNT")
    assert told[-1].startswith("INSERT INTO")
    assert sum("INSERT" in sql for sql in told) == 1
    assert ("pg_advisory_xact_lock" in told[1]) == (connection.vendor == "postgresql")
