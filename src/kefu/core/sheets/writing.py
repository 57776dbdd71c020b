"""Tables out as xlsx or CSV. Every cell is text: nothing a customer typed becomes a formula or a link."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import BinaryIO

import xlsxwriter

from kefu.core.errors import in_language
from kefu.core.sheets.imports import REASON, ROW_NUMBER, Column, RefusedRow

LONGEST_CELL = 32_767  # characters; Excel calls a file with more damaged
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # what no sheet can hold
_FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)  # Excel also reads full-width ones


def write_xlsx(made: BinaryIO, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """An xlsx of one sheet: bold frozen headings, cells as text. Rows are taken one by one, none is kept."""
    with xlsxwriter.Workbook(
        made, {"constant_memory": True}
    ) as book:  # a long list needs no more than a short one
        sheet = book.add_worksheet()
        text = book.add_format({"num_format": "@"})
        sheet.set_column(0, max(len(headings) - 1, 0), 18, text)  # or Excel drops leading zeros typed into it
        sheet.freeze_panes(1, 0)
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, book.add_format({"bold": True, "num_format": "@"}))
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, _CONTROL.sub("", cell)[:LONGEST_CELL], text)


def write_csv(made: BinaryIO, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A CSV as Excel opens it rightly (UTF-8 with BOM). CSV has no types: what would be run as a formula gets a `'`."""
    text = io.TextIOWrapper(made, encoding="utf-8-sig", newline="")
    table = csv.writer(text)
    table.writerow(headings)
    for row in rows:
        cells = (_CONTROL.sub("", cell) for cell in row)
        table.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    text.detach()


def write_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A short xlsx at once."""
    made = io.BytesIO()
    write_xlsx(made, headings, rows)
    return made.getvalue()


def template(columns: Sequence[Column], lang: str) -> bytes:
    """An empty sheet to fill in; required columns carry a *."""
    return write_table([_heading(column, lang) + "*" * column.required for column in columns], [])


def write_refused(refused: Sequence[RefusedRow], columns: Sequence[Column], lang: str) -> bytes:
    """The refused rows as they were, with row number and reason: mend and import the same file again."""
    headings = [in_language(lang, *ROW_NUMBER), in_language(lang, *REASON)]
    return write_table(
        headings + [_heading(column, lang) for column in columns],
        (
            [str(row.number), row.reason.text(lang), *(row.values.get(column.name, "") for column in columns)]
            for row in refused
        ),
    )


def _heading(column: Column, lang: str) -> str:
    return in_language(lang, column.zh, column.en)
