"""A printed PDF read back: its text page by page, and a page as a small picture."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops

SCALE = 0.6  # of 72 dots to the inch: enough to see lines, cells and where text stands
# The mean difference of a dot, 0 to 255: what another build of the renderer may draw differently at an edge.
TOLERANCE = 2.0


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]


def text_of(pdf: bytes) -> str:
    """All of it without the breaks of lines, which are the paper's."""
    return "".join(pages_of(pdf)).replace("\n", "")


def sizes_of(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of each page in mm."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [
            (round(page.get_width() / 72 * 25.4), round(page.get_height() / 72 * 25.4)) for page in document
        ]


def drawn(pdf: bytes, page: int = 0, scale: float = SCALE) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        return document[page].render(scale=scale).to_pil().convert("L")


def differs(pdf: bytes, kept: Path, page: int = 0, scale: float = SCALE) -> float:
    """How far a page is from the kept picture: the mean difference of a dot, 255 for another size."""
    now = drawn(pdf, page, scale)
    with Image.open(kept) as before:
        if before.size != now.size:
            return 255.0
        histogram = ImageChops.difference(before.convert("L"), now).histogram()
    return sum(level * count for level, count in enumerate(histogram)) / (now.width * now.height)
