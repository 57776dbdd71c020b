"""What stands on a sheet of paper, whatever it is about: ruled cells, tables, signatures. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

# What no page can show, or what would turn its order round: control characters, marks of direction, half characters.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\uffff\ud800-\udfff]"
)


def plain(text: str) -> str:
    """The text as it is printed: its lines kept, a tab as a space, nothing that does not show."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return _UNPRINTABLE.sub("", lines.replace("\t", " "))


@dataclass(frozen=True, slots=True)
class Cell:
    """What it is, and what stands there. height: cm that it has at least, room to write by hand."""

    title: str
    value: str = ""
    height: float = 0
    pictures: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """share: of the table's width, beside those of the others. right: figures stand to the right."""

    title: str
    share: float = 1
    right: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """rows, and sums where there are any: as many texts each as there are columns. title: over all of them."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    sums: Sequence[str] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """A place to sign: as what, who did and `said` when; or empty, to be signed by hand."""

    title: str
    name: str = ""
    said: str = ""
    picture: Path | None = None


Ruled = Sequence[Cell]  # one over the width, or two side by side


@dataclass(frozen=True, slots=True)
class Paper:
    """One form. copies: what each copy says of itself at its foot; one copy without a word where there is none.

    page: "第 {n} 页 共 {m} 页". foot: a line at the left of the foot, such as when it was printed.
    """

    title: str
    organisation: str
    number: str
    blocks: Sequence[Sequence[Ruled] | Table]
    signatures: Sequence[Signed] = ()
    subtitle: str = ""
    foot: str = ""
    page: str = "第 {n} 页 共 {m} 页"
    lang: str = "zh"
    landscape: bool = False
    copies: Sequence[str] = field(default=("",))
