"""Lists with known columns: what a sheet may say, and what became of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from kefu.core.errors import Refused
from kefu.core.sheets.reading import Row, read_rows

# Columns that `write_refused` adds: a mended sheet is read back without deleting them.
REASON, ROW_NUMBER = ("未导入原因", "reason"), ("原行号", "row")


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name in code and its headings; `options` maps what may be written to what it means."""

    name: str
    zh: str
    en: str
    required: bool = False
    options: dict[str, str] = field(default_factory=dict)

    def value(self, text: str) -> str:
        """Raises Refused sheet.cell_missing, sheet.cell_choice."""
        text = text.strip()
        if not text:
            if self.required:
                raise Refused("sheet.cell_missing", zh=f"缺少「{self.zh}」。", en=f"“{self.en}” is missing.")
            return ""
        if not self.options:
            return text
        if text.lower() not in self.options:
            allowed = "、".join(self.options)
            raise Refused(
                "sheet.cell_choice",
                zh=f"「{self.zh}」写的是「{text[:40]}」，只能是：{allowed}。",
                en=f"“{self.en}” says “{text[:40]}”; allowed: {allowed}.",
            )
        return self.options[text.lower()]


@dataclass(frozen=True, slots=True)
class RefusedRow:
    number: int
    values: dict[str, str]  # by heading, as read
    reason: Refused


@dataclass(slots=True)
class Outcome:
    """What an import did, or with `dry` would do."""

    dry: bool
    carried: int = 0
    known: int = 0  # rows that an earlier run had carried in
    refused: list[RefusedRow] = field(default_factory=list)
    stopped: bool = False  # before the last row, because `progress` said so


# Told before each batch how many rows are done, of how many; False stops there.
Progress = Callable[[int, int], bool]


def to_the_end(done: int, total: int) -> bool:
    """The progress of an import that nobody watches."""
    return True


def read_table(file: BinaryIO, columns: Sequence[Column]) -> Iterator[Row]:
    """The rows with the columns' names as keys, headings in either language or the name itself. Cells stay
    text.

    Raises Refused sheet.unknown_column (naming the allowed ones) and sheet.missing_column before the first
    row.
    """
    names = {
        spelling: column.name
        for column in columns
        for spelling in (column.zh, column.en.lower(), column.name)
    }
    names |= dict.fromkeys((*REASON, *ROW_NUMBER), "-")
    known: dict[str, str] = {}
    for number, values in read_rows(file):
        if not known:
            known = {heading: names.get(heading.lower().rstrip("*"), "") for heading in values if heading}
            _check_headings(known, columns)
        row = {known[heading]: cell for heading, cell in values.items() if heading and known[heading] != "-"}
        yield number, row | ({"": values[""]} if "" in values else {})


def _check_headings(known: dict[str, str], columns: Sequence[Column]) -> None:
    if unknown := [heading for heading, name in known.items() if not name]:
        raise Refused(
            "sheet.unknown_column",
            zh=f"不认识的列「{unknown[0]}」；可用：{'、'.join(column.zh for column in columns)}。",
            en=f"Unknown column “{unknown[0]}”; allowed: {', '.join(column.en for column in columns)}.",
            column=unknown[0],
        )
    if missing := [column for column in columns if column.required and column.name not in known.values()]:
        raise Refused(
            "sheet.missing_column",
            zh=f"缺少「{missing[0].zh}」列，请使用模板。",
            en=f"The column “{missing[0].en}” is missing; use the template.",
            column=missing[0].name,
        )
