"""Who calls: the person of the token in `Authorization: Bearer …`, within the token's scopes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.http import HttpRequest
from django.utils import translation
from ninja.security import HttpBearer

from kefu.core.errors import Refused
from kefu.staff.models import Person
from kefu.staff.sessions import token_of
from kefu.web.instant import instant_of

READING = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Caller:
    """`at`: the instant of the request, read once."""

    person: Person
    at: datetime


class Token(HttpBearer):
    """Answers 401 for a missing, revoked or outdated token; raises Refused token.read_only for a write with a
    token that may only read."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        at = instant_of(request)
        found = token_of(token, at)
        if found is None:
            return None
        if request.method not in READING and "write" not in found.scopes:
            raise Refused(
                "token.read_only",
                zh="这个令牌只能读取；请用范围含 write 的令牌。",
                en="This token may only read; use one whose scope includes write.",
            )
        if found.person.language and "Accept-Language" not in request.headers:
            translation.activate(found.person.language)
        return Caller(found.person, at)


def caller(request: HttpRequest) -> Caller:
    return cast(Caller, request.auth)  # type: ignore[attr-defined]  # set by ninja from `Token`
