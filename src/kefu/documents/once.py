"""A form is carried out once, however often its button is pressed or the network repeats it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.http import HttpRequest

from kefu.core.db import write
from kefu.documents.models import SentForm
from kefu.staff.models import Person

KEPT = timedelta(hours=48)  # a page left open longer than that sends its form anew
TOKEN = "token"  # noqa: S105 (the name of the hidden field)


def new_token() -> str:
    """What tells this showing of a form from the next one."""
    return secrets.token_urlsafe(16)


def once(request: HttpRequest, *, by: Person, at: datetime, do: Callable[[], str]) -> str:
    """Carry out `do` (which answers an address) in one transaction, and give the same answer to a repetition.

    The same form is the same person, address, token and content: a corrected form sent again is a new one.
    A refusal leaves nothing behind. Without a token (a hand-made request) nothing is remembered.
    """
    if not request.POST.get(TOKEN):
        with write():
            return do()
    with write():
        SentForm.objects.filter(at__lt=at - KEPT).delete()
        sent, fresh = SentForm.objects.get_or_create(key=_key(request, by), defaults={"at": at})
        if fresh:
            sent.answer = do()
            sent.save(update_fields=["answer"])
    return sent.answer


def _key(request: HttpRequest, by: Person) -> str:
    parts = [by.actor_id, request.path]
    for name, values in sorted(request.POST.lists()):
        if name != "csrfmiddlewaretoken":  # masked anew with every answer
            parts += [name, *values]
    for name, files in sorted(request.FILES.lists()):
        parts += [name, *(f"{file.name}:{file.size}" for file in files)]
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
