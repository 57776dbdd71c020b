"""Refused rows back as a sheet: as they were, with row number, code and reason. Mend them and import the sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO

from kefu.cases.importing.reading import ADDED
from kefu.core.errors import Refused, in_language
from kefu.core.sheets import read_rows, write_table


def refused_sheet(file: BinaryIO, refused: Mapping[int, Refused], lang: str) -> bytes:
    """The rows of `file` (read a second time) whose numbers are in `refused`, as xlsx.

    Columns of an earlier sheet of this kind are written anew, not once more.
    """
    file.seek(0)
    added = [in_language(lang, *ADDED[place : place + 2]) for place in (0, 2, 4)]
    headings: list[str] = []
    table = []
    for number, cells in read_rows(file):
        headings = headings or [heading for heading in cells if heading and heading not in ADDED]
        if reason := refused.get(number):
            told = [str(number), reason.text(lang), reason.code]
            table.append([*told, *(cells.get(heading, "") for heading in headings)])
    return write_table([*added, *headings], table)
