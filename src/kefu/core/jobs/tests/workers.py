"""Four workers in processes of their own, killed with SIGKILL at random instants until all jobs are done.

    python -m kefu.core.jobs.tests.workers KILLS SEED

prints the number of kills. Each job counts itself by an event in the transaction that ends it.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from datetime import UTC, datetime, timedelta

WORKERS = 4
LEASE = timedelta(seconds=1)
PATIENCE = 240.0  # seconds for all of it


def register() -> None:
    """Make the kind of job known whose every effect is counted."""
    from kefu.core.jobs.registry import handler
    from kefu.core.jobs.running import Run
    from kefu.core.ledger.actions import SYSTEM, record
    from kefu.core.ledger.kinds import declare
    from kefu.core.rulebook.model import Ref

    declare("proof.counted", zh="计数", en="counted")

    @handler("proof.count", once=True)
    def count(run: Run, at: datetime) -> int:
        record("proof.counted", Ref("job", str(run.job_id)), by=SYSTEM, at=at)
        time.sleep(random.uniform(0, 0.01))  # time to be killed in
        return run.fence


def work() -> None:
    """Carry out jobs until none is left."""
    from kefu.core.jobs import actions
    from kefu.core.jobs.models import Job
    from kefu.core.jobs.worker import worker_name

    me = worker_name()
    while Job.objects.filter(handler="proof.count", ended_at=None).exists():
        runs = actions.take(at=datetime.now(UTC), worker=me, limit=5, lease=LEASE)
        for run in runs:
            actions.carry_out(run, at=datetime.now(UTC))
        if not runs:
            time.sleep(0.05)


def main(kills: int, seed: int) -> int:
    import django

    django.setup()
    register()
    chance, killed, end = random.Random(seed), 0, time.monotonic() + PATIENCE
    running = {_child() for _ in range(WORKERS)}
    while running and time.monotonic() < end:
        if killed < kills:
            time.sleep(chance.uniform(0.01, 0.12))
            one = chance.choice(sorted(running))
            os.kill(one, signal.SIGKILL)
        ended, status = os.wait()
        running.discard(ended)
        if os.WIFSIGNALED(status):
            killed += 1
            running.add(_child())
        elif status:
            raise SystemExit(f"a worker failed with {status}")
    for one in running:
        os.kill(one, signal.SIGKILL)
    return killed


def _child() -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    sys.stdout.write(str(main(int(sys.argv[1]), int(sys.argv[2]))))
