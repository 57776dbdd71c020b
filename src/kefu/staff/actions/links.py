"""Passwords: set by a one-time link, changed with the old one."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.contrib.auth.hashers import check_password, make_password

from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.ledger.actions import By, record
from kefu.staff import limits
from kefu.staff.actions import guard, tries
from kefu.staff.models import OneTimeLink, Person, SignIn
from kefu.staff.secrets import check_new_password, digest, new_key


def issue_link(person: Person, *, purpose: Literal["invite", "reset"], by: By, at: datetime) -> str:
    """Make a link with which the person sets a password within 72 hours, once. The key is given back only
    here; earlier unused links stop working. By the head of the department."""
    with write():
        guard.require_here(person)
        guard.require_head(by, at, person.department_id)
        OneTimeLink.objects.filter(person=person, used_at=None, expires_at__gt=at).update(expires_at=at)
        key = new_key()
        OneTimeLink.objects.create(
            person=person, purpose=purpose, digest=digest(key), expires_at=at + limits.LINK
        )
        _record("person.link_issued", person, by=by, at=at, purpose=purpose)
        return key


def use_link(key: str, *, password: str, at: datetime) -> Person:
    """Set the password of the person the link was made for; all their sessions end, a second factor stays.

    Raises Refused link.not_valid (empty, unknown, used, older than 72 hours, or of somebody who left: one
    answer), password.*.
    """
    person = find_link(key, at=at).person
    check_new_password(password, person)
    hashed = make_password(password)  # slow: outside of the transaction
    with write():
        link = find_link(key, at=at)
        if not OneTimeLink.objects.filter(pk=link.pk, used_at=None).update(used_at=at):
            raise _not_valid()
        Person.objects.filter(pk=person.pk).update(password=hashed)
        ended = SignIn.objects.filter(person=person, ended_at=None).update(ended_at=at)
        _record("person.link_used", person, by=person, at=at, purpose=link.purpose, sessions=ended)
        person.refresh_from_db()
        return person


def find_link(key: str, *, at: datetime) -> OneTimeLink:
    """The link as long as it can be used. Raises Refused link.not_valid."""
    usable = OneTimeLink.objects.filter(used_at=None, expires_at__gt=at, person__left_at=None)
    link = usable.select_related("person").filter(digest=digest(key)).first() if key else None
    if link is None:
        raise _not_valid()
    return link


def change_password(
    person: Person, *, old: str, new: str, keep: SignIn | None, by: By, at: datetime
) -> Person:
    """Change one's own password; all sessions but `keep` end.

    Raises Refused password.old_wrong (counted like a failed sign-in), sign_in.locked, password.*,
    staff.not_yours.
    """
    guard.require_self(by, person)
    by_name = tries.key_of("name", person.login)
    keys = {by_name: limits.FAILURES_BY_NAME}
    with write():
        free = tries.count(keys, at)
    if not free:
        raise tries.locked(keys, at)
    if len(old) > limits.PASSWORD_LONGEST or not check_password(old, person.password):
        raise Refused("password.old_wrong", zh="原密码不正确。", en="The old password is not right.")
    check_new_password(new, person)
    hashed = make_password(new)
    with write():
        tries.forget(by_name, "")
        if not Person.objects.filter(pk=person.pk, password=person.password, left_at=None).update(
            password=hashed
        ):
            raise Refused(
                "password.changed_meanwhile",
                zh="密码刚刚被修改过，请重新登录。",
                en="The password was changed just now; sign in again.",
            )
        others = SignIn.objects.filter(person=person, ended_at=None)
        others = others.exclude(pk=keep.pk) if keep else others
        _record("person.password_changed", person, by=by, at=at, sessions=others.update(ended_at=at))
        person.refresh_from_db()
        return person


def _not_valid() -> Refused:
    return Refused(
        "link.not_valid",
        zh="链接已失效（用过、超过 72 小时或不完整），请向部门负责人再要一个。",
        en="The link is no longer valid (used, older than 72 hours or incomplete); ask for a new one.",
    )


def _record(kind: str, person: Person, *, by: By, at: datetime, **data: object) -> None:
    record(kind, person.ref, by=by, at=at, department=person.department_id, data=data)
