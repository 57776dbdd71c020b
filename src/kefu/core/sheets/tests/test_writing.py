from __future__ import annotations

import io
import zipfile

import pytest
from python_calamine import load_workbook

from kefu.core.sheets import read_rows, write_csv, write_table

ATTACKS = [
    "=1+1",
    "+86 138",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "＝1+1",
    "http://evil",
    "00123",
    "1\x00\x1b2",
    "𠮷\ud800\uffff",
]
CLEAN = ["=1+1", "+86 138", "-2", "@SUM(A1)", "\t=1", "＝1+1", "http://evil", "00123", "12", "𠮷"]


def csv_of(headings: list[str], rows: list[list[str]]) -> bytes:
    made = io.BytesIO()
    write_csv(made, headings, rows)
    return made.getvalue()


def test_a_sheet_holds_text_and_nothing_that_runs() -> None:
    made = write_table(["甲"], [[cell] for cell in ATTACKS])

    sheet = load_workbook(io.BytesIO(made)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in sheet] == ["甲", *CLEAN]
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")
        assert not [name for name in packed.namelist() if "rels" in name and "sheet1" in name]


@pytest.mark.parametrize("attack", ATTACKS[:6])
def test_a_csv_cell_that_excel_would_run_is_quoted(attack: str) -> None:
    rows = list(read_rows(io.BytesIO(csv_of(["甲"], [[attack]]))))

    assert rows == [(2, {"甲": f"'{attack}"})]


def test_a_csv_reads_back_as_written() -> None:
    rows = list(read_rows(io.BytesIO(csv_of(["a", "b"], [["1\n2", '"x", y'], ["桂", "1\x002"]]))))

    assert [tuple(cells.values()) for _, cells in rows] == [("1\n2", '"x", y'), ("桂", "12")]
