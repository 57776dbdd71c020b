from __future__ import annotations

import io
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from python_calamine import load_workbook

from kefu.cases.importing.carrying import import_cases
from kefu.cases.importing.mapping import mapping_of
from kefu.cases.importing.reading import ADDED, read_lines
from kefu.cases.importing.refusing import refused_sheet
from kefu.cases.importing.tests.desk import HISTORY, LOG, NOW, carry, desk, row, sheet
from kefu.cases.importing.tests.test_mapping import REGISTER
from kefu.cases.models import Case, Message
from kefu.core.clocks.models import ClockRow
from kefu.core.ledger.actions import SYSTEM
from kefu.core.ledger.models import Event
from kefu.core.sheets import read_rows
from kefu.core.work.actions import assign
from kefu.core.work.models import Escalation
from kefu.staff.models import Department, Notice, Person

pytestmark = pytest.mark.db


@pytest.fixture
def department(db: None) -> Department:
    return desk()


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2016, 3, day, hour, minute, tzinfo=UTC)


def told(kind: str) -> list[tuple[str, datetime]]:
    """(name, instant) of the events of a kind, in the order of the ledger."""
    events = Event.objects.filter(kind=kind).order_by("seq")
    return [(event.data.get("name", ""), event.occurred_at) for event in events]


def test_a_history_is_carried_in_each_row_at_its_own_instant(department: Department) -> None:
    done = carry(department, HISTORY)

    assert (done.cases, done.rows, done.refused, done.held) == (1, 6, {}, {})
    case = Case.objects.get()
    assert (case.state, case.subject, case.department) == ("closed", "Mail · Slow", department)
    assert (case.opened_at, case.closed_at) == (at(1, 8), at(5, 9))
    assert case.values["assignment_group"] == "G2"
    assert told("case.opened") == [("opened", at(1, 8))]
    assert told("case.moved") == [
        ("updated_new", at(1, 8, 5)),
        ("activated", at(1, 8, 20)),
        ("asked_user", at(1, 9)),
        ("activated", at(1, 10)),
        ("resolved", at(1, 14)),
        ("closed", at(5, 9)),
    ]
    assert list(Message.objects.order_by("id").values_list("body", "at", "public")) == [
        ("on it", at(1, 8, 20), True),
        ("done", at(1, 14), True),
    ]


def test_clocks_say_what_they_would_have_said(department: Department) -> None:
    carry(department, HISTORY)

    first, solution = ClockRow.objects.order_by("clock")
    assert (first.state, first.due_at, first.ended_at) == ("met", at(1, 8, 30), at(1, 8, 20))
    assert (solution.state, solution.missed_at, solution.ended_at) == ("missed", at(1, 13), at(1, 14))


def test_steps_stand_at_their_instants_and_nobody_is_told(department: Department) -> None:
    carry(department, HISTORY)

    steps = told("clock.step")
    assert ("step:resolution:1:1", at(1, 13)) in steps
    assert all(before <= after for (_, before), (_, after) in pairwise(steps))
    assert not Notice.objects.exists()


def test_an_owner_is_not_reminded_of_what_was_due_years_ago(department: Department) -> None:
    carry(department, HISTORY[:2], at=at(1, 8, 30))
    assign(Case.objects.get(), Person.objects.get().pk, by=SYSTEM, at=at(1, 8, 30))

    carry(department, HISTORY)

    assert ("step:resolution:1:0", at(1, 12)) in told("clock.step")  # premise: it asks to remind the owner
    assert not Notice.objects.exists()


def test_a_step_at_the_very_instant_of_its_stop_does_not_happen(department: Department) -> None:
    carry(department, [*HISTORY[:1], row(HISTORY[1], updated="1/3/2016 08:30")])

    assert ("step:first_response:1:1", at(1, 8, 30)) not in told("clock.step")  # due is inclusive: it was met
    assert ClockRow.objects.get(clock="first_response").state == "met"


def test_a_case_still_open_has_had_its_steps_up_to_now(department: Department) -> None:
    carry(department, HISTORY[:2])

    assert ClockRow.objects.get(clock="resolution").state == "missed"
    assert not ClockRow.objects.filter(next_at__lte=NOW).exists()  # or the sweep would tell people about 2016
    assert not Notice.objects.exists()
    assert not Escalation.objects.exclude(at__lt=at(2, 0)).exists()


def test_a_second_run_adds_nothing(department: Department) -> None:
    carry(department, HISTORY)
    events = len(told("case.moved"))

    again = carry(department, HISTORY)

    assert (again.cases, again.rows, again.known) == (0, 0, 6)
    assert len(told("case.moved")) == events == 6


def test_later_rows_of_a_known_case_go_on_where_it_stands(department: Department) -> None:
    carry(department, HISTORY[:4], at=at(1, 11))

    done = carry(department, HISTORY)

    assert (done.cases, done.rows, done.known) == (0, 2, 4)
    assert Case.objects.get().state == "closed"
    assert len(told("case.moved")) == 6


def test_a_dry_run_says_the_same_and_changes_nothing(department: Department) -> None:
    rows = [*HISTORY, row(number="INC2", priority="?")]

    would = carry(department, rows, dry=True)

    assert not Case.objects.exists()
    done = carry(department, rows)
    assert (would.cases, would.rows, would.refused.keys()) == (done.cases, done.rows, done.refused.keys())
    assert done.cases == 1


def test_a_case_is_carried_in_whole_or_not_at_all(department: Department) -> None:
    bad = row(HISTORY[3], updated="32/3/2016 10:00")

    done = carry(department, [*HISTORY[:3], bad, *HISTORY[4:], row(number="INC2")])

    assert {number: why.code for number, why in done.refused.items()} == {5: "import.instant"}
    assert {number: why.code for number, why in done.held.items()} == dict.fromkeys(
        (2, 3, 4, 6, 7), "import.case_refused"
    )
    assert [case.import_key for case in Case.objects.all()] == ["old_desk:INC2"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([row(priority="?")], "form.missing"),
        ([row(category="系" * 201)], "line.too_long"),
        ([row(opened="1/3/2009 08:00", updated="1/3/2009 08:05")], "rulebook.not_published"),
        ([*HISTORY, row(HISTORY[2], updated="6/3/2016 08:00")], "import.no_move"),
        ([row(HISTORY[1], note="长" * 20_001)], "message.too_long"),
    ],
)
def test_what_the_actions_refuse_is_refused_by_its_row(
    department: Department, rows: list[str], code: str
) -> None:
    done = carry(department, rows)

    assert {number: why.code for number, why in done.refused.items()} == {len(rows) + 1: code}
    assert not Case.objects.exists()


def test_a_row_older_than_what_is_on_record_is_refused(department: Department) -> None:
    carry(department, HISTORY)

    done = carry(department, [row(HISTORY[2], note="forgotten")])

    assert [why.code for why in done.refused.values()] == ["import.too_late"]


def test_mended_rows_come_back_in_from_the_sheet_of_refused_ones(department: Department) -> None:
    bad = [*HISTORY[:3], row(HISTORY[3], updated="32/3/2016 10:00"), *HISTORY[4:]]
    done = carry(department, [row(number="INC2"), *bad])
    made = refused_sheet(sheet(row(number="INC2"), *bad), {**done.held, **done.refused}, "zh-hans")

    table = load_workbook(io.BytesIO(made)).get_sheet_by_index(0).to_python()
    assert tuple(table[0][:3]) == ADDED[::2]
    assert [line[0] for line in table[1:]] == ["3", "4", "5", "6", "7", "8"]
    assert "32/3/2016" in str(table[4][1])
    mended = [[str(cell).replace("32/3", "1/3") for cell in line] for line in table]
    text = "\n".join(",".join(line) for line in [mended[0], *([*m[:1], "", *m[2:]] for m in mended[1:])])
    cases = read_lines(read_rows(io.BytesIO(text.encode())), LOG, now=NOW)
    again = import_cases(cases, LOG, department=department, at=NOW)

    assert (again.cases, again.rows, again.refused) == (1, 6, {})
    assert Case.objects.get(import_key="old_desk:INC1").state == "closed"


def test_a_register_gives_each_row_a_case_and_its_moves(department: Department) -> None:
    letters = mapping_of(REGISTER.encode(), "letters.yaml")
    rows = "id,came,subject,answered,answer\n1,2019-01-01 08:00:00,路灯,2019-01-16 08:00:00,修好了\n"
    rows += "2,2019-01-01 08:00:00,树,2019-01-16 08:00:01,剪了\n3,2019-01-01 08:00:00,水,,\n"
    rows += "3,2019-01-02 08:00:00,电,,\n4,2019-01-02 08:00:00,电,2019-01-01 08:00:00,早\n"
    cases = read_lines(read_rows(io.BytesIO(rows.encode())), letters, now=NOW)

    done = import_cases(cases, letters, department=department, at=NOW)

    assert {number: why.code for number, why in done.refused.items()} == {
        5: "import.key_twice",
        6: "import.before_opened",
    }
    states = dict(ClockRow.objects.values_list("work_id", "state"))
    assert [states[case.pk] for case in Case.objects.order_by("import_key")] == ["met", "missed"]
