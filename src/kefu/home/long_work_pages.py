"""Imports and exports under way: who began what, how far it is, stopping it, going on, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from kefu.core.jobs import queries
from kefu.core.jobs.actions import KEPT
from kefu.core.jobs.actions import cancel as cancel_job
from kefu.core.jobs.models import Job
from kefu.core.sheets import waiting
from kefu.documents.asking import whole_number
from kefu.home import system
from kefu.staff.asking import person_of
from kefu.staff.importing import XLSX, download
from kefu.staff.long_work import go_on as begin_what_follows
from kefu.staff.long_work import kind_of, long_work_visible_to, starters
from kefu.staff.models import Person
from kefu.web.instant import instant_of

PAGE = 50
PATIENCE = timedelta(seconds=10)  # a worker looks once a second


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of long work as its page shows it. alone: nobody has taken it though somebody should have."""

    job: Job
    title: str
    template: str
    by: Person | None
    seconds_left: int | None
    alone: bool
    worker_runs: bool
    file_waits: bool

    @property
    def refused(self) -> dict[str, str] | None:
        return (self.job.result or {}).get("refused")

    @property
    def state(self) -> str:
        """waiting, running, done, cancelled, given_up or refused."""
        if self.job.ended_at is None:
            return "running" if self.job.lease_until else "waiting"
        return "refused" if self.refused else self.job.ended_as


@require_GET
@login_required
def listing(request: HttpRequest) -> HttpResponse:
    """Newest first; `before` is the id of the last one seen."""
    at, person = instant_of(request), person_of(request)
    found = long_work_visible_to(person)
    if before := request.GET.get("before", ""):
        found = found.filter(pk__lt=whole_number(before, "list.place"))
    jobs = list(found[: PAGE + 1])
    people = starters(jobs)
    silence = system.worker_silence(at)
    rows = [_shown(job, people.get(job.owner), at, silence) for job in jobs[:PAGE]]
    older = jobs[PAGE - 1].pk if len(jobs) > PAGE else None
    return render(
        request, "home/long_works.html", {"at": at, "rows": rows, "older": older, "kept": KEPT.days}
    )


@require_GET
@login_required
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; for htmx, which asks once a second, only what changes on it."""
    at = instant_of(request)
    job = _job(request, pk)
    template = "home/_long_work.html" if request.headers.get("HX-Request") else "home/long_work.html"
    work = _shown(job, starters([job]).get(job.owner), at, system.worker_silence(at))
    return render(request, template, {"at": at, "work": work, "result": job.result})


@require_POST
@login_required
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    cancel_job(_job(request, pk), at=instant_of(request))
    return redirect("long_work:show", pk)


@require_POST
@login_required
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin what follows; asked twice, it is begun once."""
    following = begin_what_follows(_job(request, pk), by=person_of(request), at=instant_of(request))
    return redirect("long_work:show", following.pk)


@require_GET
@login_required
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """What the work made: the sheet of refused rows, the export. Unknown once it has gone."""
    result = _job(request, pk).result or {}
    try:
        content = waiting.waiting_at(result["file"]).read_bytes()
    except (KeyError, OSError):
        raise Http404 from None
    kind = XLSX if result["file_name"].endswith(".xlsx") else "text/csv"
    return download(content, result["file_name"], kind)


def _job(request: HttpRequest, pk: int) -> Job:
    return get_object_or_404(long_work_visible_to(person_of(request)), pk=pk)


def _shown(job: Job, by: Person | None, at: datetime, silence: int | None) -> Shown:
    kind = kind_of(job)
    open_ = job.ended_at is None
    made = (job.result or {}).get("file", "")
    held = job.lease_until is not None and job.lease_until > at
    return Shown(
        job,
        str(kind.title),
        kind.template,
        by,
        queries.seconds_left(job, at=at),
        alone=open_ and not held and job.due_at < at - PATIENCE,
        worker_runs=silence is not None and silence <= system.SILENT_SECONDS,
        file_waits=bool(made) and waiting.waiting_at(made).exists(),
    )
