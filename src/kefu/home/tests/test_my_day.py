"""My day: all that somebody has to do, nearest promise first; and the notices."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kefu.cases import actions as cases
from kefu.cases.tests.desk import complaint, desk_of, page_of, repair
from kefu.core.ledger import SYSTEM
from kefu.core.rulebook.model import Ref
from kefu.core.work import actions as work
from kefu.core.work.models import Escalation
from kefu.documents import actions as papers
from kefu.documents.tests.paperwork import SIGNED, sheet, with_forms
from kefu.home.day import day_of
from kefu.staff.actions.notices import notify
from kefu.staff.models import Notice, Person
from tests.cast import Cast

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def tell(person: Person, number: str = "WX20260924-0001") -> Notice:
    data = {"number": number, "kind_zh": "报修", "kind_en": "repair"}
    notice = notify(
        person, kind="work.told", subject=Ref("case", "1"), data=data, by=SYSTEM, at=timezone.now()
    )
    assert notice
    return notice


def test_own_work_stands_by_its_nearest_promise_and_the_missed_first(cast: Cast) -> None:
    at = timezone.now()
    later = cases.take(repair(cast, at=at), by=cast.agent, at=at)
    missed = cases.take(repair(cast, at=at - timedelta(hours=2)), by=cast.agent, at=at)

    day = day_of(cast.agent, at)

    assert [line.work.number for line in day.todo] == [missed.number, later.number]


def test_what_nobody_took_and_what_was_sent_to_us_stand_apart(cast: Cast) -> None:
    at = timezone.now()
    free, sent = repair(cast), complaint(cast)
    cases.assign(sent, cast.agent, by=cast.supervisor, at=at)
    work.assign(sent, None, by=cast.supervisor, at=at)

    assert free.number in [line.work.number for line in day_of(cast.agent, at).unassigned]
    assert [line.work.number for line in day_of(cast.engineering_supervisor, at).dispatched] == [sent.number]
    assert day_of(cast.stranger, at).unassigned == []


def test_a_paper_stands_with_whoever_goes_on_with_it(cast: Cast) -> None:
    at = timezone.now()
    with_forms(cast, at)
    draft = sheet(cast, at)
    ready = papers.move(sheet(cast, at), "signed", by=cast.agent, at=at, values=SIGNED)

    (mine,) = day_of(cast.agent, at).todo
    assert (mine.work, mine.title.zh, mine.state.zh) == (draft, "上门回访单", "草稿")
    (asked,) = [line for line in day_of(cast.supervisor, at).todo if line.work.noun == "document"]
    assert (asked.work, asked.about) == (ready, "王芳")
    assert f'href="/documents/{ready.number}/"' in page_of(desk_of(cast.supervisor).get("/"))
    assert day_of(cast.other_agent, at).todo == []


def test_an_escalation_waits_until_the_one_it_went_to_knows_of_it(cast: Cast) -> None:
    case, at = repair(cast), timezone.now()
    waiting = Escalation.objects.create(
        work_kind="case", work_id=case.pk, department=cast.service_centre, person=cast.supervisor, at=at
    )
    address = f"/escalations/{waiting.pk}/acknowledge/"
    assert case.number in page_of(desk_of(waiting.person).get("/"))

    assert desk_of(cast.stranger).post(address).status_code == 404
    waiting.refresh_from_db()
    assert waiting.acknowledged_at is None

    assert desk_of(waiting.person).post(address).status_code == 302
    waiting.refresh_from_db()
    assert waiting.acknowledged_at is not None


def test_a_fuller_day_asks_no_more_often(cast: Cast) -> None:
    desk = desk_of(cast.agent)
    cases.take(repair(cast), by=cast.agent, at=timezone.now())
    repair(cast)
    desk.get("/")  # what a process learns once
    with CaptureQueriesContext(connection) as short:
        desk.get("/")
    for _ in range(10):
        cases.take(repair(cast), by=cast.agent, at=timezone.now())
        repair(cast)

    with CaptureQueriesContext(connection) as long:
        desk.get("/")

    assert len(long) == len(short) < 45


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_notices_are_counted_read_and_said_in_the_persons_language(cast: Cast, language: str) -> None:
    Person.objects.filter(pk=cast.agent.pk).update(language=language)
    first, _second = tell(cast.agent), tell(cast.agent, "WX20260924-0002")
    desk = desk_of(cast.agent)

    page = page_of(desk.get("/notices/"))
    assert {"zh-hans": "报修 WX20260924-0001 有新进展", "en": "repair WX20260924-0001 has moved on"}[
        language
    ] in page
    assert re.search(r'class="count">2<', page)
    assert 'href="/cases/WX20260924-0001/"' in page

    desk.post("/notices/read/", {"notice": str(first.pk)})
    assert re.search(r'class="count">1<', page_of(desk.get("/notices/")))
    desk.post("/notices/read/")
    assert 'class="count"' not in page_of(desk.get("/notices/"))


def test_nobody_reads_the_notices_of_others(cast: Cast) -> None:
    notice = tell(cast.agent)

    desk_of(cast.other_agent).post("/notices/read/", {"notice": str(notice.pk)})

    notice.refresh_from_db()
    assert notice.read_at is None
    assert "WX20260924-0001" not in page_of(desk_of(cast.other_agent).get("/notices/"))


@pytest.mark.parametrize("place", ["x", "1 OR 1", "9" * 40])
def test_a_place_in_the_notices_that_means_nothing_is_refused(cast: Cast, place: str) -> None:
    answer = desk_of(cast.agent).get("/notices/", {"before": place})

    assert answer.status_code == 422
    assert "list.place" in page_of(answer)
