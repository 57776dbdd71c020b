"""Small packs for tests: a good one, and bad files laid over it."""

from __future__ import annotations

from pathlib import Path

from kefu.core.rulebook import load_files
from kefu.core.rulebook.model import Rulebook

HERE = Path(__file__).parent
BAD = HERE / "bad"


def good_files() -> dict[str, bytes]:
    return {
        f"{pack}/{path.name}": path.read_bytes()
        for pack in ("good", "child")
        for path in (HERE / pack).glob("*.yaml")
    }


def good() -> Rulebook:
    return load_files("good", good_files())


def over_good(text: str | bytes, **header: str) -> Rulebook:
    """Load `text` as the one file of a pack `bad` that extends the good one."""
    lines = {"name": "bad", "title": "{zh: 坏, en: bad}", "extends": "good"} | header
    data = text.encode() if isinstance(text, str) else text
    pack = "".join(f"{key}: {value}\n" for key, value in lines.items()).encode()
    return load_files("bad", {**good_files(), "bad/pack.yaml": pack, "bad/rules.yaml": data})
