"""Rows read and stored past the query builder are the rows that it would have read and stored."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from kefu.core.clocks.models import ClockRow
from kefu.core.db import among, columns, count, follow, insert, instant, select, update, write
from kefu.core.search.models import SearchDoc
from kefu.staff.models import Team
from tests.cast import Cast

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


def test_selected_rows_are_those_of_the_query_builder() -> None:
    insert([clock(number) for number in range(5)])

    with write():
        found = select(ClockRow, "work_kind = %s AND work_id > %s ORDER BY id", ["case", 1], lock=True)

    expected = list(ClockRow.objects.filter(work_id__gt=1).order_by("pk"))
    assert [row.work_id for row in expected] == [2, 3, 4]  # premise
    for read, row in zip(found, expected, strict=True):
        for field in ClockRow._meta.concrete_fields:
            assert getattr(read, field.attname) == getattr(row, field.attname)


def test_columns_and_numbers_of_rows_are_those_of_the_query_builder() -> None:
    insert([clock(number) for number in range(5)])
    wanted = [1, 3, 9]

    found = columns(ClockRow, ("work_id", "due_at", "unconfirmed"), among("work_id", wanted), wanted)

    assert found == [(1, AT, [2027]), (3, AT, [2027])]
    assert columns(ClockRow, ("id",), among("work_id", []), []) == []
    assert count(ClockRow, "work_id > %s AND due_at <= %s", [1, instant(AT)]) == 3
    assert count(ClockRow, "due_at < %s", [instant(AT)]) == 0


def test_what_rows_lead_to_is_asked_once_for_all_of_them(cast: Cast) -> None:
    Team.objects.create(department=cast.quality, name="甲班", leader=cast.agent)
    Team.objects.create(department=cast.sales, name="乙班")
    teams = select(Team, "1 = 1 ORDER BY id", [])

    with CaptureQueriesContext(connection) as asked:
        follow(teams, "department", "leader")
        read = [(team.department, team.leader) for team in teams]

    assert len(asked) == 2
    assert read == [(cast.quality, cast.agent), (cast.sales, None)]
    follow([], "department")


def test_an_update_stores_the_named_columns_of_its_row_and_no_others() -> None:
    insert([clock(1), clock(2)])
    row = ClockRow.objects.get(work_id=1)
    row.state, row.unconfirmed, row.version = "met", [2028], "w"

    update(row, ["state", "unconfirmed"])

    stored = ClockRow.objects.get(work_id=1)
    assert (stored.state, stored.unconfirmed, stored.version) == ("met", [2028], "v")
    assert ClockRow.objects.get(work_id=2).state == "running"

    update(row)

    assert ClockRow.objects.get(work_id=1).version == "w"


def test_a_row_that_is_gone_is_not_made_again_by_an_update() -> None:
    row = clock(1)
    insert([row])
    ClockRow.objects.all().delete()

    with pytest.raises(ClockRow.DoesNotExist):
        update(row)

    assert not ClockRow.objects.exists()


def test_inserting_nothing_is_nothing() -> None:
    insert([])


def test_a_second_row_of_the_same_key_is_refused() -> None:
    insert([clock(1)])

    with pytest.raises(IntegrityError):
        insert([clock(1)])
