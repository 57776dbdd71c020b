"""Rows of a file into what happened to cases, by the mapping. Pure: no database, and each row is judged alone.

A row that cannot be understood keeps its refusal; what is done about it is decided where rows are carried in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from kefu.cases.importing.mapping import CaseMapping, FieldColumn, Fields
from kefu.core.errors import Refused
from kefu.core.sheets import Row

# What `refusing.refused_sheet` adds: a mended sheet is read back without deleting these columns.
ADDED = ("原行号", "row", "未导入原因", "reason", "拒绝代码", "code")
LONGEST_KEY = 80  # characters


@dataclass(frozen=True, slots=True)
class Happening:
    """Something done to a case at `at`: the move named, or in a log the one that leads to `state`.

    values: raw field values, all that the row states; only those that differ are a change. message: "" for none.
    """

    at: datetime
    move: str
    state: str
    values: Mapping[str, str]
    message: str


@dataclass(frozen=True, slots=True)
class Opening:
    """How the case begins if this is its first row."""

    at: datetime
    subject: str
    body: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """One row: what it says, or why it cannot be read. `digest` knows the row again in a later run."""

    number: int
    digest: str
    opening: Opening | None
    happenings: tuple[Happening, ...]
    refused: Refused | None = None

    @property
    def at(self) -> datetime | None:
        """Where the row stands in time."""
        if self.opening is None:
            return None
        return self.happenings[0].at if self.happenings else self.opening.at


def read_lines(rows: Iterable[Row], mapping: CaseMapping, *, now: datetime) -> dict[str, list[Line]]:
    """The lines of each case by key, cases in the order of the file, the lines of one in the order of their instants.

    A row without a key stands under the key "". now: nothing can have happened after it.
    Raises Refused import.columns when the file lacks a column that the mapping names, import.no_rows.
    """
    reader = _Reader(mapping, now)
    cases: dict[str, list[Line]] = {}
    first = True
    for number, cells in rows:
        if first:
            _check_columns(cells, mapping)
            first = False
        cases.setdefault(cells[mapping.key].strip(), []).append(reader.line(number, cells))
    if first:
        raise Refused(
            "import.no_rows",
            zh="文件没有数据行。",
            en="The file has no rows below its headings, or no headings.",
        )
    for key, lines in cases.items():
        if key and len(lines) > 1:
            cases[key] = _in_order(lines)
    return cases


def _in_order(lines: list[Line]) -> list[Line]:
    """By instant, equal ones as in the file; a line without an instant stays behind the one before it."""
    last = datetime.min.replace(tzinfo=UTC)
    placed = []
    for line in lines:
        last = line.at or last
        placed.append((last, line))
    return [line for _, line in sorted(placed, key=lambda one: one[0])]  # sorting keeps the order of equals


class _Reader:
    def __init__(self, mapping: CaseMapping, now: datetime) -> None:
        self.mapping = mapping
        self.now = now

    def line(self, number: int, cells: Mapping[str, str]) -> Line:
        digest = digest_of(cells)
        try:
            return Line(number, digest, *self._read(cells))
        except Refused as refused:
            return Line(number, digest, None, (), refused)

    def _read(self, cells: Mapping[str, str]) -> tuple[Opening, tuple[Happening, ...]]:
        mapping = self.mapping
        if beyond := cells.get(""):
            raise Refused(
                "sheet.row_too_wide",
                zh=f"该行比表头多出内容「{beyond[:40]}」。",
                en=f"The row has more cells than headings: “{beyond[:40]}”.",
            )
        key = cells[mapping.key].strip()
        if not key or key in mapping.missing or len(key) > LONGEST_KEY:
            raise Refused(
                "import.key",
                zh=f"「{mapping.key}」列应为 1 到 {LONGEST_KEY} 个字的编号，这一行是「{key[:40]}」。",
                en=f"The column “{mapping.key}” must name the case in 1 to {LONGEST_KEY} characters, not “{key[:40]}”.",
                column=mapping.key,
            )
        values = self._values(mapping.fields, cells)
        happenings = tuple(self._happenings(cells, values))
        opened = [self._instant(cells, mapping.opened)] if mapping.opened else []
        if mapping.rows:
            opened.append(happenings[0].at)
        for happening in happenings:
            if happening.at < min(opened):
                raise _before_opened(happening.at, min(opened))
        subject = " · ".join(text for column in mapping.subject if (text := self._text(cells, column)))
        body = self._text(cells, mapping.body) if mapping.body else ""
        return Opening(min(opened), subject or key, body, values), happenings

    def _happenings(self, cells: Mapping[str, str], values: Mapping[str, str]) -> Iterable[Happening]:
        if rows := self.mapping.rows:
            written = cells[rows.state].strip()
            if written not in rows.states:
                raise _not_known("import.state", rows.state, written, rows.states)
            message = self._text(cells, rows.message) if rows.message else ""
            yield Happening(self._instant(cells, rows.at), "", rows.states[written], values, message)
        for move in self.mapping.moves:
            if self._text(cells, move.at):
                message = self._text(cells, move.message) if move.message else ""
                given = self._values(move.fields, cells)
                yield Happening(self._instant(cells, move.at), move.move, "", given, message)

    def _values(self, fields: Fields, cells: Mapping[str, str]) -> dict[str, str]:
        return {name: self._value(field, cells) for name, field in fields.items()}

    def _value(self, field: FieldColumn, cells: Mapping[str, str]) -> str:
        text = self._text(cells, field.column)
        if not field.options or not text:
            return text
        if text not in field.options:
            raise _not_known("import.option", field.column, text, field.options)
        return field.options[text]

    def _text(self, cells: Mapping[str, str], column: str) -> str:
        text = cells[column].strip()
        return "" if text in self.mapping.missing else text

    def _instant(self, cells: Mapping[str, str], column: str) -> datetime:
        text = self._text(cells, column)
        try:
            read = datetime.strptime(text, self.mapping.instant)  # noqa: DTZ007 (the zone is the mapping's)
            instant = (read if read.tzinfo else read.replace(tzinfo=self.mapping.zone)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise Refused(
                "import.instant",
                zh=f"「{column}」写的是「{text[:40]}」，不是按 {self.mapping.instant} 写的时间。",
                en=f"“{column}” says “{text[:40]}”, which is no instant written as {self.mapping.instant}.",
                column=column,
                given=text[:40],
            ) from None
        if instant > self.now:
            raise Refused(
                "import.future",
                zh=f"「{column}」写的是「{text[:40]}」，晚于现在，不可能已经发生。",
                en=f"“{column}” says “{text[:40]}”, which is later than now and cannot have happened.",
                column=column,
                given=text[:40],
            )
        return instant


def digest_of(cells: Mapping[str, str]) -> str:
    """16 hexadecimal digits that stand for a row as written, without the columns of a sheet of refused rows."""
    text = "\x1f".join(f"{heading}\x1e{cell}" for heading, cell in cells.items() if heading not in ADDED)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _check_columns(cells: Mapping[str, str], mapping: CaseMapping) -> None:
    if missing := sorted(mapping.columns - set(cells)):
        raise Refused(
            "import.columns",
            zh=f"文件缺少对照中用到的列：{'、'.join(missing)}。文件有：{'、'.join(cells)}。",
            en=f"The file lacks columns that the mapping names: {', '.join(missing)}. It has: {', '.join(cells)}.",
            missing=missing,
        )


def _not_known(code: str, column: str, written: str, known: Mapping[str, str]) -> Refused:
    return Refused(
        code,
        zh=f"「{column}」写的是「{written[:40]}」，对照中没有；可用：{'、'.join(known)}。",
        en=f"“{column}” says “{written[:40]}”, which the mapping does not know; it knows: {', '.join(known)}.",
        column=column,
        given=written[:40],
    )


def _before_opened(at: datetime, opened: datetime) -> Refused:
    return Refused(
        "import.before_opened",
        zh=f"该行的动作发生在 {at:%Y-%m-%d %H:%M}，早于登记时间 {opened:%Y-%m-%d %H:%M}（UTC）。",
        en=f"The row says that something was done at {at:%Y-%m-%d %H:%M},"
        f" before it was opened at {opened:%Y-%m-%d %H:%M} (UTC).",
    )
