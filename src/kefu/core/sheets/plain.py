"""A sheet is read cell by cell: cells that are merged or computed are named and refused, not guessed at."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from kefu.core.errors import Refused

NAMED = 5  # cells of a refusal
_CHUNK, _OVERLAP = 1 << 20, 512  # bytes; a cell's own tag is shorter
_FORMULA = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*<f[\s/>]')
_FIRST_SHEET = re.compile(rb'<sheet\b[^>]*?\br:id="([^"]+)"')
_TARGET = rb'<Relationship\b(?=[^>]*\bId="%s")[^>]*?\bTarget="([^"]+)"'

Range = tuple[tuple[int, int], tuple[int, int]]  # (row, column) from 0, both ends


def require_plain(file: BinaryIO, merged: Sequence[Range]) -> None:
    """Raises Refused sheet.merged, sheet.formulas for an xlsx whose first sheet has such cells."""
    if merged:
        named = "、".join(f"{_cell(*first)}:{_cell(*last)}" for first, last in merged[:NAMED])
        raise Refused(
            "sheet.merged",
            zh=f"单元格 {named} 是合并的，无法判断内容属于哪一行；请取消合并，每一行各填各的，再导入。",
            en=f"The cells {named} are merged, so it is unclear which row they belong to; unmerge them, fill each row.",
            cells=[f"{_cell(*first)}:{_cell(*last)}" for first, last in merged[:NAMED]],
        )
    if computed := list(dict.fromkeys(islice(_formulas(file), NAMED))):
        named = "、".join(computed)
        raise Refused(
            "sheet.formulas",
            zh=f"单元格 {named} 等是公式；请全选复制后「选择性粘贴为数值」，再导入。",
            en=f"The cells {named} are formulas; copy all and paste it as values, then import.",
            cells=computed,
        )


def _formulas(file: BinaryIO) -> Iterator[str]:
    """Cells with a formula, read a megabyte at a time."""
    with zipfile.ZipFile(file) as packed:
        name = _first_sheet(packed)
        if name is None:
            return
        with packed.open(name) as sheet:
            before = b""
            while chunk := sheet.read(_CHUNK):
                text = before + chunk
                yield from (found[1].decode() for found in _FORMULA.finditer(text))
                before = text[-_OVERLAP:]


def _first_sheet(packed: zipfile.ZipFile) -> str | None:
    """The name in the archive of the sheet that is read."""
    try:
        found = _FIRST_SHEET.search(packed.read("xl/workbook.xml"))
        links = packed.read("xl/_rels/workbook.xml.rels")
    except KeyError:
        return None
    target = re.search(_TARGET % re.escape(found[1]), links) if found else None
    if target is None:
        return None
    path = target[1].decode()
    name = path.lstrip("/") if path.startswith("/") else f"xl/{path}"
    return name if name in packed.namelist() else None


def _cell(row: int, column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
