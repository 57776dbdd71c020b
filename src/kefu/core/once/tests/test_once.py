"""A thing is done once per key."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from kefu.core.jobs.running import Run
from kefu.core.ledger.models import Bookmark
from kefu.core.once.actions import forget_old, once
from kefu.core.once.models import KeptAnswer
from tools.at_once import at_once
from tools.fresh_database import FreshDatabase

pytestmark = pytest.mark.db
NINE = datetime(2026, 9, 24, 1, 0, tzinfo=UTC)


def test_a_repetition_is_answered_and_not_done(db: None) -> None:
    done: list[int] = []

    def do() -> dict[str, int]:
        done.append(1)
        return {"number": len(done)}

    assert [once("form:a", at=NINE, do=do) for _ in range(3)] == [{"number": 1}] * 3
    assert once("form:b", at=NINE, do=do) == {"number": 2}
    assert len(done) == 2


def test_what_fails_leaves_nothing_and_may_be_asked_again(db: None) -> None:
    def fail() -> None:
        Bookmark.objects.create(name="half done")
        raise OSError("no paper")

    with pytest.raises(OSError, match="no paper"):
        once("form:a", at=NINE, do=fail)

    assert not Bookmark.objects.exists()
    assert once("form:a", at=NINE, do=lambda: "now") == "now"


def test_of_several_at_once_one_does_it_and_all_get_its_answer(fresh_database: FreshDatabase) -> None:
    def do(number: int) -> int:
        Bookmark.objects.create(name=f"done by {number}")
        time.sleep(0.1)  # the others come meanwhile
        return number

    answers = at_once(4, lambda number: once("form:a", at=NINE, do=lambda: do(number)))

    assert len(set(answers)) == 1
    assert Bookmark.objects.filter(name__startswith="done by").count() == 1


def test_answers_are_forgotten_after_two_days_and_not_after_one(db: None) -> None:
    once("form:a", at=NINE, do=lambda: "answer")
    run = Run(0, "test", 0, {}, "")

    forget_old(run, NINE + timedelta(hours=25))
    assert KeptAnswer.objects.count() == 1

    forget_old(run, NINE + timedelta(hours=49))
    assert KeptAnswer.objects.count() == 0
