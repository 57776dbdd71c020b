"""Kill -9 at random instants of acknowledged writes: nothing lost, nothing doubled, no state without its event."""

from __future__ import annotations

import pytest
from django.db import connection

from kefu.cases.models import Case
from kefu.core.clocks.models import ClockRow
from kefu.core.search.models import SearchDoc
from tests.durability.desk import Desk
from tests.durability.killing import killed_course
from tests.durability.looking import look
from tools.fresh_database import FreshDatabase

pytestmark = pytest.mark.db


def survives(address: str, writes: int, kills: int, seed: int) -> None:
    Desk.found()
    connection.close()  # nothing of this process may keep the database open while its writers die

    course = killed_course(address, writes, kills, seed)

    assert course.acknowledged >= writes
    assert course.kills == kills
    found = look(course.acknowledged)
    assert found.sound, found


def test_a_writer_killed_eight_times_loses_and_doubles_nothing(fresh_database: FreshDatabase) -> None:
    survives(fresh_database.address, writes=150, kills=8, seed=1)


@pytest.mark.long
def test_a_writer_killed_four_hundred_times_in_ten_thousand_writes(fresh_database: FreshDatabase) -> None:
    survives(fresh_database.address, writes=10_000, kills=400, seed=2)


def test_looking_finds_what_is_lost_doubled_or_without_its_event(fresh_database: FreshDatabase) -> None:
    desk = Desk.found()
    for number in range(1, 10):
        desk.write(number)
    assert look(9).sound

    assert look(11).lost == [10, 11]
    Case.objects.filter(import_key="write:2").update(due_at=None)
    ClockRow.objects.filter(work_id=Case.objects.get(import_key="write:4").pk).delete()
    SearchDoc.objects.get(record_id=Case.objects.get(import_key="write:5").pk, part=0).delete()
    assert len(look(9).without_event) == 3
    desk.register("repair", 20)
    assert len(look(9).doubled) == 1
