"""What one worker does with duties until an instant, in a process of its own.

python -m kefu.duties.tests.two_workers FROM UNTIL    (begins at a line read, prints JSON: {"errors": [...]})
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timedelta

from tests.durability.desk import ROOT, surroundings


def at_once(address: str, processes: int, since: datetime, until: datetime) -> list[str]:
    """Let them work at the same time on the database; what went wrong in any of them."""
    command = [sys.executable, "-m", __name__, since.isoformat(), until.isoformat()]
    workers = [
        subprocess.Popen(
            command,
            env=surroundings(address),
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(processes)
    ]
    for worker in workers:  # each says when it is ready
        assert worker.stdout is not None
        worker.stdout.readline()
    said = [_go(worker) for worker in workers]
    return [error for errors in (_heard(worker) for worker in said) for error in errors]


def _go(worker: subprocess.Popen[str]) -> subprocess.Popen[str]:
    assert worker.stdin is not None
    worker.stdin.write("go\n")
    worker.stdin.flush()
    return worker


def _heard(worker: subprocess.Popen[str]) -> list[str]:
    told, _ = worker.communicate(timeout=120)
    return list(json.loads(told)) if worker.returncode == 0 else [f"ended with {worker.returncode}"]


def _work(since: datetime, until: datetime) -> list[str]:
    from kefu.duties.arrangement import keep_day
    from kefu.duties.rounds import open_all, open_for
    from kefu.staff.models import Department, Person

    errors = []
    at = since
    while at <= until:
        try:
            open_all(at=at)
            for department in Department.objects.order_by("pk"):
                keep_day(department, at=at)
            for person in Person.objects.order_by("pk"):  # as if they had just come back
                open_for(person, at=at)
        except Exception as error:  # whatever it is, the parent must hear of it
            errors.append(f"{type(error).__name__}: {error}")
        at += timedelta(hours=12)
    return errors


if __name__ == "__main__":
    import django

    django.setup()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    json.dump(_work(*(datetime.fromisoformat(one) for one in sys.argv[1:3])), sys.stdout)
