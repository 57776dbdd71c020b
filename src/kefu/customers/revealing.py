"""Looking at a masked number in full: with a reason, on record, 30 an hour. One home for the archive of customers
and for the forms of cases, duties and papers."""

from __future__ import annotations

from datetime import datetime

from kefu.core import inputs
from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.rulebook.model import Ref
from kefu.core.work import recording
from kefu.core.work.fields import fields_of
from kefu.core.work.models import Work
from kefu.customers.models import Reveal
from kefu.customers.queries import REVEALS_AN_HOUR, reveals_left
from kefu.documents.filling import hidden_fields
from kefu.documents.revealing import Look, counted_by, look
from kefu.staff import queries as staff
from kefu.staff.models import Person

__all__ = ["Look", "look", "may_reveal", "no_such_field", "put_on_record", "reveal_in_form"]


@counted_by
def reveal_in_form(work: Work, field: str, *, allowed: bool, reason: str, by: Person, at: datetime) -> str:
    """Show one masked field of the form of a case, duty or paper in full.

    allowed: whether `by` may; the capability knows who works on it. Raises Refused reveal.right,
    reveal.too_many, reveal.field, line.missing.
    """
    with write():
        put_on_record(work.ref, field, allowed=allowed, reason=reason, by=by, at=at)
        if field not in hidden_fields(work):
            raise no_such_field()
        kind = fields_of(work.rule)[field].privacy
        recording.note(work, "revealed", by=by, at=at, data={"field": field, "what": kind})
        return str(work.values[field])


def may_reveal(by: Person, at: datetime) -> bool:
    """A post with the right `unmask`."""
    return staff.may(by, "unmask", at)


def put_on_record(subject: Ref, field: str, *, allowed: bool, reason: str, by: Person, at: datetime) -> None:
    """Count one look of this hour, with its reason. The caller records the event.

    Raises Refused reveal.right, reveal.too_many (fact `retry_after`, seconds), line.missing without a reason.
    """
    if not allowed:
        raise Refused(
            "reveal.right",
            zh="您的岗位没有查看完整信息的权限（unmask）。",
            en="No post you hold has the right to see full values (unmask).",
        )
    Person.objects.select_for_update().get(pk=by.pk)  # or two looks at once both count the same 29
    if not reveals_left(by, at):
        raise Refused(
            "reveal.too_many",
            zh=f"一小时内最多查看 {REVEALS_AN_HOUR} 次完整信息，请稍后再试。",
            en=f"Full values can be seen {REVEALS_AN_HOUR} times an hour; try again later.",
            retry_after=3600,
        )
    reason = inputs.line(reason, "查看原因 / reason", longest=200)
    Reveal.objects.create(
        person=by, subject_kind=subject.kind, subject_id=subject.id, field=field, reason=reason, at=at
    )


def no_such_field() -> Refused:
    return Refused("reveal.field", zh="没有这一项可查看。", en="There is no such value to see.")
