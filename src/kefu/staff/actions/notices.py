"""Notices to people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from kefu.core.db import insert, write
from kefu.core.ledger.actions import By, record
from kefu.core.rulebook.model import Ref
from kefu.staff.actions import guard
from kefu.staff.models import Notice, Person
from kefu.staff.notices import is_declared


def notify(
    person: Person,
    *,
    kind: str,
    subject: Ref | None = None,
    data: Mapping[str, object] | None = None,
    by: By,
    at: datetime,
) -> Notice | None:
    """Tell somebody something inside the application. People who left are told nothing (None).

    kind: declared by `notices.declare_notice`, else ValueError. data: ids, codes, numbers for the wording.
    """
    if not is_declared(kind):
        raise ValueError(f"the notice {kind!r} has no wording; declare it with declare_notice")
    if not person.is_active:
        return None
    with write():
        notice = Notice(
            person=person,
            at=at,
            kind=kind,
            subject_kind=subject.kind if subject else "",
            subject_id=subject.id if subject else "",
            data=dict(data or {}),
        )
        insert([notice])
        record(
            "notice.sent",
            subject or person.ref,
            by=by,
            at=at,
            department=person.department_id,
            data={"person": person.pk, "notice": kind},
        )
        return notice


def mark_read(person: Person, *, notices: Iterable[int] | None = None, by: By, at: datetime) -> int:
    """Mark one's notices as read, those with the given ids or all; how many were unread. By oneself."""
    with write():
        guard.require_self(by, person)
        unread = Notice.objects.filter(person=person, read_at=None)
        if notices is not None:
            unread = unread.filter(pk__in=list(notices))
        count = unread.update(read_at=at)
        if count:
            record(
                "notice.read",
                person.ref,
                by=by,
                at=at,
                department=person.department_id,
                data={"count": count},
            )
        return count
