"""Signed words in addresses and forms: a link that opens one case, the code asked for, the time a form was shown."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.core import signing

from kefu.core.errors import Refused
from kefu.portal.limits import CODE_VALID, FILLED_IN, FORM_VALID, LINK_VALID

LINK, CODE, FORM = "kefu.portal.link", "kefu.portal.code", "kefu.portal.form"


def link_of(case: int, *, at: datetime) -> str:
    """The word of a link that opens this one case for `LINK_VALID`."""
    return _signed(LINK, case, at)


def case_of(link: str, *, at: datetime) -> int:
    """The case that a link opens. Raises Refused portal.link."""
    case, _ = _read(LINK, link, LINK_VALID, at) or (None, None)
    if case is None:
        raise Refused(
            "portal.link",
            zh="链接不完整或已过期。请凭编号和电话查询，或用验证码登录。",
            en="The link is incomplete or too old. Look the case up by number and phone, or sign in with a code.",
        )
    return int(case)


def asked_code(code: int, *, at: datetime) -> str:
    """Names the code that was asked for, without saying which row it is to somebody who guesses."""
    return _signed(CODE, code, at)


def code_of(word: str, *, at: datetime) -> int | None:
    found = _read(CODE, word, CODE_VALID, at)
    return int(found[0]) if found else None


def form_shown(*, at: datetime) -> str:
    """Stands in the form: when it was shown, and what tells it from the next one."""
    return _signed(FORM, secrets.token_urlsafe(12), at)


def require_filled_in(word: str, *, trap: str, at: datetime) -> None:
    """Raises Refused portal.machine for a form that no person filled in: too fast, too old, or with the field that
    people do not see."""
    found = _read(FORM, word, FORM_VALID, at)
    if found is None or at - found[1] < FILLED_IN or trap:
        raise Refused(
            "portal.machine",
            zh="没有收到：表单提交得太快、停留太久，或像是机器填写的。请核对内容后再点一次提交。",
            en="Not received: the form came too fast, was open too long, or looks filled in by a machine. Check it"
            " and send it once more.",
        )


def _signed(salt: str, what: int | str, at: datetime) -> str:
    return signing.dumps([what, int(at.timestamp())], salt=salt)


def _read(salt: str, word: str, valid: timedelta, at: datetime) -> tuple[Any, datetime] | None:
    try:
        what, seconds = signing.loads(word, salt=salt)
    except (signing.BadSignature, ValueError):
        return None
    made = datetime.fromtimestamp(seconds, at.tzinfo)
    return (what, made) if made <= at < made + valid else None
