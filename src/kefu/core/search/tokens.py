"""Text to tokens. A run of Chinese gives every pair of neighbours and its last character alone, so that one
character, two characters and any longer fragment are all found; a Latin run gives the word."""

from __future__ import annotations

import re
import unicodedata

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u3040-\u30ff\uac00-\ud7af"
_RUN = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_IS_CJK = re.compile(rf"[{_CJK}]")


def fold(text: str) -> str:
    """Full-width to half-width, compatibility forms to plain ones, small letters."""
    return unicodedata.normalize("NFKC", text).lower()


def runs(folded: str) -> list[str]:
    return _RUN.findall(folded)


def tokens(folded: str) -> list[str]:
    """All tokens of a text, in order, with repeats."""
    found: list[str] = []
    for run in runs(folded):
        if _IS_CJK.match(run):
            found += [run[i : i + 2] for i in range(len(run) - 1)]
            found.append(run[-1])
        else:
            found.append(run)
    return found


def asked(run: str) -> tuple[list[str], bool]:
    """Tokens that a text holding `run` must have, and whether the only one is a prefix (one character, or the
    beginning of a word)."""
    if not _IS_CJK.match(run):
        return [run], True
    if len(run) == 1:
        return [run], True
    return [run[i : i + 2] for i in range(len(run) - 1)], False
