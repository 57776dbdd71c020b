"""Looking at a masked number of a paper in full: with a reason, on record, counted with the looks at customers.

The archive of customers, which stands above, counts and caps the looks; it makes itself known by `counted_by`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.http import HttpRequest

from kefu.core import inputs
from kefu.core.errors import Refused
from kefu.core.work.models import Work
from kefu.documents.models import Document
from kefu.documents.queries import waiting_for
from kefu.staff.models import Person
from kefu.staff.queries import may


@dataclass(frozen=True, slots=True)
class Look:
    """What came of asking for the value of `field` with `reason`; `value` stands on this answer alone."""

    field: str
    reason: str
    value: str = ""
    refused: Refused | None = None


class Counted(Protocol):
    """Puts one look on record and gives the value. Raises Refused reveal.right, reveal.too_many, reveal.field,
    line.missing."""

    def __call__(
        self, work: Work, field: str, *, allowed: bool, reason: str, by: Person, at: datetime
    ) -> str: ...


_counted: list[Counted] = []


def counted_by(counted: Counted) -> Counted:
    """Register what counts the looks."""
    _counted.append(counted)
    return counted


def look(request: HttpRequest, reveal: Callable[[str, str], str]) -> Look:
    """Carry out what the form of a masked value asks: `reveal` is called with field and reason."""
    field, reason = request.POST.get("field", "")[:60], request.POST.get("reason", "")
    try:
        value = reveal(field, reason)
    except Refused as refused:
        return Look(field, reason, refused=refused)
    return Look(field, reason, inputs.phone_written(value) if value.startswith("+") else value)


def may_reveal(person: Person, document: Document, at: datetime) -> bool:
    """Who writes the paper or has to sign it, and a post with the right `unmask`."""
    return waiting_for(person, at).filter(pk=document.pk).exists() or may(person, "unmask", at)


def reveal(document: Document, field: str, *, reason: str, by: Person, at: datetime) -> str:
    """One masked number of a paper in full. Raises as `Counted` says."""
    return in_full(document, field, allowed=may_reveal(by, document, at), reason=reason, by=by, at=at)


def in_full(work: Work, field: str, *, allowed: bool, reason: str, by: Person, at: datetime) -> str:
    """One masked number of the form of any work. allowed: the capability knows who works on it. Raises as `Counted`
    says."""
    return _counted[0](work, field, allowed=allowed, reason=reason, by=by, at=at)
