"""Rows stored by `insert` are the rows that the query builder would have stored."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError

from kefu.core.clocks.models import ClockRow
from kefu.core.db import insert
from kefu.core.search.models import SearchDoc

pytestmark = pytest.mark.db
AT = datetime(2026, 9, 24, 2, 0, 0, 123456, tzinfo=UTC)


def clock(number: int) -> ClockRow:
    return ClockRow(
        work_kind="case",
        work_id=number,
        department=1,
        clock="response",
        run=1,
        version="v",
        state="running",
        started_at=AT,
        due_at=AT,
        unconfirmed=[2027],
    )


def test_inserted_rows_read_back_as_they_were_given() -> None:
    rows = [clock(number) for number in range(70)]  # more than one statement takes

    insert(rows)

    stored = list(ClockRow.objects.order_by("pk"))
    assert [row.pk for row in rows] == [row.pk for row in stored]
    for given, read in zip(rows, stored, strict=True):
        for field in ClockRow._meta.concrete_fields:
            assert getattr(given, field.attname) == getattr(read, field.attname)


def test_an_inserted_row_can_be_changed_and_saved() -> None:
    row = SearchDoc(kind="case", record_id=1, text="电梯")
    insert([row])

    row.text = "水管"
    row.save()

    assert SearchDoc.objects.get().text == "水管"


def test_inserting_nothing_is_nothing() -> None:
    insert([])


def test_a_second_row_of_the_same_key_is_refused() -> None:
    insert([clock(1)])

    with pytest.raises(IntegrityError):
        insert([clock(1)])
