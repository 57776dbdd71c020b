"""The message catalogue: English stands in code and templates, Simplified Chinese in locale/zh_Hans.

`python -m tools.messages` brings the catalogue up to date (new messages empty, unused ones gone); `--check`
names every message that is missing, untranslated, unused, fuzzy or has lost a placeholder. Babel does what
gettext's programs do elsewhere, since a bare machine has none.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from jinja2.ext import babel_extract

from tools.environment import ROOT, say

PACKAGE = ROOT / "src" / "kefu"
CATALOGUE = PACKAGE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def extracted() -> Catalog:
    """Every message of the package's code and templates."""
    catalogue = Catalog(locale="zh_Hans", domain="django", project="kefu", charset="utf-8")
    for path, method in _sources():
        found = extract(method, io.BytesIO(path.read_bytes()), keywords=KEYWORDS, options={"silent": "false"})
        for _line, message, comments, context in found:
            place = (str(path.relative_to(ROOT)), 1)
            catalogue.add(message, locations=[place], auto_comments=comments, context=context)
    return catalogue


def _sources() -> Iterator[tuple[Path, Any]]:
    """Each file and how Babel reads it."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.parts):
            yield path, "python"
    for path in sorted([*PACKAGE.rglob("templates/**/*.html"), *PACKAGE.rglob("templates/**/*.txt")]):
        yield path, babel_extract


def kept() -> Catalog:
    if not CATALOGUE.exists():
        return Catalog(locale="zh_Hans", domain="django")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans", domain="django")


def wrongs() -> Iterator[str]:
    """One line for each message of which code and catalogue do not agree."""
    needed, present = extracted(), kept()
    for message in needed:
        translated = present.get(message.id, message.context) if message.id else None
        if message.id and translated is None:
            yield f"missing: {_named(message)} in {message.locations[0][0]}"
        elif translated is not None:
            yield from _wrongs_of(translated)
    for message in [*present, *present.obsolete.values()]:
        if message.id and needed.get(message.id, message.context) is None:
            yield f"unused: {_named(message)}"


def _wrongs_of(message: Message) -> Iterator[str]:
    forms = [message.string] if isinstance(message.string, str) else list(message.string or ("",))
    if not all(forms):
        yield f"untranslated: {_named(message)}"
    elif message.fuzzy:
        yield f"fuzzy: {_named(message)}"
    elif any(_placeholders(form) - _placeholders(_named(message)) for form in forms) or (
        isinstance(message.id, str) and _placeholders(message.id) != _placeholders(forms[0])
    ):
        yield f"placeholders differ: {_named(message)}"


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def _named(message: Message) -> str:
    return message.id if isinstance(message.id, str) else " / ".join(message.id)


def update() -> None:
    """Rewrite the catalogue: sorted, by file and without line numbers, so that two branches merge."""
    catalogue = kept()
    catalogue.update(extracted(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.header_comment = "# Simplified Chinese for Kefu. Kept by bin/messages."
    catalogue.fuzzy = False
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, sort_output=True, include_lineno=False, width=110, omit_header=False)


def main() -> None:
    settings.configure(USE_I18N=True)
    if "--check" not in sys.argv:
        update()
    found = list(wrongs())
    for line in found:
        say(line)
    sys.exit(f"{len(found)} messages to see to in {CATALOGUE.relative_to(ROOT)}" if found else 0)


if __name__ == "__main__":
    main()
