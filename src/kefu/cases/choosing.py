"""Whom a case is given to: a pure decision on plain values, with its reason and who was passed over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from kefu.core.rulebook.words import WAYS

Way = Literal["in_turn", "least_loaded", "first_contact"]
Why = Literal["in_turn", "least_loaded", "first_contact", "nobody"]
Passed = Literal["away", "unskilled", "full"]

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who might get the case. load: open cases in hand; most: how many they may have, None without a limit.

    given_at: when they were last given one in turn. dealt_at: when they last dealt with this customer, None if never.
    """

    person: int
    on_duty: bool = True
    skilled: bool = True
    load: int = 0
    most: int | None = None
    given_at: datetime | None = None
    dealt_at: datetime | None = None

    @property
    def passed_over(self) -> Passed | None:
        """Why this one cannot get it now, None if they can."""
        if not self.on_duty:
            return "away"
        if not self.skilled:
            return "unskilled"
        return "full" if self.most is not None and self.load >= self.most else None


@dataclass(frozen=True, slots=True)
class Choice:
    """person: None where nobody can get it. passed_over: who would have come before but could not, and why."""

    person: int | None
    why: Why
    passed_over: tuple[tuple[int, Passed], ...]


def choose(candidates: Sequence[Candidate], way: Way) -> Choice:
    """Pick one who is on duty, skilled and not full: whose turn it is, who has least in hand, who knows the customer.

    first_contact: the one who dealt with the customer last; where nobody of those who can get it did, the least
    loaded. Equal ones: who waited longest, then the order of the candidates.
    """
    if way not in WAYS:
        raise ValueError(f"no way of choosing is named {way!r}")
    barred = tuple((one.person, one.passed_over) for one in candidates if one.passed_over is not None)
    able = [one for one in candidates if one.passed_over is None]
    if not able:
        return Choice(None, "nobody", barred)
    if way == "in_turn":
        return Choice(min(able, key=_waited).person, "in_turn", barred)
    if way == "first_contact":
        known = [one for one in able if one.dealt_at is not None]
        if known:
            return Choice(
                max(known, key=lambda one: one.dealt_at or _LONG_AGO).person, "first_contact", barred
            )
    return Choice(min(able, key=lambda one: (one.load, _waited(one))).person, "least_loaded", barred)


def _waited(candidate: Candidate) -> datetime:
    return candidate.given_at or _LONG_AGO
