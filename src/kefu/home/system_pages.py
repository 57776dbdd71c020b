"""The state of the system, for those who run it; and what a monitor asks."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from kefu.core.effects.actions import retry_at_once
from kefu.core.effects.models import StuckEffect
from kefu.home import records, system
from kefu.staff.asking import person_of


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while pages can be served. `worker_seconds`: since the clocks were last swept, null when never; a
    monitor warns when it exceeds three minutes."""
    at = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok", "database": "ok", "worker_seconds": system.worker_silence(at)})


@require_GET
@login_required
def state(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    records.require_runs_system(person_of(request), at)
    silence = system.worker_silence(at)
    shown = {
        "at": at,
        "state": system.state(at),
        "silent": silence is None or silence > system.SILENT_SECONDS,
    }
    return render(request, "home/system.html", shown)


@require_POST
@login_required
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a stuck effect again with the next sweep."""
    at = timezone.now()
    records.require_runs_system(person_of(request), at)
    stuck = get_object_or_404(StuckEffect, pk=pk)
    retry_at_once(stuck, by=person_of(request), at=at)
    messages.success(request, gettext("It will be tried again within seconds."))
    return redirect("system:state")
