"""Pages of many duties: the board, the month, the call list, handing out, the day's arrangement, giving a task."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kefu.core.errors import Refused
from kefu.core.rulebook.model import Kind
from kefu.core.work.fields import fields_of
from kefu.core.worktime import day_of
from kefu.documents import filling, records
from kefu.documents.asking import whole_number
from kefu.documents.once import new_token, once
from kefu.duties import arrangement, calls, giving, lists
from kefu.duties.models import DayItem, DaySheet, Duty
from kefu.duties.queries import duties_visible_to, open_duties_for, visible_duty
from kefu.duties.quotas import quotas
from kefu.duties.trying import CHANNELS, RESULTS, attempt
from kefu.staff.asking import person_of
from kefu.staff.models import Department, Person
from kefu.staff.queries import staff_visible_to
from kefu.staff.rights import rulebook_of
from kefu.web.back import back
from kefu.web.instant import instant_of
from kefu.web.pages import unknown
from kefu.web.remaining import read_promises
from kefu.web.statuses import status_shown

QUOTAS = 30  # bars on one page
LATE_DAYS = 14  # of sheets of others that a leader looks back on


def tabs(current: str, person: Person, at: datetime) -> list[dict[str, object]]:
    """What stands above all of these pages."""
    todo = open_duties_for(person, at)
    board = reverse("duties:list")
    found = [
        ("mine", f"{board}?list=mine", _("Mine"), todo.filter(owner=person).count()),
        ("posts", f"{board}?list=posts", _("Of my posts"), todo.filter(owner=None).count()),
        ("team", f"{board}?list=team", _("Of the team"), None),
        ("month", reverse("duties:month"), _("Month"), None),
        ("calls", reverse("duties:calls"), _("Call list"), None),
        ("day", reverse("duties:day"), _("Day's arrangement"), None),
    ]
    return [
        {"url": url, "title": title, "current": name == current, "count": count}
        for name, url, title, count in found
    ]


@require_GET
@login_required
def index(request: HttpRequest) -> HttpResponse:
    person, at = person_of(request), instant_of(request)
    name = request.GET.get("list", "mine")
    name = name if name in lists.LISTS else "mine"
    rows = lists.rows(lists.listed(person, at, name))
    counted = quotas([row.duty for row in rows], at) if name != "posts" else []
    running = [one for one in counted if one.period.end > at and not one.is_proof][:QUOTAS]
    names = {row.duty.pk: row.about for row in rows}
    context = {
        "at": at,
        "name": name,
        "rows": rows,
        "quotas": [{"quota": one, "about": names[one.duty.pk]} for one in running],
        "tabs": tabs(name, person, at),
        "departments": _hands_out(person, at) if name == "team" else [],
    }
    return render(request, "duties/list.html", context)


@require_GET
@login_required
def month(request: HttpRequest) -> HttpResponse:
    """`month`: 2026-09; without it the running one."""
    person, at = person_of(request), instant_of(request)
    rulebook = rulebook_of(person.department, at)
    today = day_of(rulebook.calendar, at)
    try:
        first = (
            date.fromisoformat(f"{request.GET['month']}-01")
            if request.GET.get("month")
            else today.replace(day=1)
        )
    except ValueError:
        first = today.replace(day=1)
    before, after = first - timedelta(days=1), (first + timedelta(days=32)).replace(day=1)
    context = {
        "at": at,
        "first": first,
        "weeks": lists.month(person, rulebook, first, at),
        "before": f"{before:%Y-%m}",
        "after": f"{after:%Y-%m}",
        "tabs": tabs("month", person, at),
    }
    return render(request, "duties/month.html", context)


# --- calls ------------------------------------------------------------------------------------------------


@require_GET
@login_required
def call_list(request: HttpRequest) -> HttpResponse:
    return _calls(request)


def _calls(request: HttpRequest, refused: Refused | None = None, number: str = "") -> HttpResponse:
    person, at = person_of(request), instant_of(request)
    found = calls.call_list(person, at)
    read_promises(one.duty for one in found)
    context = {
        "at": at,
        "calls": found,
        "names": lists.names_of([one.duty for one in found]),
        "channels": CHANNELS,
        "results": RESULTS,
        "refused": refused,
        "number": number,
        "tabs": tabs("calls", person, at),
    }
    return render(request, "duties/calls.html", context, status=status_shown(refused))


@require_POST
@login_required
def try_to_reach(request: HttpRequest, number: str) -> HttpResponse:
    """One try, from the call list or from the duty's page; who reached somebody goes on to the duty's form."""
    person, at = person_of(request), instant_of(request)
    try:
        duty = visible_duty(person, number, at)
    except Refused as refused:
        return unknown(request, refused)
    result = request.POST.get("result", "")
    try:
        attempt(
            duty,
            channel=request.POST.get("channel", "telephone"),
            result=result,
            note=request.POST.get("note", ""),
            by=person,
            at=at,
        )
    except Refused as refused:
        return _calls(request, refused, number)
    shown = reverse("duties:show", args=[duty.number])
    return redirect(shown) if result == "reached" else back(request, reverse("duties:calls"))


@require_http_methods(["GET", "POST"])
@login_required
def handing(request: HttpRequest, department: str) -> HttpResponse:
    """Who would get what: shown first, done with the button."""
    person, at = person_of(request), instant_of(request)
    pk = whole_number(department, "department.unknown")
    found = Department.objects.filter(pk=pk).first()
    if found is None or not calls.may_hand_out(person, found, at):
        return unknown(request, LookupError(department))
    if request.method == "POST":
        calls.hand_out(found, by=person, at=at)
        return redirect(f"{reverse('duties:list')}?list=team")
    handed = calls.proposed(found, at)
    read_promises(one.duty for one in handed)
    people = Person.objects.in_bulk([one.choice.person for one in handed if one.choice.person])
    context = {
        "at": at,
        "department": found,
        "handed": [{"duty": one.duty, "person": people.get(one.choice.person or 0)} for one in handed],
        "tabs": tabs("team", person, at),
    }
    return render(request, "duties/handing.html", context)


def _hands_out(person: Person, at: datetime) -> list[Department]:
    """Departments in which the person may hand out, and something waits to be."""
    waiting = (
        duties_visible_to(person, at).filter(owner=None, closed_at=None, voided_at=None).exclude(post="")
    )
    ids = waiting.order_by().values_list("department_id", flat=True).distinct()
    return [one for one in Department.objects.filter(pk__in=list(ids)) if calls.may_hand_out(person, one, at)]


# --- the day ----------------------------------------------------------------------------------------------


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
    left = [(item, work) for item, work in arrangement.with_work(undone) if work is not None and work.is_open]
    context = {
        "at": at,
        "today": today,
        "sheet": sheet,
        "lines": lines,
        "left": left,
        "refused": refused,
        "tabs": tabs("day", person, at),
    }
    return render(request, "duties/day.html", context, status=status_shown(refused))


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


# --- giving a task ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@login_required
def give(request: HttpRequest) -> HttpResponse:
    person, at = person_of(request), instant_of(request)
    if request.method == "GET":
        return _giving(request, request.GET)
    try:
        return redirect(once(request, by=person, at=at, do=lambda: _given(request.POST, person, at)))
    except Refused as refused:
        return _giving(request, request.POST, refused)


def _given(posted: QueryDict, person: Person, at: datetime) -> str:
    to = _whom(posted, person, at)
    kind = next((one for one in _kinds(person, at) if one.name == posted.get("kind")), None)
    values = _values(kind, posted, person, at) if kind else {}
    duty: Duty = giving.give(posted.get("kind", ""), to=to, values=values, by=person, at=at)
    return (
        reverse("duties:show", args=[duty.number]) if _may_see(duty, person, at) else reverse("duties:list")
    )


def _giving(request: HttpRequest, typed: QueryDict, refused: Refused | None = None) -> HttpResponse:
    person, at = person_of(request), instant_of(request)
    kinds = _kinds(person, at)
    kind = next((one for one in kinds if one.name == typed.get("kind")), kinds[0] if kinds else None)
    context = {
        "at": at,
        "kinds": kinds,
        "kind": kind,
        "people": giving.people_to_give_to(person, at),
        "typed": typed,
        "asked": _asked(kind, person, at, typed if request.method == "POST" else None, refused)
        if kind
        else [],
        "refused": refused,
        "token": new_token(),
        "tabs": tabs("", person, at),
    }
    return render(request, "duties/give.html", context, status=status_shown(refused))


def _kinds(person: Person, at: datetime) -> list[Kind]:
    return giving.kinds_to_give(rulebook_of(person.department, at))


def _whom(posted: QueryDict, person: Person, at: datetime) -> Person:
    """By login; anybody of the organisation may be named, the rule about lines says no."""
    login = posted.get("to", "").strip()[:60]
    found = Person.objects.working_at(at).filter(login=login).select_related("department").first()
    if found is None:
        raise Refused(
            "task.whom",
            zh="请选择承办人。",
            en="Choose for whom the task is.",
        )
    return found


def _questions(kind: Kind) -> list[str]:
    moved = {name for move in kind.flow.moves.values() for name in move.fill}
    return [name for name, field in kind.form.fields.items() if field.required or name not in moved]


def _values(kind: Kind, posted: QueryDict, person: Person, at: datetime) -> dict[str, object]:
    return filling.given(
        fields_of(kind),
        _questions(kind),
        posted,
        prefix="task",
        choices=filling.choices_for(person.department_id),
        find=lambda of, typed: records.found(of, typed, person, at),
    )


def _asked(
    kind: Kind, person: Person, at: datetime, tried: QueryDict | None, refused: Refused | None
) -> list[filling.Asked]:
    return filling.asked(
        rulebook_of(person.department, at),
        fields_of(kind),
        _questions(kind),
        prefix="task",
        values={},
        choices=filling.choices_for(person.department_id),
        required=[name for name, field in kind.form.fields.items() if field.required],
        tried=tried,
        refused=refused,
    )


def _may_see(duty: Duty, person: Person, at: datetime) -> bool:
    return duties_visible_to(person, at).filter(pk=duty.pk).exists()
