"""Tables out as xlsx. Every cell is written as a string: nothing a customer typed becomes a formula or a link."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from kefu.core.errors import in_language
from kefu.core.sheets.imports import REASON, ROW_NUMBER, Column, RefusedRow

LONGEST_CELL = 32_767  # characters; Excel calls a file with more damaged


def write_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """An xlsx of one sheet: bold frozen headings, cells as text."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        text = book.add_format({"num_format": "@"})
        sheet.set_column(0, max(len(headings) - 1, 0), 18, text)  # or Excel drops leading zeros typed into it
        sheet.freeze_panes(1, 0)
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, book.add_format({"bold": True, "num_format": "@"}))
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell[:LONGEST_CELL], text)
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
