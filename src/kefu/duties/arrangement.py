"""The daily work arrangement 员工日工作安排: drafted in the morning from everything somebody has in hand, ticked off,
and closed when the hours are over; routine work left undone goes to the leader with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q

from kefu.approvals.queries import waiting_for
from kefu.cases.models import Case
from kefu.core import worktime
from kefu.core.db import insert, write
from kefu.core.effects import organisation
from kefu.core.errors import Refused
from kefu.core.inputs import line
from kefu.core.jobs.registry import handler
from kefu.core.jobs.running import Run
from kefu.core.ledger import SYSTEM, By, record
from kefu.core.rulebook.model import Ref
from kefu.core.work import registry
from kefu.core.work.models import Work
from kefu.core.worktime import Calendar
from kefu.documents.parties import next_people
from kefu.documents.queries import waiting_for as papers_of
from kefu.duties.models import DayItem, DaySheet, Duty
from kefu.duties.queries import open_duties_for
from kefu.duties.records import governed
from kefu.duties.rounds import rulebook_in_force
from kefu.duties.weighing import weight
from kefu.staff.actions.notices import notify
from kefu.staff.models import Department, Person

EARLY = timedelta(minutes=30)  # before the hours begin, the sheet lies ready
MOST = 60  # lines drafted for one person
LONGEST = 200
LONGEST_REASON = 300
LONGEST_PAUSE = 40  # days on end


@handler("duties.days", every=timedelta(minutes=2))
def days_tick(run: Run, at: datetime) -> None:
    for department in Department.objects.exclude(pack="").order_by("pk"):
        keep_day(department, at=at)
        with write():
            run.report(0, None, at=at)


def keep_day(department: Department, *, at: datetime) -> None:
    """Draft the sheets of today where they are missing, and close those whose hours are over."""
    rulebook = rulebook_in_force(department, at)
    if rulebook is None:
        return
    calendar = rulebook.calendar
    people = Person.objects.working_at(at).filter(department__in=governed(department))
    day = worktime.day_of(calendar, at)
    span = hours_of(calendar, day)
    if span is not None and span[0] - EARLY <= at < span[1]:
        for person in people.filter(away_since=None).exclude(pk__in=_drafted(day)).order_by("pk"):
            draft(person, calendar, by=SYSTEM, at=at)
    for sheet in DaySheet.objects.filter(closed_at=None, person__in=people, day__lte=day).order_by("pk"):
        over = hours_of(calendar, sheet.day)
        if over is None or over[1] <= at:
            close(sheet, department, at=over[1] if over else at)


def hours_of(calendar: Calendar, day: date) -> tuple[datetime, datetime] | None:
    """From the first opening to the last closing of a day; None on a day off."""
    hours = calendar.hours_on(day)
    return (calendar.wall(day, hours[0][0]), calendar.wall(day, hours[-1][1])) if hours else None


def next_sheet_at(calendar: Calendar, at: datetime) -> datetime | None:
    """When the next sheet will lie ready: none is drafted on days off, nor once the hours are over. None within
    `LONGEST_PAUSE` days."""
    day = worktime.day_of(calendar, at)
    for _ in range(LONGEST_PAUSE):
        span = hours_of(calendar, day)
        if span is not None and at < span[0] - EARLY:
            return span[0] - EARLY
        day += timedelta(days=1)
    return None


def may_draft(calendar: Calendar, at: datetime) -> bool:
    """Whether there is something to arrange: not on a day off, and not when the hours are over."""
    span = hours_of(calendar, worktime.day_of(calendar, at))
    return span is not None and at < span[1]


def require_may_draft(calendar: Calendar, at: datetime) -> None:
    """Raises Refused day.off."""
    if may_draft(calendar, at):
        return
    after = next_sheet_at(calendar, at)
    when = f"{calendar.local(after):%m-%d %H:%M}" if after else "—"
    raise Refused(
        "day.off",
        zh=f"现在不是工作时间，不生成工作安排；下一份在 {when} 生成。",
        en=f"Nothing is arranged outside of working hours; the next sheet is drafted at {when}.",
        next=when,
    )


def draft(person: Person, calendar: Calendar, *, by: By, at: datetime) -> DaySheet:
    """The sheet of today; one that is there gets what has come since."""
    day = worktime.day_of(calendar, at)
    ends = worktime.day_end(calendar, day)
    with write():
        sheet, new = DaySheet.objects.select_for_update().get_or_create(
            person=person, day=day, defaults={"drafted_at": at}
        )
        known = set(sheet.items.values_list("work_kind", "work_id"))
        items = [
            _item(sheet, work, at, ends) for work in _in_hand(person, at) if (work.noun, work.pk) not in known
        ]
        items.sort(key=lambda one: (-one.weight, one.at or ends))
        insert(items[:MOST])
        if new:
            record(
                "day.drafted", person.ref, by=by, at=at, department=person.department_id, data=_told(sheet)
            )
    return sheet


def tick(item: DayItem, done: bool, *, by: Person, at: datetime) -> DayItem:
    """Tick a line off, or take the tick back. Raises Refused day.not_yours, day.closed."""
    with write():
        item = _mine(item, by)
        item.done_at = at if done else None
        item.save(update_fields=["done_at"])
        verb = "day.ticked" if done else "day.unticked"
        record(verb, by.ref, by=by, at=at, department=by.department_id, data=_told(item.sheet, item))
    return item


def add(sheet: DaySheet, text: str, *, by: Person, at: datetime) -> DayItem:
    """A line of one's own. Raises Refused line.*, day.not_yours, day.closed."""
    text = line(text, "事项 / item", longest=LONGEST)
    with write():
        item = _mine(DayItem(sheet=sheet, text=text, weight=3), by)
        item.save()
        record("day.added", by.ref, by=by, at=at, department=by.department_id, data=_told(sheet, item))
    return item


def explain(item: DayItem, reason: str, *, by: Person, at: datetime) -> DayItem:
    """Why it will not be done today: the leader reads it, also after the day was closed. Raises Refused line.*,
    day.not_yours."""
    reason = line(reason, "原因 / reason", longest=LONGEST_REASON)
    with write():
        item = _mine(item, by, closed=True)
        item.reason = reason
        item.save(update_fields=["reason"])
        record(
            "day.explained", by.ref, by=by, at=at, department=by.department_id, data=_told(item.sheet, item)
        )
    return item


def close(sheet: DaySheet, department: Department, *, at: datetime) -> int:
    """The hours are over: what is done is ticked, and routine work that is not goes to the leaders; how much."""
    with write():
        sheet = DaySheet.objects.select_for_update().select_related("person").get(pk=sheet.pk)
        if sheet.closed_at is not None:
            return 0
        left = [item for item, work in with_work(sheet.items.all()) if not _done(item, work)]
        routine = [item for item in left if item.routine]
        sheet.closed_at = at
        sheet.save(update_fields=["closed_at"])
        person = sheet.person
        data = {**_told(sheet), "left": len(left), "routine": len(routine)}
        record("day.closed", person.ref, by=SYSTEM, at=at, department=person.department_id, data=data)
        if routine:
            _tell_leaders(sheet, routine, department, at=at)
    return len(routine)


def with_work(items: Iterable[DayItem]) -> list[tuple[DayItem, Work | None]]:
    """Each line with its piece of work, None for words of one's own. A query for each kind of work."""
    items = list(items)
    found: dict[Ref, Work] = {}
    for model in registry.models():
        ids = [item.work_id for item in items if item.work_kind == model.noun and item.work_id]
        rows = model._default_manager.filter(pk__in=ids).select_related("owner") if ids else ()
        found |= {row.ref: row for row in rows}
    return [(item, found.get(Ref(item.work_kind, str(item.work_id)))) for item in items]


def _in_hand(person: Person, at: datetime) -> list[Work]:
    """Own cases and duties, what falls to one's posts, what waits for one's agreement, and papers to write or sign."""
    mine = Q(owner=person, closed_at=None, voided_at=None)
    papers = (one for one in papers_of(person, at) if person.pk in next_people(one, at))
    return [*Case.objects.filter(mine), *open_duties_for(person, at), *waiting_for(person, at), *papers]


def _item(sheet: DaySheet, work: Work, at: datetime, ends: datetime) -> DayItem:
    agreed = (value for value in work.values.values() if isinstance(value, datetime))
    appointment = min((one for one in agreed if at <= one < ends), default=None)
    near = min((one for one in (appointment, work.due_at) if one is not None), default=None)
    comes_round = isinstance(work, Duty) and bool(work.period or work.item)
    return DayItem(
        sheet=sheet,
        work_kind=work.noun,
        work_id=work.pk,
        weight=weight(work, near, at, ends),
        at=appointment or work.due_at,
        routine=comes_round and work.due_at is not None and work.due_at <= ends,
    )


def _done(item: DayItem, work: Work | None) -> bool:
    return item.done_at is not None or (work is not None and not work.is_open)


def _mine(item: DayItem, by: Person, *, closed: bool = False) -> DayItem:
    sheet = DaySheet.objects.select_for_update().get(pk=item.sheet_id)
    if sheet.person_id != by.pk:
        raise Refused(
            "day.not_yours",
            zh="这是别人的工作安排，只有本人可以修改。",
            en="This is somebody else's arrangement; only they can change it.",
        )
    if sheet.closed_at is not None and not closed:
        raise Refused(
            "day.closed",
            zh=f"{sheet.day} 的工作安排已结束，只能补充原因。",
            en=f"The arrangement of {sheet.day} is closed; only reasons can still be added.",
        )
    item.sheet = sheet
    return item


def _tell_leaders(sheet: DaySheet, routine: list[DayItem], department: Department, *, at: datetime) -> None:
    leaders = organisation.at(at, department.pk).leader_of(str(sheet.person_id))
    numbers = [work.number for _, work in with_work(routine) if work is not None]
    for leader in Person.objects.filter(pk__in=[int(one) for one in leaders]).order_by("pk"):
        data = {"count": len(routine), "numbers": "、".join(numbers[:5]), "day": str(sheet.day)}
        notify(leader, kind="day.unfinished", subject=sheet.person.ref, data=data, by=SYSTEM, at=at)


def _drafted(day: date) -> list[int]:
    return list(DaySheet.objects.filter(day=day).values_list("person_id", flat=True))


def _told(sheet: DaySheet, item: DayItem | None = None) -> dict[str, object]:
    return {"day": str(sheet.day)} | ({"item": item.pk} if item is not None else {})
