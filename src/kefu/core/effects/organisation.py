"""Who is who, asked from below: `kefu.staff` answers, through what it gives here at start-up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from kefu.core.rulebook.who import Organisation


class Roll(Protocol):
    """Everybody and what they hold, as read at one moment, for many questions about instants before it."""

    def at(self, at: datetime, department: int) -> Organisation:
        """Who holds which post for the department's work at the instant."""


Call = Callable[[datetime], Roll]
_call: list[Call] = []


def answered_by(call: Call) -> None:
    """Register what reads the roll: fn(earliest instant that will be asked about)."""
    _call[:] = [call]


def roll(since: datetime) -> Roll:
    """A roll for instants from `since` on; an earlier one is read by itself. For one batch, not for a process."""
    return _call[0](since)


def at(at: datetime, department: int) -> Organisation:
    """The organisation at one instant, read for this question."""
    return roll(at).at(at, department)
