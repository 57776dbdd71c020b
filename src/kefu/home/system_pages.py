"""The state of the system, for those who run it; and what a monitor asks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET, require_POST, require_safe

from kefu.core.effects.actions import retry_at_once
from kefu.core.effects.models import StuckEffect
from kefu.core.versions.actions import import_notice
from kefu.core.worktime import year_of_notice
from kefu.home import records, system
from kefu.staff.asking import person_of
from kefu.web.forms import Form, refusing, shown
from kefu.web.instant import instant_of


class NoticeForm(Form):
    """`year` may be left out where the notice's heading names it."""

    notice = forms.CharField(
        label=gettext_lazy("Notice of days off, as published"),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    year = forms.IntegerField(
        label=gettext_lazy("Year, where the heading does not say it"),
        required=False,
        min_value=2000,
        max_value=2100,
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "notice" in given and "year" in given:
            given["year"] = given["year"] or year_of_notice(given["notice"])
            if given["year"] is None:
                self.add_error("year", gettext("The notice names no year; say which it is of."))
        return given


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while pages can be served. `worker_seconds`: since the clocks were last swept, null when never; a
    monitor warns when it exceeds three minutes."""
    at = instant_of(request)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok", "database": "ok", "worker_seconds": system.worker_silence(at)})


@require_GET
@login_required
def state(request: HttpRequest) -> HttpResponse:
    at = instant_of(request)
    records.require_runs_system(person_of(request), at)
    return _page(request, NoticeForm(), at)


@require_POST
@login_required
def take_notice(request: HttpRequest) -> HttpResponse:
    """Take in a notice of days off as the State Council published it; refused, shown again as pasted."""
    at, person = instant_of(request), person_of(request)
    records.require_runs_system(person, at)
    form = NoticeForm(request.POST)
    if form.is_valid():
        with refusing(form):
            days = import_notice(form.cleaned_data["notice"], form.cleaned_data["year"], by=person, at=at)
            told = gettext(
                "Days off of %(year)s are known now: %(off)s days off, %(work)s make-up working days."
            )
            off = sum(day.is_off for day in days)
            messages.success(
                request, told % {"year": form.cleaned_data["year"], "off": off, "work": len(days) - off}
            )
            return redirect("system:state")
    return _page(request, form, at)


def _page(request: HttpRequest, form: NoticeForm, at: datetime) -> HttpResponse:
    silence = system.worker_silence(at)
    context = {
        "at": at,
        "state": system.state(at),
        "silent": silence is None or silence > system.SILENT_SECONDS,
    }
    return shown(request, "home/system.html", form, context)


@require_POST
@login_required
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a stuck effect again with the next sweep."""
    at = instant_of(request)
    records.require_runs_system(person_of(request), at)
    stuck = get_object_or_404(StuckEffect, pk=pk)
    retry_at_once(stuck, by=person_of(request), at=at)
    messages.success(request, gettext("It will be tried again within seconds."))
    return redirect("system:state")
