"""Second factors and keys for programs; made by the person they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kefu.core import inputs
from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.ledger.actions import By, record
from kefu.staff import limits
from kefu.staff.actions import guard
from kefu.staff.models import ApiToken, Person
from kefu.staff.secrets import digest, new_key, opened, sealed, totp_step


def enable_totp(person: Person, *, secret: str, code: str, by: By, at: datetime) -> Person:
    """Switch the second factor on with the secret just shown (`secrets.new_totp_secret`) and a code made
    from it.

    Raises Refused totp.code_wrong, totp.on, staff.not_yours.
    """
    with write():
        guard.require_self(by, person)
        now = Person.objects.select_for_update().get(pk=person.pk)
        if now.totp_secret:
            raise Refused("totp.on", zh="动态口令已启用。", en="The second factor is on already.")
        step = totp_step(secret, code, at)
        if step is None:
            raise _code_wrong()
        return _set_totp(now, sealed(secret, at), step, "person.totp_enabled", by=by, at=at)


def disable_totp(person: Person, *, code: str = "", by: By, at: datetime) -> Person:
    """Switch it off: oneself with a code, or the head of the department for somebody who lost the device."""
    with write():
        guard.require_self_or_head(by, at, person)
        now = Person.objects.select_for_update().get(pk=person.pk)
        if guard.is_self(by, person):
            step = totp_step(opened(now.totp_secret), code, at) if now.totp_secret else None
            if step is None or step <= now.totp_step:
                raise _code_wrong()
        return _set_totp(now, "", 0, "person.totp_disabled", by=by, at=at)


def make_token(
    person: Person, *, name: str, scopes: Sequence[str], expires_at: datetime, by: By, at: datetime
) -> tuple[ApiToken, str]:
    """Make a key with which a program acts as the person; the key is given back only here.

    Raises Refused token.scope, token.expiry (at most 400 days ahead), staff.not_yours.
    """
    with write():
        guard.require_self(by, person)
        if not scopes or set(scopes) - set(limits.SCOPES):
            raise Refused(
                "token.scope",
                zh=f"令牌范围只能是：{'、'.join(limits.SCOPES)}。",
                en=f"The scopes of a token are: {', '.join(limits.SCOPES)}.",
            )
        if not at < expires_at <= at + limits.TOKEN_LONGEST:
            raise Refused(
                "token.expiry",
                zh=f"令牌有效期应在 {limits.TOKEN_LONGEST.days} 天以内。",
                en=f"A token ends within {limits.TOKEN_LONGEST.days} days from now.",
            )
        key = new_key()
        token = ApiToken.objects.create(
            person=person,
            name=inputs.line(name, "名称 / name", longest=80),
            digest=digest(key),
            scopes=sorted(set(scopes)),
            made_at=at,
            expires_at=expires_at,
        )
        _record("person.token_made", person, by=by, at=at, token=token.pk, scopes=list(token.scopes))
        return token, key


def revoke_token(token: ApiToken, *, by: By, at: datetime) -> ApiToken:
    """End a token at once: one's own, or as head of the department. Twice is once."""
    with write():
        guard.require_self_or_head(by, at, token.person)
        if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
            _record("person.token_revoked", token.person, by=by, at=at, token=token.pk)
        token.refresh_from_db()
        return token


def _set_totp(person: Person, secret: str, step: int, kind: str, *, by: By, at: datetime) -> Person:
    person.totp_secret, person.totp_step = secret, step
    person.save(update_fields=["totp_secret", "totp_step"])
    _record(kind, person, by=by, at=at)
    return person


def _code_wrong() -> Refused:
    return Refused(
        "totp.code_wrong",
        zh="动态口令不正确或已用过；请核对设备时间，等下一个口令再试。",
        en="The code is wrong or was used; check the clock of the device and wait for the next one.",
    )


def _record(kind: str, person: Person, *, by: By, at: datetime, **data: object) -> None:
    record(kind, person.ref, by=by, at=at, department=person.department_id, data=data)
