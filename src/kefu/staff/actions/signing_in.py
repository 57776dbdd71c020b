"""Signing in and out."""

from __future__ import annotations

from datetime import datetime
from ipaddress import ip_address

from django.contrib.auth.hashers import check_password
from django.core.signing import BadSignature, Signer

from kefu.core import inputs
from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.ledger.actions import SYSTEM, By, record
from kefu.core.rulebook.model import Ref
from kefu.staff import limits
from kefu.staff.actions import guard, tries
from kefu.staff.actions.people import canonical_login
from kefu.staff.models import Person, SignIn
from kefu.staff.secrets import digest, new_key, opened, totp_step

_SIGNER = Signer(salt="kefu.staff.code")
UNUSABLE = "!"  # checked in place of the password of nobody: it takes as long


class CodeMissing(Refused):
    """The password was right, the second factor is needed. `ticket` stands for the password, for five minutes."""

    def __init__(self, ticket: str) -> None:
        super().__init__(
            "sign_in.code_missing", zh="请输入动态口令。", en="Enter the code of your authenticator."
        )
        self.ticket = ticket


def sign_in(
    login: str, password: str, *, address: str = "", agent: str = "", at: datetime
) -> tuple[SignIn, str]:
    """Let a person in: the session and its key, which only the cookie keeps. Every sign-in makes a new key.

    Raises Refused sign_in.refused (wrong name, wrong password, left: one answer, one time), sign_in.locked
    (fact `retry_after`, seconds; 5 failures by name or 50 by address lock for 15 minutes), CodeMissing.
    """
    name = canonical_login(login[: limits.PASSWORD_LONGEST])
    keys = _count(name, address, at)
    person = Person.objects.filter(login=name, left_at=None).first()
    # the slow part, outside of any transaction
    right = len(password) <= limits.PASSWORD_LONGEST and check_password(
        inputs.searchable(password), person.password if person else UNUSABLE
    )
    if person is not None and right and person.totp_secret:
        with write():
            tries.take_back(*keys)
            _record_refusal(person, next(iter(keys)), "sign_in.refused", "code_missing", at)
        raise CodeMissing(_ticket(person, at))
    return _finish(name, person if right else None, "", keys, address, agent, at)


def sign_in_by_code(
    ticket: str, code: str, *, address: str = "", agent: str = "", at: datetime
) -> tuple[SignIn, str]:
    """Finish what CodeMissing began. Each code opens once.

    Raises Refused sign_in.refused, sign_in.locked, sign_in.again (the ticket is older than limits.CODE, not
    ours, or the password was changed since).
    """
    person = _named_by(ticket, at)
    if person is None:
        raise Refused(
            "sign_in.again",
            zh="离输入密码已超过 5 分钟，请重新登录。",
            en="The password was entered more than five minutes ago; sign in again.",
        )
    keys = _count(person.login, address, at)
    return _finish(person.login, person, code, keys, address, agent, at)


def _count(name: str, address: str, at: datetime) -> dict[str, int]:
    """Count a try, and return its keys, that of the name first. Raises Refused sign_in.locked."""
    keys = {
        tries.key_of("name", name): limits.FAILURES_BY_NAME,
        tries.key_of("address", address): limits.FAILURES_BY_ADDRESS,
    }
    with write():
        free = tries.count(keys, at)
    if not free:
        raise tries.locked(keys, at)
    return keys


def _finish(
    name: str, person: Person | None, code: str, keys: dict[str, int], address: str, agent: str, at: datetime
) -> tuple[SignIn, str]:
    """person: whose password was right, None when it was not."""
    by_name, by_address = keys
    with write():
        person = _let_in(person, code, at) if person is not None else None
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


def _ticket(person: Person, at: datetime) -> str:
    """Signed, and of no use once the password is another."""
    return _SIGNER.sign_object([person.pk, digest(person.password), int(at.timestamp())])


def _named_by(ticket: str, at: datetime) -> Person | None:
    try:
        pk, password, since = _SIGNER.unsign_object(ticket)
    except BadSignature:
        return None
    person = Person.objects.filter(pk=pk, left_at=None).first()
    fresh = 0 <= at.timestamp() - since <= limits.CODE.total_seconds()
    return person if person and fresh and digest(person.password) == password else None


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
        step = totp_step(opened(now.totp_secret), code, at)
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
