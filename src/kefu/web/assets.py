"""What the front end was bundled into: its addresses, its content and the pictures of its sprite."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kefu.core.reading import asked_once

MANIFEST = Path(__file__).resolve().parent / "static" / "kefu" / "manifest.json"


def asset(name: str) -> str:
    """The address of a bundled file: `asset("app.css")`; its plain name where nothing was built."""
    return _address(_manifest().get(name, f"kefu/{name}"))


def icon(name: str, extra: str = "") -> SafeString:
    """A picture from the sprite, for the eyes only: words stand beside it. Names: `static_src/icons.txt`."""
    return _drawn(name, extra, asset("icons.svg"))


def bundled(name: str) -> bytes:
    """The content of a bundled file; nothing where nothing was built."""
    path = _manifest().get(name)
    return (MANIFEST.parent.parent / path).read_bytes() if path else b""


@lru_cache(maxsize=100)
def _address(path: str) -> str:
    return static(path)


@lru_cache(maxsize=1000)
def _drawn(name: str, extra: str, sprite: str) -> SafeString:
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"/></svg>', extra, sprite, name
    )


@asked_once
def _manifest() -> dict[str, str]:
    return _read(MANIFEST.stat().st_mtime_ns) if MANIFEST.exists() else {}


@lru_cache(maxsize=1)
def _read(changed: int) -> dict[str, str]:
    """Read again only when the file changed (nanoseconds), so that a rebuilt front end needs no restart."""
    return json.loads(MANIFEST.read_text())
