"""Help with writing: phrases and colleagues while one types, and the page where phrases are kept."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kefu.cases import phrases as kept
from kefu.cases.mentions import to_mention
from kefu.cases.models import Case
from kefu.cases.views.verbs import DESK
from kefu.core.errors import Refused
from kefu.documents.asking import whole_number
from kefu.documents.once import new_token, once
from kefu.staff.asking import person_of
from kefu.staff.models import Person
from kefu.staff.rights import headed_by
from kefu.web.instant import instant_of
from kefu.web.statuses import status_shown

LONGEST = 40  # characters of what is typed behind the mark


@DESK.reading
def words(request: HttpRequest, case: Case, at: datetime) -> HttpResponse:
    """The fragment with what may take the place of `typed`: phrases behind a `/`, colleagues behind an `@`."""
    person, typed = person_of(request), request.GET.get("typed", "")[: LONGEST + 1]
    if typed.startswith("@"):
        found = [
            (one.name, one.department.name, f"@{one.name} ")
            for one in to_mention(case, person, typed[1:], at)
        ]
    else:
        shown = kept.matching(person, typed.removeprefix("/"))
        found = [(one.name, one.body, kept.filled(one, case, person)) for one in shown]
    return render(request, "cases/_words.html", {"found": found, "people": typed.startswith("@")})


@require_http_methods(["GET", "POST"])
@login_required
def phrases(request: HttpRequest) -> HttpResponse:
    """One's phrases and the department's: kept, and one's own deleted."""
    person, at = person_of(request), instant_of(request)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            return redirect(once(request, by=person, at=at, do=lambda: _change(request, person, at)))
        except Refused as caught:
            refused = caught
    context = {
        "at": at,
        "phrases": kept.phrases_visible_to(person),
        "places": ["{" + zh + "}" for zh, _ in kept.PLACES],
        "heads": any(one.pk == person.department_id for one in headed_by(person, at)),
        "typed": request.POST,
        "refused": refused,
        "token": new_token(),
    }
    return render(request, "cases/phrases.html", context, status=status_shown(refused))


def _change(request: HttpRequest, person: Person, at: datetime) -> str:
    if request.POST.get("do") == "delete":
        pk = whole_number(request.POST.get("phrase", ""), "phrase.unknown")
        kept.delete_phrase(kept.own_phrase(person, pk), by=person, at=at)
    else:
        department = person.department if request.POST.get("shared") else None
        name, body = request.POST.get("name", ""), request.POST.get("body", "")
        kept.keep_phrase(name, body, by=person, at=at, department=department)
    return reverse("cases:phrases")
