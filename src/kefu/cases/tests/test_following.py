"""Watching, pinning and being reminded: private, and only as long as one may see the case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kefu.cases import actions, following
from kefu.cases.models import Case, Pin, Reminder, Watch
from kefu.core.jobs.running import Run
from kefu.core.ledger.models import Event
from kefu.core.ledger.readers import advance
from kefu.staff.models import Notice, Person
from tests.cast import Cast, local, refuses

pytestmark = [pytest.mark.db, pytest.mark.django_db]
TEN = local("2026-09-24 10:00")
SLIP = {"surname": "王", "telephone": "13812345678", "content": "厨房水管滴水"}


def report(cast: Cast, **more: Any) -> Case:
    given: dict[str, Any] = {"by": cast.agent, "subject": "水管滴水", "values": SLIP} | more
    return actions.register("repair", department=cast.service_centre, at=TEN, **given)


def told(person: Person, kind: str = "case.watched") -> int:
    while advance("cases.following"):
        pass
    return Notice.objects.filter(person=person, kind=kind).count()


def tick(minutes: float) -> int:
    run = Run(1, "", 0, {}, "")
    return following.remind_due(run, TEN + timedelta(minutes=minutes))


def test_who_watches_hears_of_a_change_once_until_they_have_read_it(cast):
    case = report(cast)
    following.watch(case, by=cast.supervisor, at=TEN)
    following.watch(case, by=cast.supervisor, at=TEN)
    for words in ("已联系", "已约时间"):
        actions.add_message(case, by=cast.agent, at=TEN, body=words, public=False)

    assert told(cast.supervisor) == 1
    Notice.objects.filter(person=cast.supervisor).update(read_at=TEN)
    actions.add_message(case, by=cast.agent, at=TEN, body="已到场", public=False)
    assert told(cast.supervisor) == 2


def test_ones_own_change_is_no_news(cast):
    case = report(cast)
    following.watch(case, by=cast.agent, at=TEN)
    actions.add_message(case, by=cast.agent, at=TEN, body="已联系", public=False)

    assert told(cast.agent) == 0


def test_who_does_not_watch_or_may_not_see_it_any_more_is_told_nothing(cast):
    case = report(cast)
    Watch.objects.create(case=case, person=cast.stranger, at=TEN)
    following.watch(case, by=cast.supervisor, at=TEN)
    following.unwatch(case, by=cast.supervisor)
    actions.add_message(case, by=cast.agent, at=TEN, body="已联系", public=False)

    assert told(cast.stranger) == told(cast.supervisor) == 0


def test_a_reminder_comes_at_its_time_and_once(cast):
    following.remind(report(cast), by=cast.agent, at=TEN, due_at=TEN + timedelta(minutes=20), note="回电")

    assert tick(19) == 0
    assert tick(20) == 1
    assert tick(21) == 0
    assert told(cast.agent, "case.reminder") == 1


def test_a_reminder_by_share_follows_the_promise(cast):
    case = report(cast)  # its dispatch is promised within five minutes
    reminder = following.remind(case, by=cast.agent, at=TEN, share=60)
    assert reminder.due_at == TEN + timedelta(minutes=3)

    actions.move(
        case,
        "accepted",
        by=cast.agent,
        at=TEN + timedelta(minutes=1),
        values={"fault": "dripping_tap", "size": "small"},
    )
    values = {"worker": str(cast.worker.pk), "medium": "radio"}
    actions.move(case, "dispatched", by=cast.agent, at=TEN + timedelta(minutes=2), values=values)
    told(cast.agent)
    reminder.refresh_from_db()

    assert reminder.due_at == TEN + timedelta(
        minutes=2 + 18
    )  # the next promise: to come or say so in half an hour


def test_a_reminder_lies_ahead(cast):
    case = report(cast)

    with refuses("reminder.past"):
        following.remind(case, by=cast.agent, at=TEN, due_at=TEN)
    with refuses("reminder.past"):
        following.remind(case, by=cast.agent, at=TEN + timedelta(minutes=4), share=10)
    with refuses("reminder.share"):
        following.remind(case, by=cast.agent, at=TEN, share=101)
    actions.void(case, by=cast.agent, at=TEN, reason="登记错误")
    case.refresh_from_db()
    with refuses("reminder.no_promise"):
        following.remind(case, by=cast.agent, at=TEN, share=50)


def test_pins_are_ones_own_latest_first_and_only_of_open_cases_one_sees(cast):
    cases = [report(cast) for _ in range(3)]
    for minute, case in enumerate(cases):
        following.pin(case, by=cast.agent, at=TEN + timedelta(minutes=minute))
    following.unpin(cases[1], by=cast.agent)
    Pin.objects.create(person=cast.stranger, case=cases[0], at=TEN)

    assert following.pinned(cast.agent, TEN) == [cases[2], cases[0]]
    assert following.pinned(cast.stranger, TEN) == []
    actions.void(cases[0], by=cast.agent, at=TEN, reason="登记错误")
    assert following.pinned(cast.agent, TEN) == [cases[2]]


def test_there_is_an_end_to_pins_and_reminders(cast, monkeypatch):
    monkeypatch.setattr(following, "MOST", 1)
    for case, refused in ((report(cast), False), (report(cast), True)):
        if not refused:
            following.pin(case, by=cast.agent, at=TEN)
            following.remind(case, by=cast.agent, at=TEN, share=50)
            continue
        with refuses("pin.most"):
            following.pin(case, by=cast.agent, at=TEN)
        with refuses("reminder.most"):
            following.remind(case, by=cast.agent, at=TEN, share=50)


def test_nothing_of_it_is_on_the_ledger(cast):
    case = report(cast)
    before = Event.objects.count()
    following.watch(case, by=cast.supervisor, at=TEN)
    following.pin(case, by=cast.supervisor, at=TEN)
    following.forget(following.remind(case, by=cast.supervisor, at=TEN, share=50))

    assert Event.objects.count() == before
    assert not Reminder.objects.exists()
