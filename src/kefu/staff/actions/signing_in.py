"""Signing in and out."""

from __future__ import annotations

from datetime import datetime
from ipaddress import ip_address

from django.contrib.auth.hashers import check_password

from kefu.core import inputs
from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.ledger.actions import SYSTEM, By, record
from kefu.core.rulebook.model import Ref
from kefu.staff import limits
from kefu.staff.actions import guard, tries
from kefu.staff.actions.people import canonical_login
from kefu.staff.models import Person, SignIn
from kefu.staff.secrets import digest, new_key, totp_step

UNUSABLE = "!"  # checked in place of the password of nobody: it takes as long


def sign_in(
    login: str, password: str, *, code: str = "", address: str = "", agent: str = "", at: datetime
) -> tuple[SignIn, str]:
    """Let a person in: the session and its key, which only the cookie keeps. Every sign-in makes a new key.

    Raises Refused sign_in.refused (wrong name, wrong password, left, wrong code: one answer, one time),
    sign_in.code_missing (the password was right, the second factor is needed), sign_in.locked
    (fact `retry_after`, seconds; 5 failures by name or 50 by address lock for 15 minutes).
    """
    name = canonical_login(login[: limits.PASSWORD_LONGEST])
    by_name, by_address = tries.key_of("name", name), tries.key_of("address", address)
    keys = {by_name: limits.FAILURES_BY_NAME, by_address: limits.FAILURES_BY_ADDRESS}
    with write():
        free = tries.count(keys, at)
    if not free:
        raise tries.locked(keys, at)
    person = Person.objects.filter(login=name, left_at=None).first()
    # the slow part, outside of any transaction
    right = len(password) <= limits.PASSWORD_LONGEST and check_password(
        inputs.searchable(password), person.password if person else UNUSABLE
    )
    if person is not None and right and person.totp_secret and not code.strip():
        with write():
            tries.forget(by_name, by_address)
            _record_refusal(person, by_name, "sign_in.refused", "code_missing", at)
        raise Refused(
            "sign_in.code_missing", zh="请输入动态口令。", en="Enter the code of your authenticator."
        )
    with write():
        person = _let_in(person, code, at) if person is not None and right else None
        if person is not None:
            tries.forget(by_name, by_address)
            return _begin(person, address, agent, at)
        known = Person.objects.filter(login=name, left_at=None).first()
        kind = "sign_in.locked" if tries.lock_if_used_up(keys, at) else "sign_in.refused"
        _record_refusal(known, by_name, kind, "wrong", at)
    raise Refused(
        "sign_in.refused",
        zh="登录名、密码或动态口令不正确。",
        en="The login name, the password or the code is not right.",
    )


def sign_out(sign_in: SignIn, *, by: By, at: datetime) -> None:
    """End one's own session. Ended twice is ended once."""
    with write():
        guard.require_self(by, sign_in.person)
        _end(sign_in, "person.signed_out", by=by, at=at)


def end_session(sign_in: SignIn, *, by: By, at: datetime) -> None:
    """End a session from elsewhere: one's own other one, or as head of the department."""
    with write():
        guard.require_self_or_head(by, at, sign_in.person)
        _end(sign_in, "person.session_ended", by=by, at=at)


def _let_in(person: Person, code: str, at: datetime) -> Person | None:
    """The person as locked now, when still here with the password that was checked and with an unused
    code."""
    now = Person.objects.select_for_update().get(pk=person.pk)
    if not now.is_active or now.password != person.password:
        return None
    if now.totp_secret:
        step = totp_step(now.totp_secret, code, at)
        if step is None or step <= now.totp_step:
            return None
        now.totp_step = step
        now.save(update_fields=["totp_step"])
    return now


def _begin(person: Person, address: str, agent: str, at: datetime) -> tuple[SignIn, str]:
    key = new_key()
    session = SignIn.objects.create(
        person=person,
        digest=digest(key),
        address=_address(address),
        agent=inputs.line(agent[:200], "agent", longest=200, required=False),
        started_at=at,
        last_seen_at=at,
    )
    _record("person.signed_in", session, by=person, at=at)
    return session, key


def _end(session: SignIn, kind: str, *, by: By, at: datetime) -> None:
    if SignIn.objects.filter(pk=session.pk, ended_at=None).update(ended_at=at):
        _record(kind, session, by=by, at=at)


def _address(text: str) -> str | None:
    try:
        return str(ip_address(text))
    except ValueError:
        return None


def _record(kind: str, session: SignIn, *, by: By, at: datetime) -> None:
    person = session.person
    record(kind, person.ref, by=by, at=at, department=person.department_id, data={"session": session.pk})


def _record_refusal(person: Person | None, name_key: str, kind: str, why: str, at: datetime) -> None:
    subject = person.ref if person else Ref("sign_in", name_key)
    department = person.department_id if person else None
    record(kind, subject, by=SYSTEM, at=at, department=department, data={"why": why})
