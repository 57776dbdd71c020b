"""Papers as a PDF of A4: set by typst in the Chinese type that the package brings, from data alone.

The typesetter sees one template, the data as JSON and the pictures of these papers in a folder of their own; it
reaches no other file, no font of the machine and no network. The same papers give the same bytes.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from kefu.documents.papers import Cell, Paper, Table, plain
from kefu.documents.typeface import font_folder, with_signs

HERE = Path(__file__).resolve().parent
MEDIA_TYPE = "application/pdf"


def pdf(papers: Sequence[Paper]) -> bytes:
    """All of them in one PDF, each with its copies, each beginning on a page of its own.

    A picture that cannot be drawn is left out; the rest is printed. Raises Refused print.no_type in a package that
    was built without its type.
    """
    try:
        return _set(papers, pictures=True)
    except typst.TypstError as wrong:
        if "image" not in wrong.diagnostic:
            raise
        return _set(papers, pictures=False)


def drawable(picture: bytes) -> bool:
    """Whether it can be printed: a PNG may carry the right signature and still be none."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "picture").write_bytes(picture)
        try:
            typst.Compiler(b'#image("picture")', root=folder, font_paths=_type()).compile()
        except typst.TypstError:
            return False
    return True


def _set(papers: Sequence[Paper], *, pictures: bool) -> bytes:
    with TemporaryDirectory() as folder:
        shown = _Shown(Path(folder) if pictures else None)
        said = json.dumps([shown.paper(one) for one in papers])
        compiler = typst.Compiler(
            (HERE / "typeset" / "form.typ").read_bytes(),
            root=folder,
            font_paths=_type(),
            ignore_system_fonts=True,
            sys_inputs={"papers": said},
            package_path=folder,
            package_cache_path=folder,
        )
        made = compiler.compile(format="pdf", timestamp=0)
    assert isinstance(made, bytes)  # noqa: S101 (one file, as asked)
    return made


@cache
def _type() -> typst.Fonts:
    """The packed type, read once."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[font_folder()])


def _said(text: str) -> str:
    return with_signs(plain(text))


class _Shown:
    """Papers as the template reads them; their pictures go into `folder`, or are left out without one."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.count = 0

    def paper(self, paper: Paper) -> dict[str, Any]:
        return {
            "title": _said(paper.title),
            "organisation": _said(paper.organisation),
            "number": _said(paper.number),
            "subtitle": _said(paper.subtitle),
            "foot": _said(paper.foot),
            "page": paper.page,
            "lang": paper.lang,
            "landscape": paper.landscape,
            "copies": [_said(copy) for copy in paper.copies or ("",)],
            "blocks": [
                self.table(block) if isinstance(block, Table) else {"cells": self.ruled(block)}
                for block in paper.blocks
            ],
            "signatures": [
                {
                    "title": _said(one.title),
                    "name": _said(one.name),
                    "said": _said(one.said),
                    "picture": self.picture(one.picture) if one.picture else None,
                }
                for one in paper.signatures
            ],
        }

    def ruled(self, rows: Sequence[Sequence[Cell]]) -> list[list[dict[str, Any]]]:
        return [
            [
                {
                    "title": _said(cell.title),
                    "value": _said(cell.value),
                    "height": cell.height,
                    "pictures": [name for one in cell.pictures if (name := self.picture(one))],
                }
                for cell in row
            ]
            for row in rows
        ]

    def table(self, table: Table) -> dict[str, Any]:
        return {
            "title": _said(table.title),
            "columns": [
                {"title": _said(one.title), "share": one.share, "right": one.right} for one in table.columns
            ],
            "rows": [[_said(cell) for cell in row] for row in table.rows],
            "sums": [_said(cell) for cell in table.sums],
        }

    def picture(self, file: Path) -> str | None:
        """Its name in the folder; None where it is left out or has gone."""
        if self.folder is None or not file.exists():
            return None
        self.count += 1
        name = f"picture{self.count}"
        shutil.copyfile(file, self.folder / name)
        return name
