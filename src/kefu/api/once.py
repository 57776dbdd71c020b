"""Idempotency-Key: a request sent twice is done once, and answered twice with the same answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja import Schema, Status

from kefu.api.tokens import caller
from kefu.core.errors import Refused
from kefu.core.once import actions

HEADER = "Idempotency-Key"
LONGEST_KEY = 200

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

    As `kefu.core.once.actions.once`: a refusal is not kept. Raises Refused idempotency.key, idempotency.other_request.
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
    who, asked = caller(request), _digest(request)

    def answer() -> dict[str, object]:
        return {"request": asked, "status": status, "body": do().model_dump(mode="json")}

    kept = actions.once(f"api:{who.person.pk}:{key}", at=who.at, do=answer)
    if kept["request"] != asked:
        raise Refused(
            "idempotency.other_request",
            zh="这个 Idempotency-Key 已用于另一个请求；请为新请求换一个。",
            en="This Idempotency-Key was used for another request; use a new one for a new request.",
        )
    return Status(kept["status"], kept["body"])


def _digest(request: HttpRequest) -> str:
    parts = [(request.method or "").encode(), request.path.encode(), request.body]
    return hashlib.sha256(b"\x00".join(parts)).hexdigest()
