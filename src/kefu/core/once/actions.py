"""Doing a thing once per key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError

from kefu.core.db import insert, select, update, write
from kefu.core.jobs.registry import handler
from kefu.core.jobs.running import Run
from kefu.core.once.models import KeptAnswer

KEPT = timedelta(hours=48)  # how long a repetition is known as one


def once(key: str, *, at: datetime, do: Callable[[], Any]) -> Any:
    """Carry out `do` in one transaction and keep what it answers (JSON); a repetition gets the same answer.

    key: at most 300 characters, its first word says whose it is ("form:…", "api:…"). Killed in between, neither the
    change nor the answer is there; what `do` raises leaves nothing behind. Of two at once the second waits.
    """
    with write():
        if kept := select(KeptAnswer, "key = %s", [key]):
            return kept[0].answer
        row = KeptAnswer(key=key, at=at)
        try:
            with write():
                insert([row])
        except IntegrityError:  # the same came at the same time and was first
            return select(KeptAnswer, "key = %s", [key])[0].answer
        row.answer = do()
        update(row, ["answer"])
        return row.answer


@handler("once.forget", every=timedelta(hours=1))
def forget_old(run: Run, at: datetime) -> None:
    KeptAnswer.objects.filter(at__lt=at - KEPT).delete()
