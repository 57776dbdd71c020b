"""Each job happens once, although its workers are killed at random instants."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest
from django.db import connection

from kefu.core.jobs.actions import put
from kefu.core.jobs.models import Job
from kefu.core.jobs.tests import workers
from kefu.core.ledger.models import Event
from kefu.core.ledger.verify import verify
from tests.cast import FOUNDED
from tests.durability.desk import surroundings
from tools.fresh_database import FreshDatabase

pytestmark = pytest.mark.db


def killed(address: str, *, jobs: int, kills: int) -> None:
    workers.register()
    put_all(jobs)
    connection.close()  # nothing of this process may hold the database while its workers die

    done = subprocess.run(
        [sys.executable, "-m", workers.__name__, str(kills), "20261122"],
        env=surroundings(address),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) >= kills
    ended = Job.objects.filter(handler="proof.count")
    assert Counter(ended.values_list("ended_as", flat=True)) == {"done": jobs}
    counted = Counter(Event.objects.filter(kind="proof.counted").values_list("subject_id", flat=True))
    assert set(counted) == {str(pk) for pk in ended.values_list("pk", flat=True)}
    assert set(counted.values()) == {1}
    assert ended.filter(tries__gt=1).exists(), "no job was taken over: nobody was killed in the middle of one"
    assert verify().first_bad is None


def put_all(jobs: int) -> None:
    from kefu.core.db import write

    with write():
        for _ in range(jobs):
            put("proof.count", at=FOUNDED)


def test_each_of_two_hundred_jobs_happens_once_through_fifteen_kills(fresh_database: FreshDatabase) -> None:
    killed(fresh_database.address, jobs=200, kills=15)


@pytest.mark.long
def test_each_of_three_thousand_jobs_happens_once_through_a_hundred_kills(
    fresh_database: FreshDatabase,
) -> None:
    killed(fresh_database.address, jobs=3000, kills=100)
