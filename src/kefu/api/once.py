"""Idempotency-Key: a request sent twice is done once, and answered twice with the same answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest
from ninja import Schema, Status

from kefu.api.models import KeptAnswer
from kefu.api.tokens import caller
from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.jobs.registry import handler
from kefu.core.jobs.running import Run

HEADER = "Idempotency-Key"
LONGEST_KEY = 200
KEPT = timedelta(hours=48)  # promised are 24

OPENAPI = {
    "parameters": [
        {
            "name": HEADER,
            "in": "header",
            "required": False,
            "schema": {"type": "string", "maxLength": LONGEST_KEY},
            "description": "Sent again within 24 hours with the same body, the request is answered and not "
            "repeated; with another body it is refused (idempotency.other_request).",
        }
    ]
}


def once(request: HttpRequest, status: int, do: Callable[[], Schema]) -> Status[Any]:
    """Do `do`, or answer as it was answered when the same key came before.

    The answer is stored in the transaction of what it answers: killed in between, neither is there. A refusal
    is not kept. Raises Refused idempotency.key, idempotency.other_request.
    """
    key = request.headers.get(HEADER, "")
    if not key:
        return Status(status, do())
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise Refused(
            "idempotency.key",
            zh=f"Idempotency-Key 应为 1 至 {LONGEST_KEY} 个可见字符。",
            en=f"An Idempotency-Key has 1 to {LONGEST_KEY} printable characters.",
        )
    who = caller(request)
    asked = _digest(request)
    with write():
        if (kept := _kept(who.person.pk, key, asked)) is not None:
            return kept
        try:
            with write():
                row = KeptAnswer.objects.create(person=who.person, key=key, request=asked, at=who.at)
        except IntegrityError:  # the same request arrived at the same time and was first
            kept = _kept(who.person.pk, key, asked)
            if kept is None:
                raise
            return kept
        row.status, row.body = status, do().model_dump(mode="json")
        row.save(update_fields=["status", "body"])
        return Status(row.status, row.body)


def _kept(person: int, key: str, asked: str) -> Status[Any] | None:
    row = KeptAnswer.objects.filter(person_id=person, key=key).first()
    if row is None:
        return None
    if row.request != asked:
        raise Refused(
            "idempotency.other_request",
            zh="这个 Idempotency-Key 已用于另一个请求；请为新请求换一个。",
            en="This Idempotency-Key was used for another request; use a new one for a new request.",
        )
    return Status(row.status, row.body)


def _digest(request: HttpRequest) -> str:
    parts = [(request.method or "").encode(), request.path.encode(), request.body]
    return hashlib.sha256(b"\x00".join(parts)).hexdigest()


@handler("api.forget_answers", every=timedelta(hours=1))
def forget_old(run: Run, at: datetime) -> None:
    KeptAnswer.objects.filter(at__lt=at - KEPT).delete()
