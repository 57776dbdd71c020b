"""Kill -9 of the server at random instants of acknowledged requests: nothing lost, nothing doubled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from kefu.cases.models import Case
from kefu.core.once.models import KeptAnswer
from kefu.staff.actions import make_token
from tests.durability.desk import Desk, key
from tests.durability.looking import look
from tests.durability.serving import served_course
from tools.fresh_database import FreshDatabase

pytestmark = pytest.mark.db


def survives(address: str, writes: int, kills: int, seed: int) -> None:
    agent, at = Desk.found().agent, timezone.now()
    _, token = make_token(
        agent, name="test", scopes=["write"], expires_at=at + timedelta(days=1), by=agent, at=at
    )
    connection.close()  # nothing of this process may keep the database open while its servers die

    course, answers = served_course(address, token, writes, kills, seed)

    assert course.acknowledged >= writes
    assert course.kills >= kills
    kept = dict(KeptAnswer.objects.values_list("key", "answer__body__number"))
    assert kept == {f"api:{agent.pk}:{key(number)}": case for number, case in answers.items()}
    for number in (number for number in answers if number % 3):
        Case.objects.filter(number=answers[number]).update(import_key=key(number))  # as `look` knows them
    found = look(course.acknowledged)
    assert found.sound, found


def test_a_server_killed_five_times_loses_and_doubles_nothing(fresh_database: FreshDatabase) -> None:
    survives(fresh_database.address, writes=60, kills=5, seed=1)


@pytest.mark.long
def test_a_server_killed_four_hundred_times_in_ten_thousand_requests(fresh_database: FreshDatabase) -> None:
    survives(fresh_database.address, writes=10_000, kills=400, seed=2)
