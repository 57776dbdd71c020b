"""Lists under a name, and the next case: what stands above the queue."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.cases import assigning, saved
from kefu.cases.lists import kinds_in_force, wanted
from kefu.cases.models import Capacity
from kefu.core.errors import Refused
from kefu.documents.asking import whole_number
from kefu.documents.once import new_token, once
from kefu.staff.asking import person_of
from kefu.staff.models import Person, Team
from kefu.staff.queries import staff_visible_to
from kefu.web.instant import instant_of
from kefu.web.pages import refused_page
from kefu.web.statuses import status_shown


@require_POST
@login_required
def take_next(request: HttpRequest) -> HttpResponse:
    """Take the most urgent case one may take, and open it."""
    person, at = person_of(request), instant_of(request)

    def act() -> str:
        return reverse("cases:show", args=[assigning.take_next(by=person, at=at).number])

    try:
        return redirect(once(request, by=person, at=at, do=act))
    except Refused as refused:
        return refused_page(request, refused)


@require_http_methods(["GET", "POST"])
@login_required
def views(request: HttpRequest) -> HttpResponse:
    """One's lists: kept, renamed, shared, put in order, deleted. `query` of the address: what is about to be kept."""
    person, at = person_of(request), instant_of(request)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            return redirect(once(request, by=person, at=at, do=lambda: _change(request, person)))
        except Refused as caught:
            refused = caught
    kinds = kinds_in_force(at)
    context = {
        "at": at,
        "views": saved.shown(person, at, kinds),
        "teams": saved.leads_teams(person, at),
        "query": request.POST.get("query") or request.GET.get("query", ""),
        "typed": request.POST,
        "refused": refused,
        "token": new_token(),
    }
    return render(request, "cases/views.html", context, status=status_shown(refused))


def _change(request: HttpRequest, person: Person) -> str:
    """What one button of the page asks for."""
    at, do = instant_of(request), request.POST.get("do", "")
    if do == "save":
        asked = wanted(person, at, dict(parse_qsl(request.POST.get("query", ""))), kinds_in_force(at))
        view = saved.save_view(asked, request.POST.get("name", ""), by=person, at=at, team=_team(request))
        return f"{reverse('cases:list')}?{view.query}"
    view = saved.own_view(person, whole_number(request.POST.get("view", ""), "view.unknown"))
    if do == "delete":
        saved.delete_view(view, by=person, at=at)
    elif do == "up":
        own = [one.pk for one in saved.views_visible_to(person, at) if one.person_id == person.pk]
        place = own.index(view.pk)
        own.insert(max(0, place - 1), own.pop(place))
        saved.order_views(own, by=person)
    else:
        saved.change_view(view, name=request.POST.get("name", ""), team=_team(request), by=person, at=at)
    return reverse("cases:views")


def _team(request: HttpRequest) -> Team | None:
    """The team chosen to share with. Raises Refused team.unknown."""
    if not (given := request.POST.get("team", "")):
        return None
    team = Team.objects.filter(pk=whole_number(given, "team.unknown")).first()
    if team is None:
        raise Refused("team.unknown", zh="没有这个班组。", en="There is no such team.")
    return team


@require_safe
@login_required
def capacities(request: HttpRequest) -> HttpResponse:
    """What one's colleagues can be given, and what they have in hand."""
    return _capacities(request, None)


@require_POST
@login_required
def set_capacity(request: HttpRequest, pk: int) -> HttpResponse:
    by, at = person_of(request), instant_of(request)
    try:
        person = staff_visible_to(by, at).filter(pk=pk, left_at=None).first()
        if person is None:
            raise Refused("person.unknown", zh="没有这位员工。", en="There is no such person.")
        given = request.POST.get("most", "").strip()
        most = whole_number(given, "capacity.most") if given else None
        assigning.set_capacity(person, kinds=request.POST.getlist("kind"), most=most, by=by, at=at)
    except Refused as refused:
        if refused.code == "person.unknown":
            return refused_page(request, refused)
        return _capacities(request, refused)
    return redirect("cases:capacities")


def _capacities(request: HttpRequest, refused: Refused | None) -> HttpResponse:
    by, at = person_of(request), instant_of(request)
    people = list(staff_visible_to(by, at).filter(left_at=None, department=by.department_id).order_by("pk"))
    limits = {one.person_id: one for one in Capacity.objects.filter(person__in=people)}
    loads = assigning.loads([person.pk for person in people])
    may = assigning.may_set_capacity(by, by.department_id, at)
    context = {
        "at": at,
        "rows": [(person, limits.get(person.pk), loads.get(person.pk, 0)) for person in people],
        "kinds": kinds_in_force(at).values(),
        "may": may,
        "refused": refused,
    }
    return render(request, "cases/capacities.html", context, status=status_shown(refused))
