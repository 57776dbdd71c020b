"""Rows of a CSV (plain or gz; UTF-8 with or without BOM, GB18030) or of the first sheet of an xlsx, as
text."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import BinaryIO, cast

from python_calamine import CalamineError, load_workbook

from kefu.core.errors import Refused
from kefu.core.sheets.plain import require_plain

Row = tuple[int, dict[str, str]]

LARGEST_XLSX = 50 * 1024 * 1024  # bytes as sent
LARGEST_UNPACKED = 500 * 1024 * 1024  # bytes; a small file that unpacks to more is an attack
LONGEST_CELL = 4 * 1024 * 1024
csv.field_size_limit(LONGEST_CELL)


def read_rows(file: BinaryIO) -> Iterator[Row]:
    """Yield (row number as a spreadsheet shows it, {heading: text}). The headings are row 1; empty rows are
    skipped.

    file: seekable. Cells beyond the headings come under the heading "". CSV is streamed, an xlsx is read
    whole.
    Raises Refused sheet.* when the file as a whole cannot be read (type, encoding, headings).
    """
    start = file.read(4)
    file.seek(0)
    if start.startswith(b"PK"):
        rows: Iterable[list[str]] = _xlsx(file)
    elif start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(
            "sheet.old_format",
            zh="这是旧版 .xls 文件，请另存为 .xlsx 或 CSV 后再导入。",
            en="This is an old .xls file; save it as .xlsx or CSV and import that.",
        )
    else:
        rows = _csv(_unpacked(file) if start.startswith(b"\x1f\x8b") else file)
    yield from _named(rows)


def _named(rows: Iterable[list[str]]) -> Iterator[Row]:
    numbered = enumerate(rows, start=1)
    headings = [cell.strip() for cell in next(numbered, (0, []))[1]]
    while headings and not headings[-1]:
        headings.pop()
    if not headings:
        raise Refused(
            "sheet.empty", zh="文件第一行没有列名。", en="The first row of the file has no column headings."
        )
    if twice := [heading for heading in headings if headings.count(heading) > 1]:
        raise Refused(
            "sheet.heading_twice",
            zh=f"列名「{twice[0]}」出现两次，无法区分。",
            en=f"The heading “{twice[0]}” occurs twice; the columns cannot be told apart.",
            heading=twice[0],
        )
    for number, cells in numbered:
        if not any(cell.strip() for cell in cells):
            continue
        values = dict(zip(headings, cells + [""] * (len(headings) - len(cells)), strict=False))
        if beyond := " ".join(cell for cell in cells[len(headings) :] if cell.strip()):
            values[""] = beyond
        yield number, values


def _unpacked(file: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", gzip.GzipFile(fileobj=file))


def _csv(file: BinaryIO) -> Iterator[list[str]]:
    encoding = _encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        first = text.readline(LONGEST_CELL)
        delimiter = max(",\t;", key=first.count)
        text.seek(0)
        reader = csv.reader(text, delimiter=delimiter)
        while True:
            try:
                yield next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise Refused(
                    "sheet.row_unreadable",
                    zh=f"第 {reader.line_num} 行无法读取（{error}）。",
                    en=f"Line {reader.line_num} cannot be read ({error}).",
                    line=reader.line_num,
                ) from error
    finally:
        text.detach()


def _encoding(file: BinaryIO) -> str:
    """UTF-8 if the whole file is, else GB18030 (its subset GB2312 is what Chinese Excel writes as CSV)."""
    for encoding in ("utf-8-sig", "gb18030"):
        file.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            unpacked = 0
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
                unpacked += len(chunk)
                if unpacked > LARGEST_UNPACKED:
                    raise _too_large()
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        except (EOFError, gzip.BadGzipFile) as error:
            raise _unreadable(error) from error
        return encoding
    raise Refused(
        "sheet.encoding",
        zh="文件既不是 UTF-8 也不是 GB18030 编码的文本，也不是 xlsx。",
        en="The file is neither UTF-8 nor GB18030 text, nor an xlsx.",
    )


def _xlsx(file: BinaryIO) -> Iterator[list[str]]:
    data = file.read(LARGEST_XLSX + 1)
    if len(data) > LARGEST_XLSX:
        raise _too_large()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(info.file_size for info in packed.infolist()) > LARGEST_UNPACKED:
                raise _too_large()
        sheet = load_workbook(io.BytesIO(data)).get_sheet_by_index(0)
    except (CalamineError, zipfile.BadZipFile, IndexError) as error:
        raise _unreadable(error) from error
    require_plain(io.BytesIO(data), sheet.merged_cell_ranges or [])
    return ([_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False))


def _text(cell: object) -> str:
    """A cell as typed: whole numbers without ".0" (Excel keeps 13812345678 as a float), days and instants
    as ISO."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time.min:
        return cell.date().isoformat()
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _too_large() -> Refused:
    return Refused(
        "sheet.too_large",
        zh="文件过大（xlsx 至多 50 MB，解压后至多 500 MB），请分成几个文件。",
        en="The file is too large (xlsx up to 50 MB, unpacked up to 500 MB); split it.",
    )


def _unreadable(error: Exception) -> Refused:
    return Refused(
        "sheet.unreadable",
        zh=f"文件已损坏或不是表格（{error}）。",
        en=f"The file is damaged or no table ({error}).",
    )
