"""Many cases at once: chosen in a list, told what to do, looked at row by row, then done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from kefu.cases import bulk
from kefu.cases.lists import kinds_in_force, wanted
from kefu.cases.models import BulkRun, Case
from kefu.cases.queries import cases_visible_to
from kefu.core.errors import Refused, in_language
from kefu.documents.asking import language, whole_number
from kefu.documents.once import new_token, once
from kefu.staff.asking import person_of
from kefu.staff.models import Person
from kefu.web.instant import instant_of
from kefu.web.pages import unknown
from kefu.web.statuses import status_shown

FILTERS = ("list", "kind", "state", "owner", "grade", "q", "sort")
COUNTED = 10_000  # of a list longer than this, "more" is said


@require_POST
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """What to do with the cases ticked, or with all of a list; sent again with the answer, it is looked at."""
    person, at = person_of(request), instant_of(request)
    try:
        ids, more = _chosen(request, person, at)
        if not request.POST.get("verb"):
            return _ask(request, person, at, ids, more, None)
    except Refused as refused:
        return _ask(request, person, at, [], 0, refused)

    def act() -> str:
        run = bulk.prepare(request.POST["verb"], _given(request), ids, by=person, at=at, left_out=more)
        return reverse("cases:bulk", args=[run.pk])

    try:
        place = once(request, by=person, at=at, do=act)
    except Refused as refused:
        return _ask(request, person, at, ids, more, refused)
    run = bulk.own_run(person, int(place.strip("/").rpartition("/")[2]))
    if run.looked_at is None and run.job_id is None:
        bulk.look_now_or_later(run, at=at)  # not in the transaction of the form: each row has one of its own
    return redirect(place)


@require_GET
@login_required
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Row by row: what will be done and what will not, or what became of it."""
    person, at = person_of(request), instant_of(request)
    try:
        run = bulk.own_run(person, pk)
    except Refused as refused:
        return unknown(request, refused)
    return _page(request, run, at, None)


@require_POST
@login_required
def start(request: HttpRequest, pk: int) -> HttpResponse:
    person, at = person_of(request), instant_of(request)
    try:
        run = bulk.own_run(person, pk)
    except Refused as refused:
        return unknown(request, refused)
    try:
        bulk.start(run, at=at)
    except Refused as refused:
        return _page(request, run, at, refused)
    return redirect("cases:bulk", pk)


def _page(request: HttpRequest, run: BulkRun, at: datetime, refused: Refused | None) -> HttpResponse:
    """Cases that the person may not see any more are shown without a word about them."""
    rows = list(run.rows.select_related("case").order_by("pk"))
    visible = set(
        cases_visible_to(run.person, at)
        .filter(pk__in=[row.case_id for row in rows])
        .values_list("pk", flat=True)
    )
    context = {
        "at": at,
        "run": run,
        "rows": [
            {
                "case": row.case if row.case_id in visible else None,
                "row": row,
                "ahead": _words(row.ahead),
                "outcome": _words(row.outcome),
            }
            for row in rows
        ],
        "counts": bulk.summary(run),
        "said": _said(run),
        "refused": refused,
        "under_way": run.job is not None and run.job.ended_at is None,
    }
    return render(request, "cases/bulk.html", context, status=status_shown(refused))


def _words(refusal: Mapping[str, str] | None) -> str:
    return in_language(language(), refusal["zh"], refusal["en"]) if refusal else ""


def _said(run: BulkRun) -> dict[str, Any]:
    """What is to be done, for the head of the page: whom, which step, which grade, which words."""
    given, kinds = run.given, kinds_in_force(run.made_at)
    moves = {name: move.title for kind in kinds.values() for name, move in kind.flow.moves.items()}
    levels = {
        level: text.title
        for kind in kinds.values()
        if kind.grades
        for level, text in kind.grades.levels.items()
    }
    to = given.get("to")
    return {
        "to": Person.objects.filter(pk=to).first() if to else None,
        "move": moves.get(given.get("move", "")),
        "level": levels.get(given.get("level", "")),
        "body": given.get("body", ""),
        "way": given.get("way", ""),
    }


def _ask(
    request: HttpRequest, person: Person, at: datetime, ids: list[int], more: int, refused: Refused | None
) -> HttpResponse:
    """The form that says what to do with the cases chosen."""
    cases = list(
        cases_visible_to(person, at).filter(pk__in=ids[:200]).only("kind", "version", "department", "state")
    )
    units = {case.department_id for case in cases} | {person.department_id}
    context = {
        "ids": ids,
        "more": more,
        "people": Person.objects.filter(left_at=None, department__in=units).select_related("department"),
        "moves": _moves(cases),
        "grades": _grades(cases),
        "typed": request.POST,
        "filters": {name: request.POST[name] for name in FILTERS if request.POST.get(name)},
        "all": request.POST.get("all") == "1",
        "back": request.POST.get("back", "") or reverse("cases:list"),
        "refused": refused,
        "token": new_token(),
    }
    return render(request, "cases/bulk_choose.html", context, status=status_shown(refused))


def _moves(cases: list[Case]) -> dict[str, Any]:
    """Moves that start where at least one of the cases stands and that ask for nothing to be filled in."""
    return {
        name: move.title
        for case in {(one.kind, one.version, one.state): one for one in cases}.values()
        for name, move in case.flow.moves.items()
        if case.state in move.from_ and not move.fill
    }


def _grades(cases: list[Case]) -> dict[str, Any]:
    return {
        f"{grades.name}:{level}": text.title
        for case in {(one.kind, one.version): one for one in cases}.values()
        if (grades := case.rule.grades) is not None
        for level, text in grades.levels.items()
    }


def _chosen(request: HttpRequest, person: Person, at: datetime) -> tuple[list[int], int]:
    """Ids of the cases, at most as many as are taken at once, and how many more the list has."""
    if request.POST.get("all") == "1":
        given = {name: request.POST[name] for name in FILTERS if request.POST.get(name)}
        asked = wanted(person, at, given, kinds_in_force(at))
        found = list(asked.filtered.order_by("pk").values_list("pk", flat=True)[: COUNTED + 1])
        return found[: bulk.MOST], max(0, len(found) - bulk.MOST)
    ids = [whole_number(one, "case.unknown") for one in request.POST.getlist("case")]
    if not ids:
        raise Refused("bulk.none", zh="请先勾选工单。", en="Choose some cases first.")
    bulk.require_few(len(ids))
    seen = set(cases_visible_to(person, at).filter(pk__in=ids).values_list("pk", flat=True))
    return [pk for pk in dict.fromkeys(ids) if pk in seen], 0


def _given(request: HttpRequest) -> Mapping[str, Any]:
    """The values of the verb chosen; those of the others are not looked at."""
    post = request.POST
    match post["verb"]:
        case "assign":
            return {"to": whole_number(post.get("to", ""), "person.unknown")}
        case "give_out":
            return {"way": post.get("way", "")}
        case "move":
            return {"move": post.get("move", ""), "reason": post.get("reason", "")}
        case "grade":
            field, _, level = post.get("grade_to", "").partition(":")
            return {"field": field, "level": level}
        case "note" | "message":
            return {"body": post.get("body", "")}
    return {}
