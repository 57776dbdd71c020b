"""All components on one page, each in its states: where a change to one is looked at."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kefu.core.errors import Refused
from kefu.core.rulebook.model import Field, Text
from kefu.web.instant import instant_of
from kefu.web.remaining import Remaining

TONES = ("neutral", "info", "success", "warning", "error")


@require_GET
@login_required
def show(request: HttpRequest) -> HttpResponse:
    """For the owner; unknown to everybody else."""
    organisation = getattr(request, "organisation", None)
    if organisation is None or organisation.owner_id != request.user.pk:
        raise Http404
    at = instant_of(request)
    context: dict[str, Any] = {
        "at": at,
        "tones": TONES,
        "lefts": _lefts(at),
        "tabs": [
            {"url": "?", "title": _("Mine"), "current": True, "count": 3},
            {"url": "?", "title": _("All"), "current": False, "count": "1000+"},
        ],
        "refused": Refused(
            "example.code", zh="例：电话号码少一位，请核对。", en="Example: a digit is missing."
        ),
        "fields": [_field("text"), _field("number"), _field("day"), _field("choice")],
        "wrong": Text("请填写内容。", "Write something."),
    }
    return render(request, "web/components.html", context)


def _lefts(at: datetime) -> list[Remaining]:
    """Every tone of the time left, and a doubt."""
    later = at + timedelta(hours=2)
    return [
        Remaining("calm", "2 h", later, share=20),
        Remaining("calm", "2 h", later, share=60),
        Remaining("warn", "20 min", later, share=85),
        Remaining("late", "3 h", at, share=100),
        Remaining("held", _("paused"), later),
        Remaining("kept", _("kept"), later),
        Remaining("calm", "9 d", later, _("Notes"), 5),
    ]


def _field(kind: Any) -> Field:
    options = {"a": Text("甲", "A"), "b": Text("乙", "B")} if kind == "choice" else {}
    return Field(
        name=kind, title=Text("示例", "Example"), type=kind, options=options, required=kind == "text"
    )
