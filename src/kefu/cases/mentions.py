"""Colleagues called upon in what is written: `@陈静`. Only who may see the case is offered, and told."""

from __future__ import annotations

import re
from datetime import datetime

from kefu.cases.models import Case, Message
from kefu.cases.queries import cases_visible_to
from kefu.core.ledger import By
from kefu.staff.actions.notices import notify
from kefu.staff.models import Person
from kefu.staff.notices import declare_notice
from kefu.staff.queries import staff_visible_to

LONGEST = 40  # characters of a name that are looked at
MOST = 20  # people told by one message
_CALLED = re.compile(rf"[@＠](?=(.{{1,{LONGEST}}}))")

declare_notice("case.mentioned", zh="工单 {number} 的记录中提到您", en="You are mentioned on case {number}")


def tell_mentioned(message: Message, case: Case, *, by: By, at: datetime) -> None:
    """A notice to everybody named in the message who may see the case. Runs in the transaction of the message."""
    for person in mentioned(message.body, case, at):
        if person.pk != message.author_id:
            data = {"number": case.number}
            notify(person, kind="case.mentioned", subject=case.ref, data=data, by=by, at=at)


def mentioned(body: str, case: Case, at: datetime) -> list[Person]:
    """Whom the text calls by the longest name that begins right behind an @. One query, and one for each found."""
    called = [match[1] for match in _CALLED.finditer(body)]
    starts = {text[:end] for text in called for end in range(1, len(text) + 1)}
    if not starts:
        return []
    people = list(Person.objects.filter(left_at=None, name__in=starts).order_by("pk"))
    meant = {
        max((one.name for one in people if text.startswith(one.name)), key=len, default="") for text in called
    }
    found = [one for one in people if one.name in meant][:MOST]
    return [one for one in found if cases_visible_to(one, at).filter(pk=case.pk).exists()]


def to_mention(case: Case, person: Person, typed: str, at: datetime, limit: int = 8) -> list[Person]:
    """Colleagues whose name holds what was typed, whom the person may know and who may see the case."""
    people = staff_visible_to(person, at).filter(left_at=None, name__icontains=typed[:LONGEST])
    near = people.exclude(pk=person.pk).select_related("department").order_by("name", "pk")[: limit * 4]
    found: list[Person] = []
    for one in near:
        if len(found) < limit and cases_visible_to(one, at).filter(pk=case.pk).exists():
            found.append(one)
    return found
