"""The papers of a duty: those filled in for it, and those of its period that prove it done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.urls import reverse

from kefu.core.errors import Refused
from kefu.core.rulebook.expressions import Count
from kefu.core.rulebook.match import part
from kefu.core.rulebook.model import Kind, Text
from kefu.core.work.actions import require_opener
from kefu.core.work.counting import period_of
from kefu.core.worktime import Period
from kefu.documents.models import Document
from kefu.documents.queries import documents_visible_to, places_of
from kefu.duties.models import Duty
from kefu.duties.quotas import Tally, counts
from kefu.staff.models import Person
from kefu.staff.rights import rulebook_of

MOST = 30


@dataclass(frozen=True, slots=True)
class Paper:
    document: Document
    title: Text
    state: Text


@dataclass(frozen=True, slots=True)
class Papers:
    """there: what somebody may see of them, the newest first. missing: forms that prove the duty, with the page that
    begins one."""

    there: tuple[Paper, ...]
    missing: tuple[tuple[Text, str], ...]

    @property
    def filed(self) -> tuple[str, ...]:
        """Numbers of those that are finished."""
        return tuple(one.document.number for one in self.there if not one.document.is_open)


def papers_of(duty: Duty, person: Person, at: datetime) -> Papers:
    """What proves the duty on paper, as the person may see it and fill it in."""
    asked = list(_forms_asked(duty))
    of_period = {work.pk for one in asked if one.during for work in _of_period(duty, one, at)}
    seen = documents_visible_to(person, at).filter(voided_at=None)
    own = seen.filter(parent_kind=duty.noun, parent_id=duty.pk)
    found = (own | seen.filter(pk__in=of_period)).select_related("owner").order_by("-pk")[:MOST]
    there = tuple(Paper(one, one.rule.title, one.flow.states[one.state].title) for one in found)
    drafts = {one.document.kind for one in there if one.document.is_open}
    filed = Counter(one.document.kind for one in there if not one.document.is_open)
    wanted = [one for one in asked if one.of not in drafts and (one.during or filed[one.of] < _number(one))]
    kinds = {one.of: None for one in wanted} if duty.is_open else {}
    return Papers(there, tuple(_to_fill_in(duty, kinds, person, at)))


def _forms_asked(duty: Duty) -> Iterator[Count]:
    """The counts of papers among what proves it, and what its moves need."""
    needs = [*duty.rule.needs, *(need for move in duty.flow.moves.values() for need in move.needs)]
    for need in needs:
        for count in counts(need.that):
            kind = duty.rulebook.kinds.get(count.of)
            if kind is not None and kind.chapter == Document.chapter and (count.at_least or count.target):
                yield count


def _number(count: Count) -> Decimal:
    return count.at_least if isinstance(count.at_least, Decimal) else Decimal(1)


def _of_period(duty: Duty, count: Count, at: datetime) -> list[Document]:
    period = period_of(duty, Period(count.during), at)
    found = Tally(at).matching(duty, duty.facts(), part(count), period)
    return [work for work, _ in found if isinstance(work, Document)]


def _to_fill_in(
    duty: Duty, kinds: dict[str, None], person: Person, at: datetime
) -> Iterator[tuple[Text, str]]:
    if not kinds or duty.department_id not in places_of(person, at, duty.ref):
        return
    rulebook = rulebook_of(duty.department, at)
    for name in kinds:
        kind: Kind | None = rulebook.kinds.get(name)
        try:
            require_opener(rulebook, name, duty.department_id, by=person, at=at)
        except Refused:
            continue
        if kind is not None:
            address = reverse("documents:new_for", args=[duty.department_id, name, duty.noun, duty.pk])
            yield kind.title, address
