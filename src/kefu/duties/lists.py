"""Lists of duties: one's own, those of one's posts, those of one's team; and a month of what falls due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import F, QuerySet

from kefu.cases.models import Case
from kefu.core import worktime
from kefu.core.clocks.models import ClockRow
from kefu.core.rulebook.model import Ref, Rulebook, Text
from kefu.core.work.fields import fields_of
from kefu.core.worktime import Calendar, Period
from kefu.documents.records import names as record_names
from kefu.duties.models import Duty
from kefu.duties.planning import due_duties
from kefu.duties.queries import duties_visible_to, open_duties_for
from kefu.staff.models import Person
from kefu.web.remaining import read_promises

LISTS: Final = ("mine", "posts", "team")
MOST = 200
MOST_OF_A_MONTH = 2000


@dataclass(frozen=True, slots=True)
class Row:
    """A duty on a list. about: the record it is owed for, or what it hangs on; post: whose it is until it is taken."""

    duty: Duty
    title: Text
    about: str
    post: Text | None


@dataclass(frozen=True, slots=True)
class Falls:
    """Something that falls due on a day of the calendar. number: of the duty that is open, "" of one that will be.
    late: it was due and is still open; done: it is over."""

    at: datetime
    title: Text
    number: str = ""
    late: bool = False
    done: bool = False
    times: int = 1


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    worked: bool
    inside: bool  # of the month shown
    today: bool
    falls: tuple[Falls, ...]


def listed(person: Person, at: datetime, name: str) -> QuerySet[Duty]:
    """The open duties of a list, nearest promise first."""
    todo = open_duties_for(person, at)
    if name == "mine":
        found = todo.filter(owner=person)
    elif name == "posts":
        found = todo.filter(owner=None)
    else:
        found = duties_visible_to(person, at).filter(closed_at=None, voided_at=None).exclude(owner=person)
    return found.order_by(F("due_at").asc(nulls_last=True), "pk")


def rows(duties: QuerySet[Duty]) -> list[Row]:
    """A fixed number of queries for all of them."""
    found = list(duties.select_related("owner")[:MOST])
    read_promises(found)
    about = abouts(found)
    return [
        Row(duty, duty.rule.title, about.get(duty.pk, ""), _post(duty.rulebook, duty.post)) for duty in found
    ]


def abouts(duties: Sequence[Duty]) -> dict[int, str]:
    """What tells each from others of its kind: whom or what it is about, unless that is whoever owes it."""
    names = names_of(duties)
    return {one.pk: names[one.pk] for one in duties if one.pk in names and not _of_its_owner(one)}


def names_of(duties: Sequence[Duty]) -> dict[int, str]:
    """What each is about, in words: its record, what it says is to be done, its customer, or what it hangs on, a case
    by its subject."""
    people = {int(one.each_id) for one in duties if one.each_kind == "person" and one.each_id.isdecimal()}
    persons = dict(Person.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}
    refs = {one.pk: ref for one in duties if (ref := _about(one)) is not None}
    named = record_names(set(refs.values()))
    found = {pk: named[ref] for pk, ref in refs.items() if ref in named} | _subjects(duties, refs)
    found |= {one.pk: said for one in duties if not one.each_kind and (said := _said(one))}
    return found | {
        one.pk: persons[int(one.each_id)]
        for one in duties
        if one.each_kind == "person" and one.each_id.isdecimal() and int(one.each_id) in persons
    }


def _subjects(duties: Sequence[Duty], refs: Mapping[int, Ref]) -> dict[int, str]:
    """What the cases among the refs are about, by duty. Whoever sees the duty may know it."""
    kinds = {one.pk: one.rulebook.kinds for one in duties}
    cases = {
        pk: int(ref.id)
        for pk, ref in refs.items()
        if ref.kind == Case.noun or (ref.kind in kinds[pk] and kinds[pk][ref.kind].chapter == Case.chapter)
    }
    rows = Case.objects.filter(pk__in=set(cases.values())).values_list("pk", "subject") if cases else ()
    subjects = {pk: subject for pk, subject in rows if subject}
    return {duty: subjects[case] for duty, case in cases.items() if case in subjects}


def month(person: Person, rulebook: Rulebook, day: date, at: datetime) -> list[list[Day]]:
    """The weeks of the month of `day`: what fell due or will, of what the person sees; of periods that have not begun
    what the rulebook in force says. Weeks begin on Monday."""
    calendar = rulebook.calendar
    bounds = worktime.period_bounds(calendar, Period.MONTH, day)
    first = worktime.day_of(calendar, bounds.start)
    last = worktime.day_of(calendar, bounds.end - timedelta(seconds=1))
    start = first - timedelta(days=first.weekday())
    days = (last + timedelta(days=6 - last.weekday()) - start).days + 1
    since, until = (
        worktime.day_start(calendar, start),
        worktime.day_start(calendar, start + timedelta(days=days)),
    )
    falls: dict[date, list[Falls]] = {}
    for one in [*_there(person, at, since, until), *_to_come(rulebook, at, since, until)]:
        # 24:00 belongs to the day that ends with it
        falls.setdefault(worktime.day_of(calendar, one.at - timedelta(seconds=1)), []).append(one)
    today = worktime.day_of(calendar, at)
    shown = [
        _day(calendar, start + timedelta(days=number), first, last, today, falls) for number in range(days)
    ]
    return [shown[number : number + 7] for number in range(0, days, 7)]


def _day(
    calendar: Calendar, day: date, first: date, last: date, today: date, falls: dict[date, list[Falls]]
) -> Day:
    found = tuple(sorted(falls.get(day, ()), key=lambda one: one.at))
    return Day(day, worktime.is_working_day(calendar, day), first <= day <= last, day == today, found)


def _there(person: Person, at: datetime, since: datetime, until: datetime) -> list[Falls]:
    """Duties that were opened, by their clocks; many of one kind and time, one for each person, stand as one line."""
    clocks = ClockRow.objects.filter(
        work_kind=Duty.noun,
        clock="due",
        due_at__gt=since,
        due_at__lte=until,
        work_id__in=duties_visible_to(person, at).filter(voided_at=None).values("pk"),
    ).order_by("due_at", "work_id")[:MOST_OF_A_MONTH]
    dues = dict(clocks.values_list("work_id", "due_at"))
    grouped: dict[tuple[str, datetime, bool], list[Duty]] = {}
    for duty in Duty.objects.filter(pk__in=dues).order_by("pk"):
        grouped.setdefault((duty.kind, dues[duty.pk], duty.is_open), []).append(duty)
    return [
        Falls(
            at=when,
            title=found[0].rule.title,
            number=found[0].number,
            late=is_open and when < at,
            done=not is_open,
            times=len(found),
        )
        for (_, when, is_open), found in grouped.items()
    ]


def _to_come(rulebook: Rulebook, at: datetime, since: datetime, until: datetime) -> list[Falls]:
    return [
        Falls(one.period.due, one.kind.title)
        for one in due_duties(rulebook, at, until)
        if since < one.period.due <= until
    ]


def _of_its_owner(duty: Duty) -> bool:
    """Everybody's own: whom it is about is said by whose it is."""
    return duty.each_kind == "person" and duty.each_id == str(duty.owner_id)


def _said(duty: Duty) -> str:
    """What is to be done, of a task that was given in words."""
    values = duty.values
    asked = (name for name, one in fields_of(duty.rule).items() if one.type == "text" and one.required)
    first = next(asked, "")
    return str(values.get(first, "")) if first and not fields_of(duty.rule)[first].privacy else ""


def _about(duty: Duty) -> Ref | None:
    if duty.each_kind and duty.each_kind != "person":
        return Ref(duty.each_kind, duty.each_id)
    customer = duty.values.get("customer")
    if isinstance(customer, Ref) and customer.kind == "customer":
        return customer
    return Ref(duty.parent_kind, str(duty.parent_id)) if duty.parent_kind else None


def _post(rulebook: Rulebook, post: str) -> Text | None:
    found = rulebook.posts.get(post)
    return found.title if found else None
