"""My day 我的一天: everything somebody has to do, nearest promise first, whatever it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeVar

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from kefu.approvals.lists import about_of, rows_of
from kefu.approvals.queries import waiting_for
from kefu.cases.models import Case, Reach
from kefu.cases.queries import cases_visible_to, open_cases
from kefu.core.rulebook.model import Ref, Text
from kefu.core.work import registry
from kefu.core.work.models import Escalation, Work
from kefu.documents import filling
from kefu.documents.asking import language
from kefu.documents.models import Document
from kefu.documents.parties import next_people
from kefu.documents.queries import waiting_for as papers_of
from kefu.duties.lists import abouts
from kefu.duties.models import Duty
from kefu.duties.queries import open_duties_for
from kefu.staff.models import Person
from kefu.web.remaining import read_promises

MOST = 100  # of each kind of line: a longer list is read in the queue
LAST = datetime.max.replace(tzinfo=UTC)

PAGES = {
    "case": "cases:show",
    "duty": "duties:show",
    "approval": "approvals:show",
    "document": "documents:show",
}
_ICONS = {"duty": "list-checks", "approval": "scale", "document": "file-text"}

Why = Literal["mine", "post", "escalated"]
AnyWork = TypeVar("AnyWork", bound=Work)


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of work to do. `why` it stands here; `about` says whom or what it concerns."""

    work: Work
    why: Why
    title: Text
    state: Text
    about: str
    escalation: Escalation | None = None

    @property
    def is_duty(self) -> bool:
        return isinstance(self.work, Duty)

    @property
    def address(self) -> str:
        """The page of the work."""
        return reverse(PAGES[self.work.noun], args=[self.work.number])

    @property
    def icon(self) -> str:
        return _ICONS.get(self.work.noun, "inbox")


@dataclass(frozen=True, slots=True)
class Day:
    """escalated: to be acknowledged. todo: own work, duties of one's posts, what one is to agree to and to sign.

    unassigned and dispatched: cases of the own department, and those sent to it, that nobody has taken."""

    escalated: list[Line]
    todo: list[Line]
    unassigned: list[Line]
    dispatched: list[Line]


def day_of(person: Person, at: datetime) -> Day:
    """A fixed number of queries, however much there is to do."""
    visible = cases_visible_to(person, at)
    mine = [_line(case, "mine") for case in _first(open_cases(visible).filter(owner=person))]
    duties = _first(open_duties_for(person, at))
    about = abouts(duties)
    for duty in duties:
        mine.append(_line(duty, "mine" if duty.owner_id == person.pk else "post", about.get(duty.pk)))
    asked = rows_of(_first(waiting_for(person, at)), language())
    mine += [_line(row.approval, "mine", row.about) for row in asked]
    mine += _papers(person, at)
    free = open_cases(visible).filter(owner=None)
    reached = Reach.objects.filter(department=person.department_id).values("case_id")
    ours = Q(department=person.department_id)
    day = Day(
        _escalated(person),
        sorted(mine, key=_nearest),
        [_line(case, "post") for case in _first(free.filter(ours))],
        [_line(case, "post") for case in _first(free.filter(pk__in=reached).exclude(ours))],
    )
    lines = (*day.escalated, *day.todo, *day.unassigned, *day.dispatched)
    read_promises(line.work for line in lines)
    return day


def _papers(person: Person, at: datetime) -> list[Line]:
    """Drafts to be finished and papers to be signed, each with what it says or what it is filled in for."""
    papers = [one for one in _first(papers_of(person, at)) if person.pk in next_people(one, at)]
    known = filling.names_of(value for one in papers for value in one.values.values())
    behind = _subjects(papers)
    return [_line(one, "mine", about_of(one, known, language()) or behind.get(one.pk)) for one in papers]


def _escalated(person: Person) -> list[Line]:
    waiting = list(Escalation.objects.filter(person=person, acknowledged_at=None).order_by("at")[:MOST])
    found: dict[Ref, Work] = {}
    for model in registry.models():
        ids = [one.work_id for one in waiting if one.work_kind == model.noun]
        rows = model._default_manager.filter(pk__in=ids).select_related("owner") if ids else []
        found |= {row.ref: row for row in rows}
    lines = []
    for one in waiting:
        work = found.get(Ref(one.work_kind, str(one.work_id)))
        if work is not None:
            lines.append(_line(work, "escalated", escalation=one))
    return lines


def _first(works: QuerySet[AnyWork]) -> list[AnyWork]:
    related = ["owner", "customer"] if works.model is Case else ["owner"]
    return list(works.select_related(*related).order_by(F("due_at").asc(nulls_last=True), "pk")[:MOST])


def _line(work: Work, why: Why, about: str | None = None, escalation: Escalation | None = None) -> Line:
    said = work.subject if isinstance(work, Case) else about or ""
    return Line(work, why, work.rule.title, work.flow.states[work.state].title, said, escalation)


def _subjects(papers: Sequence[Document]) -> dict[int, str]:
    """What the cases behind papers are about. Whoever has to do them may know it."""
    behind = {one.pk: one.parent_id for one in papers if one.parent_kind == Case.noun and one.parent_id}
    cases = Case.objects.filter(pk__in=set(behind.values())).values_list("pk", "subject") if behind else ()
    subjects = dict(cases)
    return {paper: subjects[case] for paper, case in behind.items() if case in subjects}


def _nearest(line: Line) -> tuple[datetime, int]:
    return line.work.due_at or LAST, line.work.pk
