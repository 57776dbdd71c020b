"""Pages of duties: what is to be done, for which case, by when, and the form of its doing."""

from __future__ import annotations

from copy import copy
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from kefu.cases.models import Case
from kefu.cases.queries import cases_visible_to, visible_case
from kefu.core.errors import Refused
from kefu.core.work.queries import events
from kefu.customers.revealing import Look, look
from kefu.documents import filling, work_page
from kefu.documents.asking import language, revision_of
from kefu.documents.once import new_token
from kefu.documents.verbs import Desk, move_posted
from kefu.documents.work_page import Tried
from kefu.duties import actions
from kefu.duties.lists import names_of
from kefu.duties.models import Duty
from kefu.duties.papers import papers_of
from kefu.duties.queries import duties_visible_to, may_reveal, open_duties_for, visible_duty
from kefu.duties.quotas import quotas
from kefu.duties.trying import CHANNELS, RESULTS, last_try, may_end_unreached, next_try_at
from kefu.staff.asking import person_of
from kefu.staff.models import Person
from kefu.web.instant import instant_of
from kefu.web.pages import unknown
from kefu.web.statuses import status_shown


def page(
    request: HttpRequest,
    duty: Duty,
    at: datetime,
    tried: Tried | None = None,
    looked: Look | None = None,
) -> HttpResponse:
    """The whole page; with a form that was refused, as it was filled in, with its status."""
    person, lang = person_of(request), language()
    duty = Duty.objects.select_related("owner", "author", "department").get(pk=duty.pk)
    mine = open_duties_for(person, at).filter(pk=duty.pk).exists()
    as_taken = copy(duty)
    if mine and duty.owner_id is None:
        as_taken.owner_id = person.pk  # making a move takes the duty, so what its owner may do is offered
    moves, barred = work_page.moves(as_taken, person, at, tried)
    counted = [one for one in quotas([duty], at) if not one.is_proof] if duty.is_open else []
    live, over = work_page.clocks(duty, at)
    post = duty.rulebook.posts.get(duty.post)
    refused = looked.refused if looked else tried.refused if tried else None
    context = {
        "at": at,
        "duty": duty,
        "work": duty,
        "kind": duty.rule,
        "clauses": [duty.rulebook.clauses[one] for one in duty.rule.clauses if one in duty.rulebook.clauses],
        "state": duty.flow.states[duty.state].title,
        "post": post.title if post else None,
        "calendar": duty.rulebook.calendar,
        "clocks": live,
        "clocks_over": over,
        "moves": moves,
        "barred": barred,
        "move_url": reverse("duties:move", args=[duty.number]),
        "history": work_page.history(duty, events(duty), lang),
        "facts": filling.facts(duty, lang),
        "looked": looked,
        "may_reveal": may_reveal(person, duty, at),
        "reveal_url": reverse("duties:reveal", args=[duty.number]),
        "case": _case(duty, person, at),
        "papers": papers_of(duty, person, at),
        "tries": list(duty.attempts.select_related("by")) if duty.rule.attempts else [],
        "again": next_try_at(duty, last_try(duty), at) if duty.rule.attempts else at,
        "enough": may_end_unreached(duty),
        "may_try": mine and bool(duty.rule.attempts),
        "channels": CHANNELS,
        "results": RESULTS,
        "about": names_of([duty]).get(duty.pk, "") if duty.each_kind else "",
        "quotas": counted,
        "people": Person.objects.in_bulk({pk for one in counted for pk, _ in one.by}),
        "may_take": mine and duty.owner_id is None,
        "tried": tried,
        "refused": tried.refused if tried and tried.name not in {one.move.name for one in moves} else None,
        "token": new_token(),
    }
    return render(request, "duties/show.html", context, status=status_shown(refused))


DESK = Desk(visible_duty, page, "duties:show")
show = DESK.show()


@DESK.verb("move")
def move(request: HttpRequest, duty: Duty, person: Person, at: datetime) -> None:
    name, values = move_posted(request, duty)
    reason, revision = request.POST.get("reason", ""), revision_of(request)
    actions.move(duty, name, by=person, at=at, values=values, reason=reason, revision=revision)


@DESK.verb("take")
def take(request: HttpRequest, duty: Duty, person: Person, at: datetime) -> None:
    actions.take(duty, by=person, at=at)


@DESK.answering
def reveal(request: HttpRequest, duty: Duty, person: Person, at: datetime) -> HttpResponse:
    """One masked number of the form in full on this answer alone, on record with the reason."""
    looked = look(request, lambda field, reason: actions.reveal(duty, field, reason=reason, by=person, at=at))
    return page(request, duty, at, looked=looked)


@require_GET
@login_required
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """The duties of a case that the person may see: a fragment beside the case, a page by its address."""
    person, at = person_of(request), instant_of(request)
    try:
        case = visible_case(person, number, at)
    except Refused as refused:
        return unknown(request, refused)
    duties = duties_visible_to(person, at).filter(parent_kind=case.noun, parent_id=case.pk)
    rows = [
        {"duty": duty, "kind": duty.rule.title, "state": duty.flow.states[duty.state].title}
        for duty in duties.select_related("owner").order_by("pk")
    ]
    part = request.headers.get("HX-Request") == "true"
    template = "duties/_of_case.html" if part else "duties/of_case.html"
    return render(request, template, {"at": at, "case": case, "rows": rows})


def _case(duty: Duty, person: Person, at: datetime) -> Case | None:
    if duty.parent_kind != Case.noun or duty.parent_id is None:
        return None
    found = cases_visible_to(person, at).filter(pk=duty.parent_id)
    return found.select_related("customer", "site").first()
