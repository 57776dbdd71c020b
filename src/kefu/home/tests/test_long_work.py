"""Long work on its page: how far it is, who may see it, stopping it, and going on."""

from __future__ import annotations

import io
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kefu.cases import actions
from kefu.core.clocks.models import SweepBeat
from kefu.core.jobs import registry
from kefu.core.jobs.models import Job
from kefu.core.jobs.worker import run_due
from kefu.core.ledger.models import Event
from kefu.core.sheets import read_rows
from kefu.staff import long_work
from kefu.staff.long_work import Task, begin
from kefu.staff.models import Notice
from tests.cast import Cast, browse

pytestmark = pytest.mark.db

ROWS = 60


@pytest.fixture(autouse=True)
def counting(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A kind of long work that counts to `ROWS`, `arguments["stop_at"]` asking for its own stop on the way."""
    counted: list[int] = []

    def act(task: Task) -> dict[str, Any]:
        for done in range(0, ROWS, 20):
            if done == task.arguments.get("stop_at"):
                Job.objects.exclude(owner="").update(cancel_asked=True)
            if not task.progress(done, ROWS):
                break
            counted.append(done)
        return {"carried": len(counted), "page": "staff:import", "back": "staff:list"}

    monkeypatch.setattr(long_work, "_kinds", {**long_work._kinds})
    monkeypatch.setattr(registry, "_handlers", {**registry._handlers})
    long_work.long_work("test.counting", "数数", "staff/imported.html", act)
    return counted


def worked() -> None:
    while run_due(at=timezone.now(), worker="me", asked=True):
        pass


def page(client: Client, job: Job, **headers: str) -> str:
    return unescape(client.get(f"/long-work/{job.pk}/", headers=headers).content.decode())


def test_only_who_began_it_and_the_owner_see_it(cast: Cast, client: Client) -> None:
    job = begin("test.counting", {}, by=cast.agent, at=timezone.now())

    for person, status in ((cast.agent, 200), (cast.owner, 200), (cast.manager, 404), (cast.stranger, 404)):
        desk = browse(Client(), person)
        assert desk.get(f"/long-work/{job.pk}/").status_code == status
        assert desk.post(f"/long-work/{job.pk}/go-on/").status_code in (404, 422)
        assert ("数数" in unescape(desk.get("/long-work/").content.decode())) == (status == 200)
    assert browse(Client(), cast.manager).post(f"/long-work/{job.pk}/cancel/").status_code == 404
    assert Job.objects.get(pk=job.pk).ended_at is None


def test_the_page_asks_once_a_second_until_the_end(cast: Cast, client: Client) -> None:
    desk = browse(client, cast.agent)
    job = begin("test.counting", {}, by=cast.agent, at=timezone.now())

    assert 'hx-trigger="every 1s"' in page(desk, job)
    fragment = page(desk, job, **{"HX-Request": "true"})
    assert fragment.lstrip().startswith("<section")
    worked()

    assert "hx-trigger" not in page(desk, job, **{"HX-Request": "true"})
    assert "已导入 3 行" in page(desk, job)


def test_a_running_job_says_how_far_it_is_and_how_long_it_will_take(cast: Cast, client: Client) -> None:
    at = timezone.now()
    job = begin("test.counting", {}, by=cast.agent, at=at)
    Job.objects.filter(pk=job.pk).update(
        began_at=at - timedelta(minutes=2),
        lease_until=at + timedelta(minutes=1),
        done_count=20,
        total_count=120,
    )

    shown = page(browse(client, cast.agent), job)

    assert 'max="120" value="20"' in shown
    assert "20 / 120" in shown
    assert "约剩 10 分钟" in shown
    assert cast.agent.name in shown


def test_without_a_worker_the_page_says_so(cast: Cast, client: Client) -> None:
    at = timezone.now()
    job = begin("test.counting", {}, by=cast.agent, at=at - timedelta(minutes=1))
    desk = browse(client, cast.agent)

    assert "kefu work" in page(desk, job)
    SweepBeat.objects.update_or_create(pk=1, defaults={"beat_at": at})
    assert "kefu work" not in page(desk, job)
    assert "尚未" in page(desk, job)


def test_what_has_not_begun_is_stopped_at_once(cast: Cast, client: Client, counting: list[int]) -> None:
    job = begin("test.counting", {}, by=cast.agent, at=timezone.now())

    browse(client, cast.agent).post(f"/long-work/{job.pk}/cancel/")
    worked()

    assert counting == []
    assert Job.objects.get(pk=job.pk).ended_as == "cancelled"


def test_a_stopped_run_says_what_is_done_and_goes_on_when_asked(
    cast: Cast, client: Client, counting: list[int]
) -> None:
    desk = browse(client, cast.agent)
    job = begin("test.counting", {"stop_at": 20}, by=cast.agent, at=timezone.now())
    worked()

    assert counting == [0]
    assert "已导入 1 行" in page(desk, job)
    assert Notice.objects.get().kind == "long_work.stopped"
    following = desk.post(f"/long-work/{job.pk}/go-on/").headers["Location"]
    assert desk.post(f"/long-work/{job.pk}/go-on/").headers["Location"] == following


def test_what_is_done_cannot_be_gone_on_with(cast: Cast, client: Client) -> None:
    job = begin("test.counting", {}, by=cast.agent, at=timezone.now())
    worked()

    answer = browse(client, cast.agent).post(f"/long-work/{job.pk}/go-on/")

    assert answer.status_code == 422
    assert "long_work.over" in answer.content.decode()


def test_the_list_asks_no_more_for_more_rows(
    cast: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    desk = browse(client, cast.owner)
    for person in (cast.agent, cast.manager, cast.stranger) * 5:
        begin("test.counting", {}, by=person, at=timezone.now())
    desk.get("/long-work/")

    with django_assert_max_num_queries(14):
        desk.get("/long-work/")


# --- exports --------------------------------------------------------------------------------------------------


def registered(cast: Cast, subject: str) -> None:
    at = timezone.now() - timedelta(minutes=1)
    values = {"surname": "王", "telephone": "8000001", "content": "x"}
    actions.register(
        "complaint", department=cast.service_centre, by=cast.agent, at=at, subject=subject, values=values
    )


@pytest.mark.parametrize(("form", "first"), [("xlsx", "=电梯停运"), ("csv", "'=电梯停运")])
def test_the_cases_of_a_list_come_as_a_sheet_that_runs_nothing(
    cast: Cast, client: Client, form: str, first: str
) -> None:
    registered(cast, "=电梯停运")
    actions.register("enquiry", department=cast.sales, by=cast.stranger, at=timezone.now(), subject="报价")
    desk = browse(client, cast.manager)

    address = desk.post("/cases/export/", {"list": "all", "form": form}).headers["Location"]
    worked()
    answer = desk.get(f"{address}file/")

    rows = [cells["主题"] for _, cells in read_rows(io.BytesIO(answer.content))]
    assert rows == [first]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert browse(Client(), cast.agent).get(f"{address}file/").status_code == 404


def test_the_ledger_says_who_exported_what_and_not_the_words_searched_for(cast: Cast, client: Client) -> None:
    registered(cast, "王小明家漏水")
    desk = browse(client, cast.manager)

    desk.post("/cases/export/", {"list": "all", "kind": "complaint", "q": "王小明", "form": "csv"})
    worked()

    event = Event.objects.get(kind="case.exported")
    assert event.actor == f"person:{cast.manager.pk}"
    assert event.data == {"list": "all", "kind": "complaint", "searched": True, "rows": 1, "form": "csv"}


def test_an_export_holds_what_one_may_see_when_it_is_made(cast: Cast, client: Client) -> None:
    registered(cast, "电梯停运")
    desk = browse(client, cast.manager)
    address = desk.post("/cases/export/", {"list": "all", "form": "csv"}).headers["Location"]

    cast.manager.holdings.update(until=timezone.now() - timedelta(seconds=5))
    type(cast.manager).objects.filter(pk=cast.manager.pk).update(department=cast.sales)
    worked()

    assert list(read_rows(io.BytesIO(desk.get(f"{address}file/").content))) == []


@pytest.mark.parametrize(
    ("given", "code"), [({"form": "pdf"}, "export.form"), ({"form": "csv", "grade": "x:y"}, "list.filter")]
)
def test_an_export_nobody_can_make_is_refused_at_once(
    cast: Cast, client: Client, given: dict[str, str], code: str
) -> None:
    answer = browse(client, cast.agent).post("/cases/export/", given)

    assert answer.status_code == 422
    assert code in answer.content.decode()
