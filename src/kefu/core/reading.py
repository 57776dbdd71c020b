"""One reading: while a page is read nothing of who is who changes, and a question is asked of the database once.

    with reading():
        ...  # every function marked `asked_once` answers the same question from memory

Outside of one every question is asked anew, as actions must: they change the answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_answers: ContextVar[dict[tuple[Any, ...], Any] | None] = ContextVar("kefu_reading", default=None)


@contextmanager
def reading() -> Iterator[None]:
    """Nothing that is read here changes before the end."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def asked_once(function: Callable[P, R]) -> Callable[P, R]:
    """Remember its answers for the rest of a reading. The question is the arguments by position, each hashable;
    those by keyword only help to answer it."""

    @wraps(function)
    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        answers = _answers.get()
        if answers is None:
            return function(*args, **kwargs)
        question = (function, *args)
        if question not in answers:
            answers[question] = function(*args, **kwargs)
        return answers[question]

    return ask
