"""Who is who, asked from below: `kefu.staff` answers, through the function it gives here at start-up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kefu.core.rulebook.who import Organisation

Answer = Callable[[datetime, int], Organisation]
_answer: list[Answer] = []


def answered_by(answer: Answer) -> None:
    """Register the function (instant, department id) -> Organisation: who holds which post for its work."""
    _answer[:] = [answer]


def at(at: datetime, department: int) -> Organisation:
    return _answer[0](at, department)
