"""The wall itself, for whoever knows its address, and the page on which leaders make and revoke them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kefu.home.leading import led_by
from kefu.home.wall import departments_on_walls, make_wall, revoke_wall, wall_behind, walls_visible_to
from kefu.home.wall_figures import Figures, figures_of
from kefu.staff.asking import person_of
from kefu.staff.forms import choose, named
from kefu.staff.models import Department
from kefu.staff.queries import organisation
from kefu.web.forms import Form, posted, refusing, shown
from kefu.web.instant import instant_of
from kefu.web.pages import language, unknown

DAYS = ((1, _("one day")), (30, _("30 days")), (90, _("90 days")), (365, _("a year")))


class WallForm(Form):
    name = forms.CharField(label=_("Where it hangs"), max_length=200)
    department = forms.TypedChoiceField(label=_("Figures of"), coerce=int, required=False, empty_value=None)
    days = forms.TypedChoiceField(label=_("Works for"), coerce=int, choices=DAYS, initial=90)

    def __init__(self, departments: list[Department], whole: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        all_ = [("", _("the whole organisation"))] if whole else []
        choose(self, "department", [*all_, *named(departments)])


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure as it is shown: few digits, its unit small beside it. `tone`: calm, warn or late."""

    title: str
    number: str
    unit: str = ""
    icon: str = ""
    tone: str = "calm"


@login_not_required
@require_GET
def wall(request: HttpRequest, key: str) -> HttpResponse:
    """The figures now. Asked by the page's own script: the part that changes only."""
    at = instant_of(request)
    found, ours = wall_behind(key, at), organisation()
    if found is None or ours is None:
        return unknown(request, LookupError("wall"))
    part = "HX-Request" in request.headers
    with timezone.override(ours.zone):
        figures = figures_of(found, ours.zone, at)
        kinds = [Tile(one.title.text(language()), *_short(one.count)) for one in figures.kinds]
        given = {"wall": found, "at": at, "tiles": _tiles(figures), "kinds": kinds, "open": figures.open}
        answer = render(request, "home/_wall.html" if part else "home/wall.html", given)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _tiles(figures: Figures) -> list[Tile]:
    waits = {"minutes": gettext("min"), "hours": gettext("h"), "days": gettext("d")}
    wait = figures.wait
    marks = f"{figures.marks:.1f}" if figures.marks is not None else "—"
    return [
        Tile(gettext("Came in today"), *_short(figures.intake), icon="inbox"),
        _pressing(gettext("Due within the hour"), figures.at_risk, "clock-alert", "warn"),
        _pressing(gettext("Missed today"), figures.missed, "triangle-alert", "late"),
        Tile(
            gettext("Longest without an owner"),
            str(wait.length) if wait else "—",
            waits[wait.unit] if wait else "",
            icon="clock",
        ),
        Tile(
            gettext("Satisfaction, 30 days"),
            marks,
            gettext("of 5") if figures.marks is not None else "",
            icon="star",
        ),
    ]


def _pressing(title: str, count: int, icon: str, tone: str) -> Tile:
    """A figure that should be nought: then calm, else with its own colour and shape."""
    number, unit = _short(count)
    return Tile(title, number, unit, icon if count else "circle-check", tone if count else "calm")


def _short(count: int) -> tuple[str, str]:
    """At most four digits, which is what a tile holds."""
    if count < 10_000:
        return str(count), ""
    per, unit = (10_000, "万") if language().startswith("zh") else (1000, "k")
    return (f"{count / per:.1f}" if count < 100 * per else str(count // per)), unit


@require_http_methods(["GET", "POST"])
@login_required
def walls(request: HttpRequest) -> HttpResponse:
    """The working walls. The address of a new one is shown on the answer that made it and never again."""
    person, at = person_of(request), instant_of(request)
    departments, whole = departments_on_walls(person, at), led_by(person, at).company
    form, address = WallForm(departments, whole, posted(request)), ""
    if form.is_valid():
        given = form.cleaned_data
        unit = next((one for one in departments if one.pk == given["department"]), None)
        with refusing(form):
            _wall, key = make_wall(
                name=given["name"],
                department=unit,
                expires_at=at + timedelta(days=given["days"]),
                by=person,
                at=at,
            )
            address = request.build_absolute_uri(reverse("home:wall", args=[key]))
            form = WallForm(departments, whole)
    rows = walls_visible_to(person, at).order_by("-id")
    return shown(
        request,
        "home/walls.html",
        form,
        {"walls": rows, "address": address, "may_make": bool(departments)},
    )


@require_POST
@login_required
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    person, at = person_of(request), instant_of(request)
    revoke_wall(get_object_or_404(walls_visible_to(person, at), pk=pk), by=person, at=at)
    messages.success(request, gettext("The address no longer works."))
    return redirect("home:walls")
