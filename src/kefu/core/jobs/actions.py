"""Putting jobs on the table, taking and ending them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Event as Signal

from django.db import connection

from kefu.core.db import write
from kefu.core.jobs.models import Job
from kefu.core.jobs.registry import Handler, handlers
from kefu.core.jobs.running import LEASE, Cancelled, LeaseLost, PutBack, Run

log = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=10)  # doubled with each failure in a row
LONGEST_PAUSE = timedelta(hours=1)
KEPT = timedelta(days=30)  # after its end; what matters for longer stands on the ledger
GIVE_UP_AFTER = 10  # failures in a row of a job that is no tick: about two hours


def put(
    name: str,
    *,
    at: datetime,
    arguments: Mapping[str, object] | None = None,
    key: str | None = None,
    owner: str = "",
    due_at: datetime | None = None,
) -> Job:
    """Put one job on the table, in the caller's transaction; with a `key` that is there already, return
    that one."""
    fields = {
        "handler": handlers()[name].name,
        "arguments": dict(arguments or {}),
        "owner": owner,
        "created_at": at,
        "due_at": due_at or at,
    }
    if key is None:
        return Job.objects.create(**fields)
    return Job.objects.get_or_create(key=key, defaults=fields)[0]


def arm_ticks(*, at: datetime) -> None:
    """Make sure that every periodic handler has its one row, with its period; retire ticks no longer
    known."""
    ticks = {name: handler for name, handler in handlers().items() if handler.every}
    armed = {job.handler: job for job in Job.objects.filter(key__startswith="tick:")}
    if {name: _seconds(tick) for name, tick in ticks.items()} == {
        n: job.every_seconds for n, job in armed.items()
    }:
        return
    with write():
        Job.objects.filter(key__startswith="tick:").exclude(handler__in=ticks).delete()
        for name, tick in ticks.items():
            Job.objects.update_or_create(
                key=f"tick:{name}",
                defaults={"handler": name, "every_seconds": _seconds(tick)},
                create_defaults={
                    "handler": name,
                    "every_seconds": _seconds(tick),
                    "created_at": at,
                    "due_at": at,
                },
            )


def cancel(job: Job, *, at: datetime) -> None:
    """Ask a job to stop: at once when it has not begun, else at its next report of progress."""
    with write():
        waiting = Job.objects.filter(pk=job.pk, ended_at=None, lease_until=None)
        if not waiting.update(cancel_asked=True, ended_at=at, ended_as="cancelled"):
            Job.objects.filter(pk=job.pk, ended_at=None).update(cancel_asked=True)


def end_waiting(job: Job, *, at: datetime, ended_as: str) -> bool:
    """End a job that has not begun, and forget what it was to do. Whether it was so: only then may the caller, in
    this transaction, do its work in its place ("done") or undo what led to it ("cancelled")."""
    waiting = Job.objects.filter(pk=job.pk, ended_at=None, lease_until=None)
    return bool(waiting.update(ended_at=at, ended_as=ended_as, arguments={}))


def prune(*, at: datetime, limit: int) -> int:
    """Forget up to `limit` jobs that ended more than `KEPT` ago; returns how many."""
    with write():
        old = list(Job.objects.filter(ended_at__lt=at - KEPT).values_list("pk", flat=True)[:limit])
        Job.objects.filter(pk__in=old).delete()
    return len(old)


def take(
    *,
    at: datetime,
    worker: str,
    limit: int,
    lease: timedelta = LEASE,
    asked: bool | None = None,
    stop: Signal | None = None,
) -> list[Run]:
    """Lease up to `limit` due jobs that nobody holds, longest due first.

    asked: only those that a person asked for, or only the others; None: all. stop: set when the worker is to end.
    """
    # One statement: two workers never get the same row (SQLite: one writer; PostgreSQL: locked rows are
    # skipped).
    skip = "FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    whose = "" if asked is None else " AND owner <> ''" if asked else " AND owner = ''"
    statement = f"""
        UPDATE jobs_job SET lease_until = %s, lease_by = %s, began_at = %s, tries = tries + 1 WHERE id IN (
            SELECT id FROM jobs_job
            WHERE ended_at IS NULL AND due_at <= %s AND (lease_until IS NULL OR lease_until < %s){whose}
            ORDER BY due_at LIMIT %s {skip})
        RETURNING id, tries"""  # noqa: S608 (constants)
    adapt = connection.ops.adapt_datetimefield_value
    if not Job.objects.filter(ended_at=None, due_at__lte=at).exists():
        return []  # a look costs no write
    with write(), connection.cursor() as cursor:
        cursor.execute(statement, [adapt(at + lease), worker, *[adapt(at)] * 3, limit])
        fences = dict(cursor.fetchall())
    jobs = Job.objects.filter(pk__in=fences).order_by("due_at")
    stop = stop or Signal()
    return [Run(job.pk, worker, fences[job.pk], job.arguments, job.owner, stop=stop) for job in jobs]


def carry_out(run: Run, *, at: datetime) -> None:
    """Run one leased job to its end. A failure is kept with the job and tried again later, longer each
    time."""
    job = run.held().first()
    if job is None:
        return
    handler = handlers().get(job.handler)
    try:
        if handler is None:
            raise LookupError(f"no handler is named {job.handler!r}: was a capability removed?")
        if job.cancel_asked:  # while a worker that died since held it
            raise Cancelled
        if handler.once:
            with write():
                _end(run, job, handler.handle(run, at), at=at)
        else:
            result = handler.handle(run, at)
            with write():
                _end(run, job, result, at=at)
    except LeaseLost:
        log.warning("job %s was taken over by another worker", job)
    except PutBack:
        with write():
            run.held().update(lease_until=None, lease_by="")
    except Cancelled as cancelled:
        with write():
            free = {"lease_until": None, "lease_by": "", "result": cancelled.result}
            run.held().update(ended_at=run.now(at), ended_as="cancelled", **free)
    except Exception as error:
        log.exception("job %s failed", job)
        with write():
            _fail(run, job, f"{type(error).__name__}: {error}", at=at)


def _end(run: Run, job: Job, result: object, *, at: datetime) -> None:
    free = {"lease_until": None, "lease_by": "", "failures": 0, "error": "", "result": result}
    if job.every_seconds is None:
        changed = run.held().update(ended_at=run.now(at), ended_as="done", **free)
    else:
        changed = run.held().update(due_at=at + timedelta(seconds=job.every_seconds), **free)
    if not changed:
        raise LeaseLost(str(job.pk))


def _fail(run: Run, job: Job, error: str, *, at: datetime) -> None:
    failures = job.failures + 1
    free = {"lease_until": None, "lease_by": "", "failures": failures, "error": error[:4000]}
    if job.every_seconds is None and failures >= GIVE_UP_AFTER:
        run.held().update(ended_at=at, ended_as="given_up", **free)
        return
    pause = min(FIRST_PAUSE * 2 ** min(failures - 1, 20), LONGEST_PAUSE)
    run.held().update(due_at=at + pause, **free)


def _seconds(handler: Handler) -> int:
    return int(handler.every.total_seconds()) if handler.every else 0
