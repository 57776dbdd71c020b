"""The team board: whom it shows, what presses, what stands still, and what is done from it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kefu.cases import actions as cases
from kefu.cases.models import Case, Urge
from kefu.cases.tests.desk import desk_of, page_of, repair
from kefu.core.ledger import SYSTEM
from kefu.core.ledger.models import Event
from kefu.core.worktime import Calendar
from kefu.home.board import Board, board_of, is_stuck
from kefu.staff import actions as staff
from tests.cast import Cast, local, present

pytestmark = pytest.mark.db
HOUR = timedelta(hours=1)


def names(board: Board) -> list[str]:
    return [one.person.name for one in board.mates]


def numbers(rows: list[Case]) -> list[str]:
    return [one.number for one in rows]


def test_a_leader_sees_who_is_here_and_what_they_hold(cast: Cast) -> None:
    at = timezone.now()
    present(cast.agent, at)
    cases.take(repair(cast, at=at - 48 * HOUR), by=cast.agent, at=at - 47 * HOUR)
    cases.take(repair(cast, at=at), by=cast.agent, at=at)

    board = board_of(cast.supervisor, at)

    first = board.mates[0]
    assert (first.person, first.here, first.running, first.missed) == (cast.agent, True, 2, 1)
    assert first.oldest == at - 48 * HOUR
    assert cast.stranger.name not in names(board)
    assert [one.here for one in board.mates[1:]] == [False] * (len(board.mates) - 1)


def test_who_leads_nobody_has_no_board_and_a_leader_not_that_of_others(cast: Cast) -> None:
    at = timezone.now()
    case = repair(cast)

    assert board_of(cast.agent, at) == Board([], [], [], [])
    assert "您没有带班组" in page_of(desk_of(cast.agent).get("/team/"))
    board = board_of(cast.engineering_supervisor, at)
    assert set(names(board)) == {cast.engineering_supervisor.name, cast.worker.name}
    assert case.number not in numbers(board.pressing + board.stuck + board.free)


def test_a_team_leader_without_a_post_sees_the_team(cast: Cast) -> None:
    at = timezone.now()
    team = staff.make_team(cast.service_centre, name="一班", leader=cast.other_agent, by=SYSTEM, at=at)
    staff.join_team(cast.agent, team=team, by=SYSTEM, at=at)

    assert names(board_of(cast.other_agent, timezone.now())) == [cast.agent.name]


def test_the_most_pressing_stands_first_and_the_longest_free(cast: Cast) -> None:
    at = timezone.now()
    calm, older, late = repair(cast, at=at), repair(cast, at=at - HOUR), repair(cast, at=at - HOUR)
    Case.objects.filter(pk=calm.pk).update(due_at=at + 9 * HOUR)
    Case.objects.filter(pk=older.pk).update(due_at=at + timedelta(minutes=5), opened_at=at - 2 * HOUR)
    Case.objects.filter(pk=late.pk).update(due_at=at - HOUR)

    board = board_of(cast.supervisor, at)

    assert numbers(board.pressing) == [late.number, older.number]
    assert numbers(board.free) == [older.number, late.number, calm.number]


@pytest.mark.parametrize(
    ("touched", "asked", "stuck"),
    [
        ("2026-09-24 16:00", "2026-09-28 15:59", False),  # the holiday between does not count
        ("2026-09-24 16:00", "2026-09-28 16:00", True),
        ("2026-09-23 10:00", "2026-09-24 09:59", False),
        ("2026-09-23 10:00", "2026-09-24 10:00", True),
    ],
)
def test_stuck_is_what_nothing_happened_to_for_a_working_day(
    cast: Cast, touched: str, asked: str, stuck: bool
) -> None:
    calendar: Calendar = repair(cast).rulebook.calendar

    assert is_stuck(calendar, local(touched), local(asked)) is stuck


def test_the_board_asks_as_much_for_thirty_people_as_for_three(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    at = timezone.now()

    def fill(people: range) -> None:
        for number in people:
            one = staff.add_person(
                cast.service_centre, login=f"p{number}", name=f"员工{number}", by=SYSTEM, at=at - HOUR
            )
            case = repair(cast, at=at - 30 * HOUR)
            Case.objects.filter(pk=case.pk).update(owner=one)

    fill(range(3))
    board_of(cast.supervisor, timezone.now())
    with django_assert_max_num_queries(60) as asked:
        board_of(cast.supervisor, timezone.now())
    few = len(asked.captured_queries)
    fill(range(3, 30))
    with django_assert_max_num_queries(few):
        board = board_of(cast.supervisor, timezone.now())
    assert len(board.mates) >= 30


def test_reassigning_nudging_and_supervising_are_on_the_ledger(cast: Cast) -> None:
    case, desk = repair(cast), desk_of(cast.supervisor)
    until = (timezone.localtime() + HOUR).strftime("%Y-%m-%dT%H:%M")
    chosen = {"case": case.number, "reason": "客户又来电", "feedback_by": until}

    for verb in ("assign", "nudge", "supervise"):
        assert desk.post(f"/team/{verb}/", chosen | {"to": cast.agent.name}).status_code == 302

    case.refresh_from_db()
    assert case.owner == cast.agent
    assert Urge.objects.filter(case=case).count() == 2
    kinds = set(Event.objects.filter(subject_kind="case", subject_id=case.pk).values_list("kind", flat=True))
    assert {"case.assigned", "case.nudged", "case.supervised"} <= kinds


def test_a_refusal_stands_on_the_board_and_what_was_typed_stays(cast: Cast) -> None:
    case, desk = repair(cast), desk_of(cast.supervisor)
    refused = desk.post("/team/assign/", {"case": case.number, "to": "胡杰"})

    assert refused.status_code == 422
    assert "看板上没有「胡杰」" in page_of(refused)
    assert 'value="胡杰"' in page_of(refused)
    assert (
        desk.post("/team/supervise/", {"case": case.number, "reason": "x", "feedback_by": "x"}).status_code
        == 422
    )
    unknown = desk_of(cast.stranger).post("/team/assign/", {"case": case.number, "to": cast.stranger.name})
    assert unknown.status_code == 404
    case.refresh_from_db()
    assert case.owner is None


def test_the_board_reads_open_cases_whatever_was_closed(cast: Cast) -> None:
    if connection.vendor != "sqlite":
        return  # PostgreSQL chooses by what the tables hold, and here they hold nothing
    with CaptureQueriesContext(connection) as queries:
        board_of(cast.supervisor, timezone.now())
    asked = [one["sql"] for one in queries if 'FROM "cases_case"' in one["sql"]]

    plans = []
    with connection.cursor() as cursor:
        for sql in asked:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            plans.append(" ".join(row[-1] for row in cursor.fetchall() if "cases_case" in row[-1]))

    assert len(plans) >= 4
    assert [plan for plan in plans if "INDEX open_cases_" not in plan] == []
    (longest,) = [
        plan for sql, plan in zip(asked, plans, strict=True) if 'ORDER BY "cases_case"."changed_at"' in sql
    ]
    assert "COVERING INDEX open_cases_by_changed" in longest
