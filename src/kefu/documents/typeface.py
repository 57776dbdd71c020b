"""The type that prints, and what it has no sign for."""

from __future__ import annotations

import re
import struct
from functools import cache
from pathlib import Path

from kefu.core.errors import Refused

FONTS = Path(__file__).resolve().parent / "fonts"
_FILE = FONTS / "NotoSansSC.ttf"


def font_folder() -> Path:
    """Raises Refused print.no_type in a package that was built without its type."""
    if not _FILE.exists():
        raise Refused(
            "print.no_type",
            zh="安装包缺少打印字体，请在源代码目录运行 python build_assets.py，或重新安装完整的安装包。",
            en="This package was built without its printing type; run python build_assets.py, or install a whole one.",
        )
    return FONTS


def with_signs(text: str) -> str:
    """The text with 〔U+20BB7〕 for each character that the type lacks (a rare name, an emoji): a name is never
    printed with a hole."""
    return _missing().sub(lambda found: f"〔U+{ord(found[0]):04X}〕", text)


@cache
def _missing() -> re.Pattern[str]:
    have = "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in _ranges())
    return re.compile(f"[^\n{have}]")


def _ranges() -> list[tuple[int, int]]:
    """First and last code of each run of characters with a glyph: subtable 12 of the font's `cmap`."""
    data = (font_folder() / _FILE.name).read_bytes()
    tables = struct.unpack_from(">H", data, 4)[0]
    entries = (struct.unpack_from(">4sIII", data, 12 + 16 * n) for n in range(tables))
    cmap = next(offset for tag, _, offset, _ in entries if tag == b"cmap")
    for n in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        start = cmap + struct.unpack_from(">HHI", data, cmap + 4 + 8 * n)[2]
        if struct.unpack_from(">H", data, start)[0] == 12:
            groups = struct.unpack_from(">I", data, start + 12)[0]
            found = (struct.unpack_from(">III", data, start + 16 + 12 * g) for g in range(groups))
            return [(first, last) for first, last, _ in found]
    raise ValueError(f"{_FILE.name} has no table of its characters")
