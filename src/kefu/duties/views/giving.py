"""Giving somebody a task."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kefu.core.errors import Refused
from kefu.core.rulebook.model import Kind
from kefu.core.work.fields import fields_of
from kefu.documents import filling, records
from kefu.documents.once import new_token, once
from kefu.duties import giving
from kefu.duties.models import Duty
from kefu.duties.queries import duties_visible_to
from kefu.duties.views.board import tabs
from kefu.staff.asking import person_of
from kefu.staff.models import Person
from kefu.staff.rights import Tree, rulebook_of
from kefu.web.instant import instant_of
from kefu.web.statuses import status_shown


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
    people = giving.people_to_give_to(person, at)
    context = {
        "at": at,
        "kinds": kinds,
        "kind": kind,
        "people": _typed_as(people),
        "typed": typed,
        "asked": _asked(kind, person, at, typed if request.method == "POST" else None, refused)
        if kind
        else [],
        "refused": refused,
        "token": new_token(),
        "tabs": tabs("", person, at),
    }
    return render(request, "duties/give.html", context, status=status_shown(refused))


def _typed_as(people: Sequence[Person]) -> list[tuple[str, str]]:
    """(what is typed for somebody, the department): the name, with the login where several have it."""
    several = Counter(one.name for one in people)
    tree = Tree()
    return [
        (
            f"{one.name} ({one.login})" if several[one.name] > 1 else one.name,
            tree.by_id[one.department_id].name,
        )
        for one in people
    ]


def _kinds(person: Person, at: datetime) -> list[Kind]:
    return giving.kinds_to_give(rulebook_of(person.department, at))


def _whom(posted: QueryDict, person: Person, at: datetime) -> Person:
    """By name or login; anybody of the organisation may be named, the rule about lines says no."""
    typed = posted.get("to", "").strip()[:80]
    working = Person.objects.working_at(at).select_related("department")
    login = typed.rpartition("(")[2].removesuffix(")")  # "王芳 (wang)", where several have the name
    found = list(working.filter(Q(login=login) | Q(name=typed))[:2])
    if len(found) > 1:
        raise Refused(
            "task.whom_of_several",
            zh=f"有几位同事叫「{typed}」，请填写账号。",
            en=f"Several people are called “{typed}”; give the login.",
        )
    if not found:
        raise Refused(
            "task.whom",
            zh="请选择承办人。",
            en="Choose for whom the task is.",
        )
    return found[0]


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
