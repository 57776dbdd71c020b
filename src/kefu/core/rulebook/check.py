"""What cannot be seen in one entry alone: references, sense, contradictions."""

from __future__ import annotations

from kefu.core.rulebook import words
from kefu.core.rulebook.mistakes import Advice
from kefu.core.rulebook.model import Rulebook


def check(rulebook: Rulebook, *, effects: frozenset[str] = frozenset(words.EFFECTS)) -> None:
    """Raises RulebookRefused with every mistake found."""


def advise(rulebook: Rulebook) -> tuple[Advice, ...]:
    return ()
