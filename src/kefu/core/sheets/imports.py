"""Carrying a table in through an action: known columns, a dry run first, refused rows kept with their
reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from kefu.core.db import write
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
                zh=f"「{self.zh}」写的是「{text[:40]}」,只能是:{allowed}。",
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
    refused: list[RefusedRow] = field(default_factory=list)


class _TakeBack(Exception):
    pass


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
            zh=f"不认识的列「{unknown[0]}」;可用:{'、'.join(column.zh for column in columns)}。",
            en=f"Unknown column “{unknown[0]}”; allowed: {', '.join(column.en for column in columns)}.",
            column=unknown[0],
        )
    if missing := [column for column in columns if column.required and column.name not in known.values()]:
        raise Refused(
            "sheet.missing_column",
            zh=f"缺少「{missing[0].zh}」列,请使用模板。",
            en=f"The column “{missing[0].en}” is missing; use the template.",
            column=missing[0].name,
        )


def carry_in(
    rows: Iterable[Row], columns: Sequence[Column], act: Callable[[dict[str, str]], object], *, dry: bool
) -> Outcome:
    """Hand each row to `act` (which calls actions and may raise Refused); a refused row leaves nothing
    behind.

    Each row is a transaction of its own, so the rest stays and other people can write between. A dry run does
    the same inside one transaction and takes all of it back: rows that clash with each other are found too.
    """
    outcome = Outcome(dry)
    if not dry:
        _carry(rows, columns, act, outcome)
        return outcome
    try:
        with write():
            _carry(rows, columns, act, outcome)
            raise _TakeBack
    except _TakeBack:
        return outcome


def _carry(
    rows: Iterable[Row], columns: Sequence[Column], act: Callable[[dict[str, str]], object], outcome: Outcome
) -> None:
    for number, cells in rows:
        try:
            if beyond := cells.get(""):
                raise Refused(
                    "sheet.row_too_wide",
                    zh=f"该行比表头多出内容「{beyond[:40]}」。",
                    en=f"The row has more cells than headings: “{beyond[:40]}”.",
                )
            values = {column.name: column.value(cells.get(column.name, "")) for column in columns}
            with write():
                act(values)
        except Refused as reason:
            outcome.refused.append(RefusedRow(number, cells, reason))
        else:
            outcome.carried += 1
