"""The wall: who makes and ends one, what it counts, and that it tells no names."""

from __future__ import annotations

from copy import copy
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kefu.cases import actions as cases
from kefu.cases.models import Case, Rating
from kefu.cases.tests.desk import SLIP, desk_of, page_of, repair
from kefu.core.clocks.models import ClockRow
from kefu.core.ledger.models import Event
from kefu.home.models import Wall
from kefu.home.wall import make_wall, revoke_wall, wall_behind, walls_visible_to
from kefu.home.wall_figures import Wait, figures_of, waited
from tests.cast import FOUNDED, Cast, local, refuses

pytestmark = pytest.mark.db
ZONE = "Asia/Shanghai"
THURSDAY = local("2026-09-24 16:00")
PART = {"HX-Request": "true"}


def wall_of(cast: Cast, **more: object) -> tuple[Wall, str]:
    at = timezone.now()
    given = {"name": "大厅", "department": cast.service_centre, "by": cast.manager, "at": at} | more
    return make_wall(expires_at=at + timedelta(days=30), **given)  # type: ignore[arg-type]  # as given


def test_leaders_make_walls_of_what_they_lead_and_only_the_digest_is_kept(cast: Cast) -> None:
    wall, key = wall_of(cast, by=cast.supervisor)

    assert wall_behind(key, timezone.now()) == wall
    assert key not in str(Wall.objects.values().get())
    assert key not in str(list(Event.objects.values("data", "subject_id")))
    assert wall_of(cast, department=None, by=cast.owner)[0].department is None
    with refuses("wall.not_yours"):
        wall_of(cast, by=cast.agent)
    with refuses("wall.not_yours"):
        wall_of(cast, department=cast.sales)
    with refuses("wall.not_yours"):
        wall_of(cast, department=None, by=cast.supervisor)
    with refuses("wall.expiry"):
        make_wall(
            name="x",
            department=cast.service_centre,
            expires_at=FOUNDED + timedelta(days=401),
            by=cast.manager,
            at=FOUNDED,
        )


def test_an_unknown_a_revoked_and_an_expired_address_look_alike(cast: Cast, client: Client) -> None:
    wall, key = wall_of(cast)
    _, old = wall_of(cast)
    Wall.objects.exclude(pk=wall.pk).update(expires_at=timezone.now())
    unknown = client.get("/wall/no-such-key/")
    assert client.get(f"/wall/{key}/").status_code == 200

    revoke_wall(wall, by=cast.supervisor, at=timezone.now())

    for answer in (
        client.get(f"/wall/{key}/"),
        client.get(f"/wall/{old}/"),
        client.get(f"/wall/{key}/", headers=PART),
    ):
        assert answer.status_code == unknown.status_code == 404
        assert "数据更新于" not in page_of(answer)
    assert Event.objects.filter(kind="wall.revoked").count() == 1


def test_what_another_department_has_is_neither_listed_nor_ended(cast: Cast) -> None:
    wall, _ = wall_of(cast)

    assert not walls_visible_to(cast.engineering_supervisor, timezone.now()).exists()
    assert desk_of(cast.stranger).post(f"/walls/{wall.pk}/revoke/").status_code == 404
    assert desk_of(cast.supervisor).post(f"/walls/{wall.pk}/revoke/").status_code == 302
    with refuses("wall.not_yours"):
        revoke_wall(wall, by=cast.stranger, at=timezone.now())


def test_the_address_is_shown_once(cast: Cast) -> None:
    desk = desk_of(cast.manager)
    given = {"name": "大厅", "department": cast.service_centre.pk, "days": 30}
    made = page_of(desk.post("/walls/", given))

    assert "/wall/" in made
    assert "/wall/" not in page_of(desk.get("/walls/"))
    assert "大厅" in page_of(desk.get("/walls/"))


def test_figures_count_the_day_the_hour_and_what_is_open(cast: Cast) -> None:
    at = THURSDAY
    wall = Wall(department=cast.service_centre)
    yesterday = repair(cast, at=local("2026-09-23 23:59"))
    today = repair(cast, at=local("2026-09-24 00:00"))
    taken = cases.take(repair(cast, at=at), by=cast.agent, at=at)
    cases.void(repair(cast, at=at), by=cast.agent, at=at, reason="重复登记")
    ClockRow.objects.all().delete()
    promise(today, due_at=at + timedelta(minutes=60))
    promise(today, due_at=at, clock="other")
    promise(taken, due_at=at + timedelta(minutes=61))
    promise(yesterday, due_at=local("2026-09-23 23:59"), missed_at=local("2026-09-23 23:59"), state="missed")
    promise(taken, clock="late", due_at=at, missed_at=local("2026-09-24 00:00"), state="missed")

    found = figures_of(wall, ZONE, at)

    assert (found.intake, found.open, found.at_risk, found.missed) == (3, 3, 1, 1)
    assert [one.count for one in found.kinds] == [3]
    assert found.wait == Wait(16, "hours")


def promise(case: Case, **given: object) -> ClockRow:
    row = {"work_kind": "case", "work_id": case.pk, "department": case.department_id, "clock": "x", "run": 1}
    row |= {"version": case.version, "state": "running", "started_at": case.opened_at} | given
    return ClockRow.objects.create(**row)


def test_a_promise_is_missed_by_its_time_whether_or_not_the_sweep_came_by(cast: Cast) -> None:
    wall, at = Wall(department=cast.service_centre), THURSDAY
    case, other = repair(cast, at=at), repair(cast, at=at)
    ClockRow.objects.all().delete()
    promise(case, due_at=at)
    promise(case, clock="swept", due_at=at, missed_at=at, state="missed")
    promise(other, due_at=local("2026-09-23 23:59"))
    promise(other, clock="held", due_at=at, state="paused")

    def told(later: timedelta) -> tuple[int, int]:
        found = figures_of(wall, ZONE, at + later)
        return found.at_risk, found.missed

    assert told(-timedelta(minutes=61)) == (0, 0)
    assert told(-timedelta(minutes=60)) == (1, 0)
    assert told(timedelta(0)) == (1, 1)
    assert told(timedelta(seconds=1)) == (0, 1)


def test_cases_are_counted_by_the_indexes_made_for_it(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        figures_of(Wall(department=cast.service_centre), ZONE, THURSDAY)
    open_, came = [one["sql"] for one in queries if "GROUP BY" in one["sql"]]

    def plan(asked: str) -> str:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":  # the tables are small here
                cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
            cursor.execute(("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + asked)
            return " ".join(str(row[-1]) for row in cursor.fetchall())

    if connection.vendor == "sqlite":  # to PostgreSQL any index of an empty table is as good as another
        assert "COVERING INDEX open_cases_of_kind" in plan(open_)
    _fill(repair(cast, at=THURSDAY))
    assert "cases_by_opened" in plan(came)


def _fill(case: Case) -> None:
    """Three hundred days of cases, and a database that knows of them."""
    rows = []
    for number in range(300):
        row = copy(case)
        row.pk, row.number, row.opened_at = None, f"ZX{number}", THURSDAY - timedelta(days=number)
        rows.append(row)
    Case.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_the_organisation_counts_all_and_a_department_its_own(cast: Cast) -> None:
    repair(cast, at=THURSDAY)
    cases.register("enquiry", department=cast.sales, by=cast.stranger, at=THURSDAY, subject="询问", values={})

    counted = {
        unit: figures_of(Wall(department=department), ZONE, THURSDAY).intake
        for unit, department in {"all": None, "centre": cast.service_centre, "quality": cast.quality}.items()
    }

    assert counted == {"all": 2, "centre": 1, "quality": 0}


def test_satisfaction_is_the_mean_of_thirty_days(cast: Cast) -> None:
    given = ((5, THURSDAY), (4, THURSDAY - timedelta(days=29)), (1, THURSDAY - timedelta(days=30)))
    for marks, at in given:
        Rating.objects.create(case=repair(cast), department=cast.service_centre, marks=marks, at=at)

    found = figures_of(Wall(department=cast.service_centre), ZONE, THURSDAY)

    assert (found.marks, found.ratings) == (4.5, 2)
    assert figures_of(Wall(department=cast.sales), ZONE, THURSDAY).marks is None


def test_a_wait_is_told_in_few_digits() -> None:
    assert waited(timedelta(minutes=119, seconds=59)) == Wait(119, "minutes")
    assert waited(timedelta(hours=2)) == Wait(2, "hours")
    assert waited(timedelta(hours=47, minutes=59)) == Wait(47, "hours")
    assert waited(timedelta(hours=48)) == Wait(2, "days")


def test_nobody_is_named_on_a_wall(cast: Cast, client: Client) -> None:
    case = cases.take(repair(cast, "电梯困人", at=timezone.now()), by=cast.agent, at=timezone.now())
    _, key = wall_of(cast, name="陈静的大屏")

    shown = page_of(client.get(f"/wall/{key}/"))

    assert "今日受理" in shown
    for told in (
        case.subject,
        case.number,
        cast.agent.name,
        SLIP["surname"] + "先生",
        SLIP["telephone"],
        "陈静",
    ):
        assert told not in shown


def test_a_wall_costs_the_same_whatever_there_is(cast: Cast, client: Client) -> None:
    _, key = wall_of(cast)
    client.get(f"/wall/{key}/")

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(f"/wall/{key}/", headers=PART).status_code == 200
        return len(queries)

    repair(cast)
    before = asked()
    for _ in range(5):
        repair(cast)
    assert asked() == before
