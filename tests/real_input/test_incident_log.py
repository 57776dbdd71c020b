"""The log of a real IT desk comes in through the same actions as live work, and says what the raw rows say."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kefu.cases.importing.carrying import Carried, import_cases
from kefu.cases.importing.mapping import read_mapping
from kefu.cases.importing.reading import read_lines
from kefu.cases.models import Case
from kefu.core.clocks.models import ClockRow
from kefu.core.clocks.verify import differences
from kefu.core.ledger.models import Event
from kefu.core.sheets import read_rows
from kefu.staff.models import Department, Notice
from tests.real_input.desk import found_desk
from tests.real_input.oracle import INCIDENTS, MAPPINGS, Rows, count_incidents, incidents

pytestmark = [pytest.mark.db, pytest.mark.data]

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MAPPING = read_mapping(MAPPINGS / "servicenow_incidents.yaml")
STATE = {state: name for name, state in MAPPING.rows.states.items()} if MAPPING.rows else {}
SOME = 150


def as_file(rows: Rows) -> io.BytesIO:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode())


def carry(department: Department, file: io.BytesIO) -> Carried:
    lines = read_lines(read_rows(file), MAPPING, now=NOW)
    return import_cases(lines, MAPPING, department=department, at=NOW)


def assert_equal_to_the_raw_rows(found: dict[str, Rows], done: Carried) -> None:
    counted = count_incidents(found)

    assert (done.refused, done.held) == ({}, {})
    assert (done.cases, done.rows) == (counted.incidents, counted.rows)
    assert Case.objects.count() == counted.incidents
    assert Counter(map(STATE.get, Case.objects.values_list("state", flat=True))) == counted.last_states

    events = list(Event.objects.filter(kind="case.moved"))
    moves = Counter((STATE[one.data["from"]], STATE[one.data["state"]]) for one in events)
    assert moves == counted.transitions
    assert sum("assignment_group" in one.data["facts"] for one in events) == counted.group_changes
    back = [one for one in events if one.data["from"] in ("resolved", "closed")]
    assert sum(one.data["state"] not in ("resolved", "closed") for one in back) == counted.reopened

    key_of = {pk: key.partition(":")[2] for pk, key in Case.objects.values_list("pk", "import_key")}
    missed: dict[str, set[str]] = {"first_response": set(), "resolution": set()}
    for clock, case in ClockRow.objects.filter(run=1, missed_at__isnull=False).values_list(
        "clock", "work_id"
    ):
        missed[clock].add(key_of[case])
    assert missed["first_response"] & counted.priority_constant == counted.late_response
    assert missed["resolution"] & counted.priority_constant == counted.late_solution
    assert list(differences(at=NOW)) == []
    assert not ClockRow.objects.filter(next_at__lte=NOW).exists()
    assert not Notice.objects.exists()


def test_the_first_incidents_come_to_what_the_raw_rows_say(db: None, data_dir: Path) -> None:
    found = incidents(data_dir, SOME)
    department = found_desk(NOW)

    done = carry(department, as_file([row for rows in found.values() for row in rows]))

    assert_equal_to_the_raw_rows(found, done)


PLANTED = [
    ({"sys_updated_at": "31/2/2016 04:57"}, "import.instant"),
    ({"sys_updated_at": "2016-02-29 04:57"}, "import.instant"),
    ({"sys_updated_at": "29/2/2016 24:57"}, "import.instant"),
    ({"sys_updated_at": "13/13/2016 04:57"}, "import.instant"),
    ({"sys_updated_at": "?"}, "import.instant"),
    ({"sys_updated_at": ""}, "import.instant"),
    ({"opened_at": "yesterday"}, "import.instant"),
    ({"opened_at": "29/2/16"}, "import.instant"),
    ({"sys_updated_at": "29/2/2116 04:57"}, "import.future"),
    ({"opened_at": "1/1/2009 00:00"}, "rulebook.not_published"),
    ({"number": ""}, "import.key"),
    ({"number": "?"}, "import.key"),
    ({"number": "I" * 500}, "import.key"),
    ({"incident_state": "Lost"}, "import.state"),
    ({"incident_state": ""}, "import.state"),
    ({"incident_state": "-1000"}, "import.state"),
    ({"priority": "0 - Whatever"}, "import.option"),
    ({"impact": "2 - medium"}, "import.option"),
    ({"priority": "?"}, "form.missing"),
    ({"category": "C" * 300}, "line.too_long"),
]


def test_twenty_planted_bad_rows_are_refused_by_name(db: None, data_dir: Path) -> None:
    found = incidents(data_dir, 2 * len(PLANTED))
    planted = {}
    rows: Rows = []
    for place, case in enumerate(found.values()):
        if place % 2 == 0:
            bad, code = PLANTED[place // 2]
            case[0].update(bad)
            planted[len(rows) + 2] = code
        rows += case
    sound = [case for place, case in enumerate(found.values()) if place % 2]

    done = carry(found_desk(NOW), as_file(rows))

    assert {number: why.code for number, why in done.refused.items()} == planted
    assert all(why.zh and why.en for why in done.refused.values())
    keyless = sum(code == "import.key" for code in planted.values())
    assert (
        Case.objects.count() == len(sound) + keyless
    )  # their other rows do not know of the one that lost its key
    assert done.rows + len(done.held) + len(done.refused) == len(rows)


@pytest.mark.long
def test_the_whole_log_comes_to_what_the_raw_rows_say(db: None, data_dir: Path) -> None:
    department = found_desk(NOW)

    with (data_dir / INCIDENTS).open("rb") as file:
        lines = read_lines(read_rows(file), MAPPING, now=NOW)
        done = import_cases(lines, MAPPING, department=department, at=NOW)

    assert done.rows == 84_474
    assert_equal_to_the_raw_rows(incidents(data_dir), done)
