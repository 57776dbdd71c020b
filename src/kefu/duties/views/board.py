"""The board of duties: the lists with their quotas, the month, and handing out what nobody has taken."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kefu.core.worktime import day_of, not_confirmed
from kefu.documents.asking import language, whole_number
from kefu.duties import calls, lists
from kefu.duties.queries import duties_visible_to, open_duties_for
from kefu.duties.quotas import quotas
from kefu.staff.asking import person_of
from kefu.staff.models import Department, Person
from kefu.staff.rights import rulebook_of
from kefu.web.instant import instant_of
from kefu.web.pages import unknown
from kefu.web.remaining import read_promises

QUOTAS = 30  # bars on one page


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
        "doubt": ""
        if rulebook.calendar.is_confirmed(first.year)
        else not_confirmed([first.year], language()),
        "before": f"{before:%Y-%m}",
        "after": f"{after:%Y-%m}",
        "tabs": tabs("month", person, at),
    }
    return render(request, "duties/month.html", context)


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
