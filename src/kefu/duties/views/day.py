"""The day's arrangement of whoever looks, and what those they lead left undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from kefu.approvals.lists import rows_of
from kefu.approvals.models import Approval
from kefu.cases.models import Case
from kefu.core.errors import Refused
from kefu.core.work.models import Work
from kefu.core.worktime import day_of
from kefu.documents.asking import language, whole_number
from kefu.duties import arrangement, giving
from kefu.duties.lists import abouts
from kefu.duties.models import DayItem, DaySheet, Duty
from kefu.duties.views.board import tabs
from kefu.staff.asking import person_of
from kefu.staff.models import Person
from kefu.staff.queries import staff_visible_to
from kefu.staff.rights import rulebook_of
from kefu.web.instant import instant_of
from kefu.web.remaining import read_promises
from kefu.web.statuses import status_shown

LATE_DAYS = 14  # of sheets of others that a leader looks back on


@require_GET
@login_required
def day(request: HttpRequest) -> HttpResponse:
    return _day(request)


def _day(request: HttpRequest, refused: Refused | None = None) -> HttpResponse:
    person, at = person_of(request), instant_of(request)
    calendar = rulebook_of(person.department, at).calendar
    today = day_of(calendar, at)
    sheet = DaySheet.objects.filter(person=person, day=today).first()
    lines = arrangement.with_work(sheet.items.all()) if sheet else []
    read_promises(work for _, work in lines if work is not None and work.is_open)
    below = staff_visible_to(person, at).filter(
        pk__in=[one.pk for one in giving.people_to_give_to(person, at)]
    )
    undone = (
        DayItem.objects.filter(
            sheet__person__in=below,
            sheet__closed_at__gte=at - timedelta(days=LATE_DAYS),
            routine=True,
            done_at=None,
        )
        .select_related("sheet__person")
        .order_by("-sheet__day", "sheet__person", "pk")[:100]
    )
    latest: dict[tuple[str, int | None], DayItem] = {}
    for item in undone:  # undone on several days it stands there once
        latest.setdefault((item.work_kind, item.work_id), item)
    left = [
        (item, work)
        for item, work in arrangement.with_work(latest.values())
        if work is not None and work.is_open
    ]
    context = {
        "at": at,
        "today": today,
        "sheet": sheet,
        "lines": lines,
        "abouts": _abouts([work for _, work in lines if work is not None]),
        "may_draft": arrangement.may_draft(calendar, at) and not (sheet and sheet.closed_at),
        "day_off": arrangement.hours_of(calendar, today) is None,
        "next_sheet": arrangement.next_sheet_at(calendar, at),
        "left": left,
        "refused": refused,
        "tabs": tabs("day", person, at),
    }
    return render(request, "duties/day.html", context, status=status_shown(refused))


def _abouts(works: Sequence[Work]) -> dict[str, str]:
    """Whom or what each is about, by its number."""
    duties = [one for one in works if isinstance(one, Duty)]
    words = abouts(duties)
    asked = rows_of([one for one in works if isinstance(one, Approval)], language())
    return (
        {one.number: one.subject for one in works if isinstance(one, Case)}
        | {one.number: words[one.pk] for one in duties if one.pk in words}
        | {row.approval.number: row.about for row in asked}
    )


@require_POST
@login_required
def keep_day(request: HttpRequest) -> HttpResponse:
    """`do`: draft, add, tick, untick or explain."""
    person, at = person_of(request), instant_of(request)
    try:
        _kept(request.POST, person, at)
    except Refused as refused:
        return _day(request, refused)
    return redirect("duties:day")


def _kept(posted: QueryDict, person: Person, at: datetime) -> None:
    calendar = rulebook_of(person.department, at).calendar
    asked = posted.get("do", "")
    if asked in ("draft", "add"):
        arrangement.require_may_draft(calendar, at)
        sheet = arrangement.draft(person, calendar, by=person, at=at)
        if asked == "add":
            arrangement.add(sheet, posted.get("text", ""), by=person, at=at)
        return
    pk = whole_number(posted.get("item", ""), "day.item")
    item = DayItem.objects.filter(pk=pk, sheet__person=person).first()
    if item is None:
        raise Refused(
            "day.item", zh="没有找到这一项，请刷新页面。", en="There is no such line; reload the page."
        )
    doing: dict[str, Callable[[], DayItem]] = {
        "tick": lambda: arrangement.tick(item, True, by=person, at=at),
        "untick": lambda: arrangement.tick(item, False, by=person, at=at),
        "explain": lambda: arrangement.explain(item, posted.get("reason", ""), by=person, at=at),
    }
    if asked in doing:
        doing[asked]()
