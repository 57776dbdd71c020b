"""Effects by their word, and what becomes of those that fail."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from kefu.core.db import write
from kefu.core.effects import actions, registry
from kefu.core.effects.actions import attempt, drop_retried, to_retry, waiting
from kefu.core.effects.models import KeptNotice, StuckEffect
from kefu.core.effects.registry import Cause, effect, perform
from kefu.core.ledger.actions import SYSTEM
from kefu.core.ledger.models import Bookmark, Event
from kefu.core.rulebook.expressions import Effect
from kefu.core.rulebook.model import Ref
from tests.cast import refuses
from tools.at_once import at_once
from tools.fresh_database import FreshDatabase

pytestmark = pytest.mark.db

NINE = datetime(2026, 9, 24, 1, 0, tzinfo=UTC)
CASE = Ref("case", "1")


class Subject:
    ref = CASE


@pytest.fixture(autouse=True)
def no_other_effects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_effects", {})


def fail() -> None:
    Bookmark.objects.create(name="half done")
    raise OSError("no paper")


def succeed() -> None:
    Bookmark.objects.create(name="after")


def test_a_word_is_carried_out_by_what_registered_for_it() -> None:
    done = []
    effect("notify")(lambda asked, subject, cause: done.append((asked.word, subject.ref, cause.key)))

    perform(Effect("notify"), Subject(), Cause(by=SYSTEM, at=NINE, key="step:1"))

    assert done == [("notify", CASE, "step:1")]
    assert registry.words() == {"notify"}
    with refuses("effect.unknown"):
        perform(Effect("escalate"), Subject(), Cause(by=SYSTEM, at=NINE, key="step:1"))
    with pytest.raises(ValueError, match="two functions carry out the effect 'notify'"):
        effect("notify")(lambda asked, subject, cause: None)


def test_what_fails_is_taken_back_and_kept_and_its_neighbours_stay(db: None) -> None:
    with write():
        Bookmark.objects.create(name="before")
        assert not attempt("step:1", CASE, fail, at=NINE)
        assert attempt("step:2", CASE, succeed, at=NINE)

    assert set(Bookmark.objects.values_list("name", flat=True)) == {"before", "after"}
    stuck = StuckEffect.objects.get()
    assert (stuck.key, stuck.first_at, stuck.retry_at) == ("step:1", NINE, NINE + timedelta(minutes=1))
    assert stuck.error == "OSError: no paper"
    assert waiting(CASE) == {"step:1": NINE + timedelta(minutes=1)}


def test_a_failure_is_kept_even_where_the_database_itself_refused(db: None) -> None:
    def twice() -> None:
        Bookmark.objects.bulk_create([Bookmark(name="same"), Bookmark(name="same")])

    assert not attempt("step:1", CASE, twice, at=NINE)

    assert "IntegrityError" in StuckEffect.objects.get().error


def test_a_success_forgets_the_failures_before_it(db: None) -> None:
    attempt("step:1", CASE, fail, at=NINE)

    assert attempt("step:1", CASE, lambda: None, at=NINE)

    assert waiting(CASE) == {}


def test_only_those_whose_pause_is_over_are_tried_again_each_subject_once(db: None) -> None:
    for key, subject in (
        ("step:1", CASE),
        ("step:2", CASE),
        ("reaction:3", CASE),
        ("step:4", Ref("duty", "9")),
    ):
        attempt(key, subject, fail, at=NINE)
    later = NINE + timedelta(minutes=1)

    assert to_retry("step:", at=later - timedelta(seconds=1)) == []
    assert set(to_retry("step:", at=later)) == {CASE, Ref("duty", "9")}

    attempt("step:2", CASE, fail, at=later)  # fails once more, so it is kept
    drop_retried("step:", CASE, at=later)
    assert set(waiting(CASE)) == {"step:2", "reaction:3"}


def test_asking_to_try_at_once_is_on_record(db: None) -> None:
    attempt("step:1", CASE, fail, at=NINE)

    actions.retry_at_once(StuckEffect.objects.get(), by=SYSTEM, at=NINE)

    assert StuckEffect.objects.get().retry_at == NINE
    assert Event.objects.get().data == {"key": "step:1"}


def test_of_workers_that_send_digests_at_once_one_tells_each_person(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, int]] = []

    def tell(person: int, kept: Sequence[KeptNotice], cause: Cause) -> None:
        time.sleep(0.1)  # the others come meanwhile
        told.append((person, len(kept)))

    monkeypatch.setattr(actions, "_digest", [tell])
    for number in range(6):
        person = number % 2
        KeptNotice.objects.create(
            key=str(number), person_id=person, subject_kind="case", subject_id="1", at=NINE
        )

    at_once(4, lambda _: actions.send_digests(at=NINE))

    assert sorted(told) == [(0, 3), (1, 3)]
    assert not KeptNotice.objects.exists()
