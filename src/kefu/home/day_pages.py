"""My day and the notices."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from kefu.core.work.actions import acknowledge as acknowledge_escalation
from kefu.core.work.models import Escalation
from kefu.core.work.registry import model_named
from kefu.documents.asking import language, whole_number
from kefu.home.day import PAGES, day_of
from kefu.staff.actions.notices import mark_read
from kefu.staff.asking import person_of
from kefu.staff.models import Notice
from kefu.staff.queries import notices_of, text_of
from kefu.web.back import back
from kefu.web.instant import instant_of
from kefu.web.pages import unknown

NOTICES = 50  # on one page


@require_GET
@login_required
def my_day(request: HttpRequest) -> HttpResponse:
    person, at = person_of(request), instant_of(request)
    return render(request, "home/my_day.html", {"at": at, "day": day_of(person, at)})


@require_POST
@login_required
def acknowledge(request: HttpRequest, escalation: str) -> HttpResponse:
    """“I know of it”: by the person it went to, and by nobody else."""
    person, at = person_of(request), instant_of(request)
    pk = whole_number(escalation, "escalation.unknown")
    found = Escalation.objects.filter(pk=pk, person=person).first()  # acknowledging twice changes nothing
    if found is None:
        return unknown(request, LookupError(escalation))
    acknowledge_escalation(found, by=person, at=at)
    return back(request, reverse("home:my_day"))


@require_GET
@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """Newest first; `before` is the id of the last one seen."""
    person = person_of(request)
    found = notices_of(person).order_by("-id")
    if before := request.GET.get("before", ""):
        found = found.filter(pk__lt=whole_number(before, "list.place"))
    rows = list(found[: NOTICES + 1])
    shown = [
        {"notice": one, "text": text_of(one, language()), "url": _address(one)} for one in rows[:NOTICES]
    ]
    older = rows[NOTICES - 1].pk if len(rows) > NOTICES else None
    return render(request, "home/notices.html", {"at": instant_of(request), "rows": shown, "older": older})


@require_POST
@login_required
def read_notices(request: HttpRequest) -> HttpResponse:
    """Mark one (`notice`) or all as read."""
    person, at = person_of(request), instant_of(request)
    one = request.POST.get("notice", "")
    ids = [whole_number(one, "notice.unknown")] if one else None
    mark_read(person, notices=ids, by=person, at=at)
    return redirect("home:notices")


def _address(notice: Notice) -> str:
    """The page of the work or long work that the notice is about; "" when it is about none."""
    if notice.subject_kind == "long_work":
        return reverse("long_work:show", args=[notice.subject_id])
    model = model_named(notice.subject_kind)
    number = notice.data.get("number")
    if model is None or not number or notice.subject_kind not in PAGES:
        return ""
    return reverse(PAGES[notice.subject_kind], args=[number])
