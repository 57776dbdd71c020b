from __future__ import annotations

import gzip
import io
from datetime import UTC, datetime

import pytest

from kefu.cases.importing.reading import Line, digest_of, read_lines
from kefu.cases.importing.tests.desk import HISTORY, LOG, NOW, row, sheet
from kefu.core.errors import Refused
from kefu.core.sheets import read_rows


def lines(*rows: str) -> list[Line]:
    (found,) = read_lines(read_rows(sheet(*rows)), LOG, now=NOW).values()
    return found


def test_a_row_says_how_its_case_begins_and_what_happened() -> None:
    (line,) = lines(HISTORY[1])

    assert line.number == 2
    assert line.opening is not None
    assert line.opening.at == datetime(2016, 3, 1, 8, 0, tzinfo=UTC)
    assert line.opening.subject == "Mail · Slow"
    (happening,) = line.happenings
    assert (happening.at, happening.state) == (datetime(2016, 3, 1, 8, 20, tzinfo=UTC), "active")
    assert happening.values == {"priority": "critical", "category": "Mail", "assignment_group": "G2"}
    assert happening.message == "on it"


def test_what_the_mapping_calls_missing_is_empty() -> None:
    (line,) = lines(row(priority="?", group="?", category="?", symptom="?"))

    assert line.happenings[0].values == {"priority": "", "category": "", "assignment_group": ""}
    assert line.opening is not None
    assert line.opening.subject == "INC1"


def test_rows_are_ordered_by_instant_and_equal_ones_as_in_the_file() -> None:
    found = lines(
        row(updated="1/3/2016 11:00", state="Resolved"),
        row(updated="1/3/2016 09:00", state="New"),
        row(updated="1/3/2016 09:00", state="Active"),
        row(updated="30/2/2016 09:00"),
        row(updated="1/3/2016 08:00", state="Waiting"),
    )

    assert [line.number for line in found] == [6, 3, 4, 5, 2]


def test_a_row_older_than_the_opening_opens_the_case() -> None:
    (line,) = lines(row(opened="1/3/2016 09:00", updated="1/3/2016 08:00"))

    assert line.opening is not None
    assert line.opening.at == line.happenings[0].at == datetime(2016, 3, 1, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (row(number=""), "import.key"),
        (row(number="?"), "import.key"),
        (row(number="9" * 81), "import.key"),
        (row(updated="30/2/2016 08:00"), "import.instant"),
        (row(updated="2016-03-01 08:00"), "import.instant"),
        (row(updated=""), "import.instant"),
        (row(opened="soon"), "import.instant"),
        (row(updated="1/1/2126 08:00"), "import.future"),
        (row(state="Lost"), "import.state"),
        (row(priority="7 - Whatever"), "import.option"),
        (row() + ",and more", "sheet.row_too_wide"),
    ],
)
def test_a_row_that_cannot_be_understood_says_why_in_both_languages(bad: str, code: str) -> None:
    (line,) = lines(bad)

    assert line.refused is not None
    assert line.refused.code == code
    assert line.refused.zh
    assert line.refused.en
    assert line.opening is None


def test_a_file_without_a_mapped_column_is_refused_before_any_row() -> None:
    with pytest.raises(Refused, match="symptom") as refused:
        read_lines(read_rows(io.BytesIO(b"number,opened\n1,2\n")), LOG, now=NOW)

    assert refused.value.code == "import.columns"


def test_a_file_without_rows_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        read_lines(read_rows(sheet()), LOG, now=NOW)

    assert refused.value.code == "import.no_rows"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_file_reads_the_same_in_every_spelling(encoding: str, packed: bool) -> None:
    text = sheet(row(category="邮件𠮷")).getvalue().decode()
    data = text.encode(encoding)

    found = read_lines(read_rows(io.BytesIO(gzip.compress(data) if packed else data)), LOG, now=NOW)

    assert found["INC1"] == lines(row(category="邮件𠮷"))


def test_columns_added_to_refused_rows_do_not_make_them_other_rows() -> None:
    cells = {"number": "1", "state": "New"}

    assert digest_of(cells) == digest_of({"row": "7", "reason": "bad", "code": "import.x", **cells})
    assert digest_of(cells) != digest_of({**cells, "state": "Active"})
