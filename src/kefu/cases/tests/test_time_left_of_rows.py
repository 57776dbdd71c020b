"""What is left of a case's promise, in its own unit: over National Day, while it is paused, and after that."""

from __future__ import annotations

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from kefu.cases import actions
from kefu.cases.models import Case
from kefu.cases.tests.desk import SLIP, desk_of, page_of
from kefu.web.remaining import Remaining, of_work, read_promises
from tests.cast import Cast, local

pytestmark = [pytest.mark.db, pytest.mark.django_db]
ACCEPTED = {"house_number": "1-201", "validity": "valid", "difficulty": "ordinary", "clarification": "致歉"}


def dispatched(cast: Cast, moves: list[tuple[str, str]]) -> Case:
    """A complaint sent to engineering on the eve of National Day at 16:00: eight working hours to contact the customer,
    two of them before the holiday. moves: what the department did, and when."""
    at, by = local("2026-09-30 16:00"), cast.agent
    case = actions.register(
        "complaint", department=cast.service_centre, by=by, at=at, subject="楼道灯不亮", values=SLIP
    )
    case = actions.move(case, "accepted", by=by, at=at, values=ACCEPTED)
    case = actions.move(case, "graded", by=by, at=at, values={"cause": "other", "severity": "minor"})
    sent = {"handling_department": str(cast.engineering.pk), "arrangement": "今日查看"}
    case = actions.move(case, "dispatched", by=by, at=at, values=sent)
    for name, moment in moves:
        case = actions.move(case, name, by=cast.engineering_supervisor, at=local(moment))
    return case


def waiting(cast: Cast) -> Case:
    """An enquiry that waits for the customer: its one promise is paused."""
    at, by = local("2026-09-30 16:00"), cast.agent
    case = actions.register("enquiry", department=cast.service_centre, by=by, at=at, subject="物业费怎么交")
    for name in ("taken", "asked_customer"):
        case = actions.move(case, name, by=by, at=at)
    return case


def left(case: Case, moment: str) -> Remaining:
    case.refresh_from_db()
    read_promises([case])
    with translation.override("en"):
        found = of_work(case, local(moment))
    assert found is not None
    return found


TAKEN = [("taken_on", "2026-09-30 16:30")]
PAUSED = [*TAKEN, ("asked_customer", "2026-09-30 17:00")]
RESUMED = [*PAUSED, ("customer_answered", "2026-10-08 09:30")]


@pytest.mark.parametrize(
    ("moves", "moment", "tone", "share", "text"),
    [
        # to hand it back: half a working day
        ([], "2026-10-05 12:00", "calm", 50, "2 h of working time left"),
        ([], "2026-10-08 09:30", "warn", 75, "1 h of working time left"),
        (TAKEN, "2026-09-30 17:00", "calm", 12, "7 h of working time left"),
        (TAKEN, "2026-10-05 12:00", "calm", 25, "6 h of working time left"),
        (TAKEN, "2026-10-08 14:00", "warn", 75, "2 h of working time left"),
        (TAKEN, "2026-10-08 17:00", "late", 100, "1 h of working time over"),
        (PAUSED, "2026-10-08 17:00", "calm", 26, "21 d 23 h left"),  # of the month, which nothing pauses
        (RESUMED, "2026-10-08 09:30", "calm", 12, "7 h of working time left"),
        (RESUMED, "2026-10-08 15:30", "calm", 68, "2 h 30 min of working time left"),
    ],
)
def test_a_row_counts_in_the_unit_of_its_promise(
    cast: Cast, moves: list[tuple[str, str]], moment: str, tone: str, share: int | None, text: str
) -> None:
    found = left(dispatched(cast, moves), moment)

    assert (found.tone, found.share, found.text) == (tone, share, text)


def test_what_only_waits_is_paused_however_long(cast: Cast) -> None:
    found = left(waiting(cast), "2026-11-20 12:00")

    assert (found.tone, found.share, found.text) == ("held", None, "paused")


def test_what_only_waits_is_never_among_the_overdue(cast: Cast) -> None:
    case = waiting(cast)  # its time was up weeks ago, had it run

    assert case.due_at is None
    assert case.number not in page_of(desk_of(cast.agent).get("/cases/?list=overdue"))


def test_a_page_of_cases_is_asked_about_once(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    waiting(cast)
    for moves in (TAKEN, RESUMED):
        dispatched(cast, moves)
    cases = list(Case.objects.order_by("pk"))
    assert all(case.facts() for case in cases), "what a process learns once"

    with django_assert_num_queries(1):
        read_promises(cases)
        found = [of_work(case, local("2026-10-08 12:00")) for case in cases]

    assert [one.tone for one in found if one] == ["held", "calm", "calm"]


def test_the_queue_shows_a_paused_case_as_paused(cast: Cast) -> None:
    waiting(cast)

    page = page_of(desk_of(cast.agent).get("/cases/?list=department"))

    assert "due-held" in page
    assert "due-late" not in page
