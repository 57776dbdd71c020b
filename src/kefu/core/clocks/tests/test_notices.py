"""A notice of days off published late: what rested on a guess is worked out again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kefu.cases.models import Case
from kefu.core.clocks.models import ClockRow
from kefu.core.clocks.tests.desk import local
from kefu.core.clocks.tests.live import live, row
from kefu.core.clocks.verify import differences
from kefu.core.jobs.models import Job
from kefu.core.jobs.worker import run_due
from kefu.core.ledger.actions import SYSTEM
from kefu.core.ledger.readers import advance
from kefu.core.versions import queries
from kefu.core.versions.actions import import_notice

pytestmark = pytest.mark.db

CLOCKS = """
survey: {clause: one, starts: opened, stops: solved, due: 5 working days}
reply: {clause: one, starts: opened, stops: solved, due: 24 hours}
"""
# Made up: no notice for that year exists.
NOTICE = "一、元旦:1月1日(周三)至1月3日(周五)放假调休,共3天。1月4日(周六)上班。"
NOW = local("2030-12-31 12:00")


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """Row numbers come again after a test's rollback; the process remembers notices by them."""
    yield
    queries._known.batch = ""
    queries._notices.cache_clear()
    queries._by_hash.cache_clear()


def run_all() -> None:
    while advance("clocks.notices"):
        pass
    while run_due(at=NOW, worker="me"):
        pass


def test_due_instants_that_rested_on_a_guess_move_and_the_doubt_is_gone(db: None) -> None:
    desk = live(CLOCKS)
    case = desk.open("2030-12-30 09:00")
    assert row(case, "survey").unconfirmed == [2030, 2031]
    guessed = row(case, "survey").due_at

    import_notice(NOTICE, 2031, by=SYSTEM, at=NOW)
    queries._known.batch = ""  # the worker is another process
    run_all()

    assert row(case, "survey").unconfirmed == [2030]
    assert row(case, "survey").due_at > guessed
    assert Case.objects.get(pk=case.pk).due_at == row(case, "reply").due_at
    assert list(differences(at=NOW)) == []
    job = Job.objects.get(handler="clocks.work_out_again")
    assert (job.ended_as, job.result, job.done_count) == ("done", 1, 1)


def test_what_rests_on_no_guess_is_not_touched(db: None) -> None:
    desk = live(CLOCKS)
    desk.open("2026-09-10 09:00")
    before = list(ClockRow.objects.values_list())

    import_notice(NOTICE, 2031, by=SYSTEM, at=NOW)
    run_all()

    assert list(ClockRow.objects.values_list()) == before
    assert Job.objects.get(handler="clocks.work_out_again").result == 0
