"""People's long work: imports and exports that somebody starts, watches, may stop, and is told the end of.

A capability says what is done (`long_work`), its page begins it (`begin`), the pages of `home` show it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.functional import Promise

from kefu.core.db import write
from kefu.core.errors import Refused
from kefu.core.jobs.actions import put
from kefu.core.jobs.models import Job
from kefu.core.jobs.registry import handler
from kefu.core.jobs.running import Cancelled, Run
from kefu.core.ledger.actions import SYSTEM
from kefu.core.rulebook.model import Ref
from kefu.core.sheets import Progress
from kefu.staff.actions.notices import notify
from kefu.staff.models import Person
from kefu.staff.notices import declare_notice
from kefu.staff.rights import owns_organisation

declare_notice("long_work.done", zh="{title_zh}已完成", en="{title_en}: done")
declare_notice("long_work.stopped", zh="{title_zh}已停止", en="{title_en}: stopped")
declare_notice("long_work.refused", zh="{title_zh}未能进行", en="{title_en}: refused")

Result = dict[str, Any]  # JSON


@dataclass(frozen=True, slots=True)
class Task:
    """One run. by: who started it, with the rights held now. at: when the run began."""

    by: Person
    at: datetime
    arguments: Mapping[str, Any]
    progress: Progress


@dataclass(frozen=True, slots=True)
class Kind:
    """What can be begun. template: shows `job.result` of a run that was not refused."""

    title: str | Promise
    template: str
    act: Callable[[Task], Result]


_kinds: dict[str, Kind] = {}


def long_work(name: str, title: str | Promise, template: str, act: Callable[[Task], Result]) -> None:
    """Make a kind of long work known. `act` goes on where a killed run stopped, and ends soon after
    `task.progress` said False; what it raises as Refused is shown to the person."""
    kind = _kinds[name] = Kind(title, template, act)

    def run_it(run: Run, at: datetime) -> Result:
        return _carry_out(kind, run, at)

    handler(name)(run_it)


def kind_of(job: Job) -> Kind:
    return _kinds[job.handler]


def begin(
    name: str, arguments: Mapping[str, object], *, by: Person, at: datetime, after: Job | None = None
) -> Job:
    """Put long work on the table. after: the work that this one follows; only one does."""
    key = f"after:{after.pk}" if after else None
    with write():
        return put(name, at=at, arguments=arguments, owner=by.actor_id, key=key)


def go_on(job: Job, *, by: Person, at: datetime) -> Job:
    """Begin what follows: the import that was looked at, or the rest of what was stopped or given up.

    Raises Refused long_work.over.
    """
    if job.ended_as == "done" and job.result and job.result.get("dry"):
        return begin(job.handler, {**job.arguments, "dry": False}, by=by, at=at, after=job)
    if job.ended_as in ("cancelled", "given_up"):
        return begin(job.handler, job.arguments, by=by, at=at, after=job)
    raise Refused(
        "long_work.over",
        zh="这项工作没有可继续的部分。",
        en="There is nothing to go on with in this work.",
    )


def long_work_visible_to(person: Person) -> QuerySet[Job]:
    """What one has begun oneself; all of it for the owner of the organisation."""
    mine = Q() if owns_organisation(person) else Q(owner=person.actor_id)
    return Job.objects.filter(mine, handler__in=_kinds).exclude(owner="").order_by("-id")


def starters(jobs: list[Job]) -> Mapping[str, Person]:
    """Who began each of the jobs, by `job.owner`. One query."""
    found = Person.objects.filter(pk__in={int(job.owner.partition(":")[2]) for job in jobs})
    return {person.actor_id: person for person in found}


def _carry_out(kind: Kind, run: Run, at: datetime) -> Result:
    by = Person.objects.get(pk=int(run.owner.partition(":")[2]))
    stopped = False

    def progress(done: int, total: int) -> bool:
        nonlocal stopped
        try:
            with write():
                run.report(done, total, at=at)
        except Cancelled:
            stopped = True
        return not stopped

    lang = by.language or settings.LANGUAGE_CODE
    with translation.override(lang):  # headings and reasons in sheets are for this person
        try:
            result = kind.act(Task(by, at, run.arguments, progress))
        except Refused as refused:
            result = {"refused": {"code": refused.code, "zh": refused.zh, "en": refused.en}}
    if not result.get("dry"):  # a preview waits for the person, not the person for a notice
        _tell(kind, run, result, by, stopped=stopped, at=run.now(at))
    if stopped:
        raise Cancelled(result)
    return result


def _tell(kind: Kind, run: Run, result: Result, by: Person, *, stopped: bool, at: datetime) -> None:
    what = "refused" if "refused" in result else "stopped" if stopped else "done"
    titles = {}
    for lang in ("zh-hans", "en"):
        with translation.override(lang):
            titles[f"title_{lang[:2]}"] = str(kind.title)
    subject = Ref("long_work", str(run.job_id))
    notify(by, kind=f"long_work.{what}", subject=subject, data=titles, by=SYSTEM, at=at)
