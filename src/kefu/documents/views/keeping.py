"""The papers past their retention, for whoever may decide, and making away with the chosen ones."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kefu.core.errors import Refused
from kefu.documents import retention
from kefu.documents.once import new_token, once
from kefu.staff.asking import person_of
from kefu.web.instant import instant_of
from kefu.web.pages import unknown
from kefu.web.statuses import status_shown

MOST = 100  # on a page, oldest first


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def past(request: HttpRequest) -> HttpResponse:
    person, at = person_of(request), instant_of(request)
    if not retention.may_decide(person, at):
        return unknown(request, LookupError("documents"))
    found = retention.past_keeping(person, at)
    refused: Refused | None = None
    if request.method == "POST":
        chosen = list(found.filter(number__in=request.POST.getlist("n")[:MOST]))
        here = reverse("documents:past")

        def act() -> str:
            retention.destroy(chosen, reason=request.POST.get("reason", ""), by=person, at=at)
            return here

        try:
            _require_chosen(chosen)
            return redirect(once(request, by=person, at=at, do=act))
        except Refused as why:
            refused = why
    total = found.count()
    context = {
        "at": at,
        "total": total,
        "rows": [
            (one, one.rule.title, retention.kept_until(one, at))
            for one in found.select_related("department").order_by("closed_at", "pk")[:MOST]
        ],
        "chosen": request.POST.getlist("n"),
        "reason": request.POST.get("reason", ""),
        "refused": refused,
        "token": new_token(),
    }
    return render(request, "documents/past.html", context, status=status_shown(refused))


def _require_chosen(chosen: object) -> None:
    if not chosen:
        raise Refused(
            "document.none_chosen",
            zh="请先勾选要销毁的单据。",
            en="Choose the papers that are to be destroyed first.",
        )
