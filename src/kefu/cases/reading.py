"""Which cases have something that a person has not seen. One's own affair: nothing of it stands on the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kefu.cases.models import Case, ReadMark
from kefu.cases.queries import cases_visible_to
from kefu.core.db import among, columns, write
from kefu.staff.models import Person


def mark_read(case: Case, *, by: Person, at: datetime) -> None:
    """Nothing that happened up to `at` is new to them any more. A mark never goes back."""
    with write():
        mark, fresh = ReadMark.objects.get_or_create(person=by, case=case, defaults={"at": at})
        if not fresh and mark.at < at:
            mark.at = at
            mark.save(update_fields=["at"])


def unread_among(cases: Sequence[Case], person: Person) -> set[int]:
    """Ids of those in which something happened since the person looked, or which they never opened. One query."""
    ids = [case.pk for case in cases]
    where = f"person_id = %s AND {among('case_id', ids)}"
    read = dict(columns(ReadMark, ("case_id", "at"), where, [person.pk, *ids]))
    return {case.pk for case in cases if case.pk not in read or case.changed_at > read[case.pk]}


def read_last(person: Person, at: datetime, limit: int = 8) -> list[Case]:
    """The cases the person looked at last and may still see, the latest first."""
    marks = ReadMark.objects.filter(person=person).order_by("-at").values_list("case", flat=True)[: limit * 2]
    found = cases_visible_to(person, at).in_bulk(list(marks))
    return [found[pk] for pk in marks if pk in found][:limit]
