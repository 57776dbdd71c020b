"""After an official notice of days off: promises that rested on a year not confirmed are worked out again.

Not with the import itself: there may be many, and each piece of work has a transaction of its own.
"""

from __future__ import annotations

from datetime import datetime

from kefu.core.clocks import works
from kefu.core.clocks.actions import refresh
from kefu.core.clocks.models import ClockRow
from kefu.core.db import write
from kefu.core.jobs.actions import put
from kefu.core.jobs.registry import handler
from kefu.core.jobs.running import Run
from kefu.core.ledger.models import Event
from kefu.core.ledger.readers import reader
from kefu.core.rulebook.model import Ref
from kefu.core.versions import queries as versions

JOB = "clocks.work_out_again"


@reader("clocks.notices")
def notice(event: Event) -> None:
    if event.kind == "calendar.notice_imported":
        put(JOB, at=event.recorded_at, key=f"{JOB}:{event.seq}")


@handler(JOB)
def work_out_again(run: Run, at: datetime) -> int:
    """Refresh all work that has a clock with an unconfirmed year; returns how much. A second run changes nothing."""
    versions.refresh_notices()
    rows = ClockRow.objects.exclude(unconfirmed=[]).order_by("work_kind", "work_id")
    found = [Ref(kind, str(number)) for kind, number in rows.values_list("work_kind", "work_id").distinct()]
    for count, ref in enumerate(found, 1):
        with write():
            work = works.locked(ref)
            if work is not None:
                refresh(work, at=at)
            run.report(count, len(found), at=at)
    return len(found)
