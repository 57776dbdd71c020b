"""Saving a draft while somebody types."""

from __future__ import annotations

import json

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from kefu.core.errors import Refused
from kefu.documents import drafts
from kefu.documents.asking import language
from kefu.staff.asking import person_of
from kefu.web.instant import instant_of
from kefu.web.statuses import status_of


@require_POST
@login_required
def save(request: HttpRequest) -> HttpResponse:
    """`place`, `version`, `forms` (JSON). Answers the new version and when it was saved, or why not."""
    at = instant_of(request)
    try:
        forms = _forms(request.POST.get("forms", ""))
        version = request.POST.get("version", "")
        draft = drafts.save(person_of(request), request.POST.get("place", ""), forms, version=version, at=at)
    except Refused as refused:
        told = {"code": refused.code, "said": refused.text(language())}
        return JsonResponse(told | refused.facts, status=status_of(refused))
    saved = f"{timezone.localtime(draft.saved_at):%H:%M}" if draft else ""
    return JsonResponse({"version": draft.version if draft else drafts.NEW, "saved": saved})


def _forms(text: str) -> dict[str, object]:
    try:
        forms = json.loads(text)
    except (ValueError, RecursionError):
        forms = None
    if not isinstance(forms, dict):
        raise drafts.unreadable()
    return forms
