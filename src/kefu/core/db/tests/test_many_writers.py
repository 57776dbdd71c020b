"""Many writers at once: nobody is turned away, nothing is read and then overwritten, and readers need not wait."""

from __future__ import annotations

import time

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from kefu.core.db import write
from kefu.core.ledger.models import Bookmark
from kefu.core.work.models import Escalation
from tests.cast import FOUNDED
from tools.at_once import PATIENCE, at_once
from tools.fresh_database import FreshDatabase

pytestmark = pytest.mark.db

THREADS, EACH = 8, 60


def test_eight_threads_that_read_and_then_write_all_succeed(fresh_database: FreshDatabase) -> None:
    Bookmark.objects.create(name="count")

    def count(_: int) -> float:
        longest = 0.0
        for _ in range(EACH):
            begun = time.monotonic()
            with write():
                row = Bookmark.objects.select_for_update().get(name="count")
                row.seq += 1
                row.save()
            longest = max(longest, time.monotonic() - begun)
        return longest

    longest = at_once(THREADS, count)

    assert Bookmark.objects.get().seq == THREADS * EACH
    assert max(longest) < PATIENCE / 2


def test_a_reader_is_not_kept_waiting_by_a_writer(fresh_database: FreshDatabase) -> None:
    with write():
        Bookmark.objects.create(name="not yet")
        begun = time.monotonic()
        (seen,) = at_once(1, lambda _: Bookmark.objects.count())

        assert seen == 0
        assert time.monotonic() - begun < 5


def test_foreign_keys_hold(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        _escalate_to_nobody()


def _escalate_to_nobody() -> None:
    Escalation.objects.create(work_kind="case", work_id=1, department_id=99, person_id=99, at=FOUNDED)
    connection.check_constraints()  # what the commit would do
