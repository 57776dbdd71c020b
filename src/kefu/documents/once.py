"""A form is carried out once, however often its button is pressed or the network repeats it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest

from kefu.core.db import write
from kefu.core.ledger import By
from kefu.core.once import actions as kept

TOKEN = "token"  # noqa: S105 (the name of the hidden field)


def new_token() -> str:
    """What tells this showing of a form from the next one."""
    return secrets.token_urlsafe(16)


def once(request: HttpRequest, *, by: By, at: datetime, do: Callable[[], str]) -> str:
    """Carry out `do` (which answers an address) in one transaction, and give the same answer to a repetition.

    The same form is the same person, address, token and content: a corrected form sent again is a new one.
    A refusal leaves nothing behind. Without a token (a hand-made request) nothing is remembered.
    """
    if request.POST.get(TOKEN):
        return str(kept.once(_key(request, by), at=at, do=do))
    with write():
        return do()


def _key(request: HttpRequest, by: By) -> str:
    parts = [by.actor_id, request.path]
    for name, values in sorted(request.POST.lists()):
        if name != "csrfmiddlewaretoken":  # masked anew with every answer
            parts += [name, *values]
    for name, files in sorted(request.FILES.lists()):
        parts += [name, *(f"{file.name}:{file.size}" for file in files)]
    return "form:" + hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
