"""The page of one person, and what is done there: each verb its own address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.core.errors import Refused
from kefu.core.inputs import phone_written
from kefu.core.rulebook.model import Text
from kefu.staff import actions, queries
from kefu.staff.account_forms import DetailsForm
from kefu.staff.actions import guard
from kefu.staff.asking import person_of
from kefu.staff.leaving import what_happens
from kefu.staff.models import Organisation, Person, PostHolding, SignIn, StandIn, Team, TeamMember
from kefu.staff.rights import Tree
from kefu.staff.views.listing import state_of
from kefu.web.forms import refusing, shown
from kefu.web.instant import instant_of
from kefu.web.statuses import status_shown

Verb = Callable[[HttpRequest, Person, Person, datetime], object]


@dataclass(frozen=True, slots=True)
class Tried:
    """The form that was refused, to be shown again as it was sent."""

    name: str
    typed: QueryDict
    refused: Refused


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    at = instant_of(request)
    return _page(request, _seen(request, pk, at), at)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, phone, mail and language: one's own, or as head."""
    by, at = person_of(request), instant_of(request)
    person = _seen(request, pk, at)
    guard.require_self_or_head(by, at, person)
    initial = {
        "name": person.name,
        "phone": phone_written(person.phone) if person.phone else "",
        "mail": person.mail,
        "language": person.language,
    }
    form = DetailsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusing(form):
            actions.change_person(person, **form.cleaned_data, by=by, at=at)
            messages.success(request, _("Saved."))
            return redirect("staff:show", pk=pk)
    return shown(request, "staff/change.html", form, {"person": person})


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: what ends and where open work goes; POST: the person has left."""
    by, at = person_of(request), instant_of(request)
    person = _seen(request, pk, at)
    guard.require_head(by, at, person.department_id)
    guard.require_here(person)
    refused = None
    if request.method == "POST":
        try:
            actions.leave_company(person, by=by, at=at)
        except Refused as reason:
            refused = reason
        else:
            messages.success(
                request, _("%(name)s has left; sessions and posts have ended.") % {"name": person.name}
            )
            return redirect("staff:show", pk=pk)
    context = {"at": at, "person": person, "refused": refused, "ends": what_happens(person, at)}
    return render(request, "staff/leave.html", context, status=status_shown(refused))


def verb(do: Verb) -> Callable[[HttpRequest, int], HttpResponse]:
    """A view that does one thing to the person and goes back to the page; refused, shows it with what was typed.

    What `do` returns, when it is an answer, is shown instead of going back.
    """

    @require_POST
    @wraps(do)
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        by, at = person_of(request), instant_of(request)
        person = _seen(request, pk, at)
        try:
            answer = do(request, person, by, at)
        except Refused as refused:
            return _page(request, person, at, Tried(do.__name__, request.POST, refused))
        return answer if isinstance(answer, HttpResponse) else redirect("staff:show", pk=pk)

    return view


@verb
def mark_away(request: HttpRequest, person: Person, by: Person, at: datetime) -> None:
    actions.mark_away(person, by=by, at=at)


@verb
def mark_back(request: HttpRequest, person: Person, by: Person, at: datetime) -> None:
    actions.mark_back(person, by=by, at=at)


@verb
def give_post(request: HttpRequest, person: Person, by: Person, at: datetime) -> None:
    """`post` is "department id:name of the post"."""
    unit, _colon, post = request.POST.get("post", "").partition(":")
    department = queries.departments_visible_to(by, at).filter(pk=_number(unit)).first()
    actions.give_post(person, post=post, department=department or person.department, by=by, at=at)


@verb
def join_team(request: HttpRequest, person: Person, by: Person, at: datetime) -> None:
    team = Team.objects.filter(
        pk=_number(request.POST.get("team", "")), department__in=queries.departments_visible_to(by, at)
    ).first()
    if team is None:
        guard.require_head(by, at, person.department_id)
        raise Refused(
            "team.unknown", zh="没有这个班组，请从列表中选择。", en="There is no such team; choose one."
        )
    actions.join_team(person, team=team, by=by, at=at)


@verb
def set_stand_in(request: HttpRequest, person: Person, by: Person, at: datetime) -> None:
    posted = request.POST
    other = queries.staff_visible_to(by, at).filter(pk=_number(posted.get("person", ""))).first()
    if other is None:
        guard.require_self_or_head(by, at, person)
        raise Refused("stand_in.unknown", zh="请选择由谁代理。", en="Choose who stands in.")
    since, until = _instant(posted.get("since", "")), _instant(posted.get("until", ""))
    actions.set_stand_in(person, person=other, since=since or at, until=until, by=by, at=at)


@verb
def move(request: HttpRequest, person: Person, by: Person, at: datetime) -> None:
    to = queries.departments_visible_to(by, at).filter(pk=_number(request.POST.get("to", ""))).first()
    if to is None:
        guard.require_head(by, at, person.department_id)
        raise Refused(
            "department.unknown", zh="没有这个部门，请从列表中选择。", en="There is no such department."
        )
    actions.move_person(person, to=to, by=by, at=at)


@verb
def issue_link(request: HttpRequest, person: Person, by: Person, at: datetime) -> HttpResponse:
    """The link is on this answer and never again."""
    key = actions.issue_link(
        person, purpose="reset" if person.has_usable_password() else "invite", by=by, at=at
    )
    return _page(
        request, person, at, link=request.build_absolute_uri(reverse("account:use_link", args=[key]))
    )


@verb
def disable_totp(request: HttpRequest, person: Person, by: Person, at: datetime) -> None:
    """As head, for somebody who lost the device."""
    actions.disable_totp(person, by=by, at=at)


@verb
def name_auditor(request: HttpRequest, person: Person, by: Person, at: datetime) -> None:
    actions.name_auditor(person, by=by, at=at)


@verb
def end_auditor(request: HttpRequest, person: Person, by: Person, at: datetime) -> None:
    actions.end_auditor(person, by=by, at=at)


@verb
def hand_over(request: HttpRequest, person: Person, by: Person, at: datetime) -> None:
    actions.change_owner(get_object_or_404(Organisation), to=person, by=by, at=at)


def part(
    model: Any, whose: str
) -> Callable[[Callable[..., object]], Callable[[HttpRequest, int], HttpResponse]]:
    """A view that ends one thing of a person: a row of `model`, whose person stands in `whose`."""

    def made(do: Callable[..., object]) -> Callable[[HttpRequest, int], HttpResponse]:
        @require_POST
        @wraps(do)
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            by, at = person_of(request), instant_of(request)
            row = get_object_or_404(model, pk=pk, **{f"{whose}__in": queries.staff_visible_to(by, at)})
            try:
                do(row, by=by, at=at)
            except Refused as refused:
                return _page(request, getattr(row, whose), at, Tried(do.__name__, request.POST, refused))
            return redirect("staff:show", pk=getattr(row, whose).pk)

        return view

    return made


end_post = part(PostHolding, "person")(actions.end_post)
leave_team = part(TeamMember, "person")(actions.leave_team)
end_stand_in = part(StandIn, "absent")(actions.end_stand_in)
end_session = part(SignIn, "person")(actions.end_session)


def _seen(request: HttpRequest, pk: int, at: datetime) -> Person:
    visible = queries.staff_visible_to(person_of(request), at)
    return get_object_or_404(visible.select_related("department"), pk=pk)


def _page(
    request: HttpRequest, person: Person, at: datetime, tried: Tried | None = None, link: str = ""
) -> HttpResponse:
    """The whole page; forms only for those who may send them."""
    by = person_of(request)
    person = Person.objects.select_related("department").get(pk=person.pk)
    heads, own = queries.heads(by, person.department_id, at), by.pk == person.pk
    headed = queries.headed_by(by, at)
    sessions = queries.sessions_of(person, at) if heads or own else []
    context = {
        "at": at,
        "person": person,
        "phone": phone_written(person.phone) if person.phone else "",
        "state": state_of(person, queries.on_duty(person, at)),
        "tried": tried,
        "link": link,
        "heads": heads,
        "own": own,
        "may_change": (heads or own) and person.is_active,
        "is_owner": queries.owns_organisation(by),
        "owns": queries.owns_organisation(person),
        "held": _held(person, at),
        "stands_in_for": StandIn.objects.at(at).filter(person=person).select_related("absent"),
        "memberships": TeamMember.objects.at(at).filter(person=person).select_related("team").order_by("id"),
        "leads_teams": Team.objects.filter(leader=person),
        "stand_ins": StandIn.objects.ahead(at)
        .filter(absent=person)
        .select_related("person")
        .order_by("since"),
        "line": queries.reporting_line(person, at) if person.is_active else [],
        "sessions": sessions,
        "departments": [one for one in headed if one.pk != person.department_id],
        "posts": _posts(headed, person, at) if headed and person.is_active else [],
        "teams": Team.objects.filter(department__in=headed).exclude(
            pk__in=TeamMember.objects.ahead(at).filter(person=person).values("team")
        ),
        "colleagues": queries.staff_visible_to(by, at).filter(left_at=None).exclude(pk=person.pk),
    }
    return render(
        request, "staff/person.html", context, status=status_shown(tried.refused if tried else None)
    )


def _held(person: Person, at: datetime) -> list[tuple[PostHolding, Text | str]]:
    tree, held = Tree(), []
    for holding in (
        PostHolding.objects.at(at).filter(person=person).select_related("department").order_by("id")
    ):
        rulebook = tree.rulebook_of(holding.department_id, at)
        rule = rulebook.posts.get(holding.post) if rulebook else None
        held.append((holding, rule.title if rule else holding.post))
    return held


def _posts(headed: list[Any], person: Person, at: datetime) -> list[tuple[Any, list[tuple[str, Text]]]]:
    """What can be given, by department, the person's own first."""
    tree, found = Tree(), []
    for department in sorted(headed, key=lambda one: (one.pk != person.department_id, one.pk)):
        rulebook = tree.rulebook_of(department.pk, at)
        if rulebook:
            found.append((department, [(post.name, post.title) for post in rulebook.posts.values()]))
    return found


def _number(text: str) -> int:
    """An id from a form; 0, which nothing has, for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _instant(text: str) -> datetime | None:
    """What a field for an instant holds, where the organisation is; None when empty. Raises Refused instant.form."""
    if not text.strip():
        return None
    try:
        read = parse_datetime(text.strip())
    except ValueError:
        read = None
    if read is None:
        raise Refused(
            "instant.form",
            zh=f"「{text[:40]}」不是存在的时刻（例：2026-11-23 08:30）。",
            en=f"“{text[:40]}” is no instant that exists (write 2026-11-23 08:30).",
            given=text[:40],
        )
    return timezone.make_aware(read) if timezone.is_naive(read) else read
