"""The rulebook reader, the ledger for the auditor, the state of the system, and what a monitor asks."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kefu.cases import actions
from kefu.cases.models import Case
from kefu.core.clocks.models import SweepBeat
from kefu.core.effects.models import StuckEffect
from kefu.core.ledger.models import Event
from kefu.core.versions.queries import confirmed_years
from tests.cast import Cast, browse

pytestmark = pytest.mark.db


@pytest.fixture
def case(cast: Cast) -> Case:
    return actions.register(
        "repair",
        department=cast.service_centre,
        by=cast.agent,
        at=timezone.now() - timedelta(days=1),
        subject="水龙头滴水",
        values={"surname": "孙", "telephone": "8000003", "content": "厨房龙头滴水"},
    )


def test_a_monitor_learns_that_pages_are_served_and_how_long_workers_are_silent(
    cast: Cast, client: Client
) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "database": "ok", "worker_seconds": None}

    SweepBeat.objects.create(pk=1, beat_at=timezone.now() - timedelta(minutes=5))
    assert 300 <= client.get("/healthz").json()["worker_seconds"] < 330


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_everybody_reads_the_rulebook_of_their_department(cast: Cast, client: Client, language: str) -> None:
    cast.worker.language = language
    cast.worker.save()
    browse(client, cast.worker)

    assert client.get("/rulebook/").headers["Location"] == "/rulebook/property/posts/"
    said = {"zh-hans": ("维修人员", "受理"), "en": ("repair worker", "accept")}[language]
    assert said[0] in client.get("/rulebook/property/posts/").content.decode()
    page = client.get("/rulebook/property/kinds/repair/").content.decode()
    assert said[1] in page
    assert page.count("<rect ") == 6
    for part in ("kinds", "clauses", "versions"):
        assert client.get(f"/rulebook/property/{part}/").status_code == 200


def test_every_kind_of_every_rulebook_in_use_can_be_drawn(cast: Cast, client: Client) -> None:
    from kefu.home.records import rulebooks_in_use

    browse(client, cast.agent)
    for book in rulebooks_in_use(timezone.now()):
        for kind in book.kinds:
            assert client.get(f"/rulebook/{book.name}/kinds/{kind}/").status_code == 200


def test_what_a_rulebook_does_not_have_is_unknown(cast: Cast, client: Client) -> None:
    browse(client, cast.agent)

    for address in ("/rulebook/telecom/posts/", "/rulebook/property/kinds/nothing/"):
        assert client.get(address).status_code == 404


def test_the_auditor_reads_the_ledger_by_kind_person_subject_and_day(
    cast: Cast, client: Client, case: Case
) -> None:
    browse(client, cast.auditor)

    def rows(query: str) -> str:
        answer = client.get(f"/ledger/?{query}")
        assert answer.status_code == 200
        return answer.content.decode().partition("<tbody>")[2]

    assert case.number in rows("kind=case.opened")
    assert case.number not in rows("kind=case.moved")
    assert case.number in rows(f"person={cast.agent.pk}")
    assert case.number not in rows(f"person={cast.worker.pk}")
    assert case.number in rows(f"subject={case.number}")
    day = timezone.localtime(case.opened_at).date()
    assert case.number in rows(f"kind=case.opened&day={day}")
    assert case.number not in rows(f"kind=case.opened&day={day + timedelta(days=1)}")
    first = Event.objects.get(kind="case.opened")
    assert case.number not in rows(f"kind=case.opened&after={first.seq}")


@pytest.mark.parametrize("query", ["person=x", "day=2026-02-30", "day=99999-01-01", "after=-1"])
def test_a_filter_that_means_nothing_is_refused(cast: Cast, client: Client, query: str) -> None:
    answer = browse(client, cast.auditor).get(f"/ledger/?{query}")

    assert answer.status_code == 422
    assert "what you typed" not in answer.content.decode(), "nobody typed anything"
    assert "ledger.filter" in answer.content.decode()


def test_rows_of_the_ledger_cost_no_queries_of_their_own(cast: Cast, client: Client, case: Case) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browse(client, cast.auditor)
    with CaptureQueriesContext(connection) as few:
        client.get("/ledger/?kind=case.opened")
    with CaptureQueriesContext(connection) as many:
        client.get("/ledger/")
    assert len(many) <= len(few) + 1


def test_the_ledger_is_closed_to_everybody_else(cast: Cast, client: Client) -> None:
    for person in (cast.agent, cast.manager, cast.stranger):
        answer = browse(client, person).get("/ledger/")
        assert answer.status_code == 403
        assert "ledger.not_yours" in answer.content.decode()


def test_a_stuck_effect_is_seen_and_tried_again(cast: Cast, client: Client, case: Case) -> None:
    at = timezone.now()
    stuck = StuckEffect.objects.create(
        key=f"step:case:{case.pk}:dispatch:1:0",
        subject_kind="case",
        subject_id=str(case.pk),
        error="ValueError: nobody holds the post",
        first_at=at,
        retry_at=at + timedelta(hours=1),
    )
    browse(client, cast.owner)

    assert stuck.key in client.get("/system/").content.decode()
    assert client.post(f"/system/stuck/{stuck.pk}/retry/").status_code == 302
    stuck.refresh_from_db()
    assert stuck.retry_at <= timezone.now()
    event = Event.objects.get(kind="effect.retried")
    assert event.actor == cast.owner.actor_id
    assert browse(client, cast.agent).post(f"/system/stuck/{stuck.pk}/retry/").status_code == 403


def test_a_notice_of_days_off_is_pasted_and_the_year_is_known(cast: Cast, client: Client) -> None:
    notice = "一、元旦:1月1日(周三)至1月3日(周五)放假调休,共3天。1月4日(周六)上班。"
    browse(client, cast.owner)

    nameless = client.post("/system/days-off/", {"notice": notice})
    nonsense = client.post("/system/days-off/", {"notice": "明年再说", "year": "2031"})
    taken = client.post("/system/days-off/", {"notice": notice, "year": "2031"}, follow=True)

    assert nameless.status_code == nonsense.status_code == 422
    assert notice in nameless.content.decode()
    assert "calendar.notice_" in nonsense.content.decode()
    assert "3 天" in taken.content.decode()
    assert 2031 in confirmed_years()
    assert Event.objects.get(kind="calendar.notice_imported").actor == cast.owner.actor_id


def test_the_state_of_the_system_names_the_last_backup_and_unconfirmed_years(
    cast: Cast, client: Client, settings: object, tmp_path: object
) -> None:
    from pathlib import Path

    settings.KEFU_HOME = Path(str(tmp_path))  # type: ignore[attr-defined]  # the fixture's own magic
    told = {"made_at": timezone.now().isoformat(), "folder": "/backup/monday"}
    (Path(str(tmp_path)) / "last_backup.json").write_text(json.dumps(told))

    page = browse(client, cast.owner).get("/system/").content.decode()

    assert "/backup/monday" in page
    assert str(timezone.now().year + 1) in page
