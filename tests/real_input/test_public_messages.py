"""Real messages of citizens with their answers: the fifteen days are missed exactly where the raw rows say so."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest

from kefu.cases.importing.carrying import import_cases
from kefu.cases.importing.mapping import read_mapping
from kefu.cases.importing.reading import read_lines
from kefu.cases.models import Case, Message
from kefu.core.clocks.models import ClockRow
from kefu.core.sheets import read_rows
from tests.real_input.desk import found_desk
from tests.real_input.oracle import MAPPINGS, MESSAGES, late_messages

pytestmark = [pytest.mark.db, pytest.mark.data]

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MAPPING = read_mapping(MAPPINGS / "public_messages.yaml")


def assert_late_where_the_raw_rows_say(data: Path, limit: int | None) -> None:
    department = found_desk(NOW)
    with (data / MESSAGES).open("rb") as file:
        lines = dict(islice(read_lines(read_rows(file), MAPPING, now=NOW).items(), limit))

    done = import_cases(lines, MAPPING, department=department, at=NOW)

    assert (done.cases, done.rows, done.refused) == (len(lines), len(lines), {})
    key_of = {pk: key.partition(":")[2] for pk, key in Case.objects.values_list("pk", "import_key")}
    clocks = ClockRow.objects.filter(clock="reply").values_list("work_id", "state")
    assert {key_of[case] for case, state in clocks if state == "missed"} == late_messages(data) & lines.keys()
    assert {state for _, state in clocks} == {"met", "missed"}
    assert Message.objects.count() == 2 * len(lines)
    assert set(Case.objects.values_list("state", flat=True)) == {"replied"}


def test_the_first_answers_that_came_too_late_are_the_ones_counted(db: None, data_dir: Path) -> None:
    assert_late_where_the_raw_rows_say(data_dir, 200)


@pytest.mark.long
def test_all_answers_that_came_too_late_are_the_ones_counted(db: None, data_dir: Path) -> None:
    assert_late_where_the_raw_rows_say(data_dir, None)
    assert Case.objects.count() == 1728
