"""An import that is killed goes on where it stopped; a run more adds nothing."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from time import sleep

import pytest

from kefu.cases.models import Case
from kefu.core.ledger.models import Event
from kefu.core.ledger.verify import verify
from tests.real_input.desk import found_desk
from tests.real_input.oracle import INCIDENTS, MAPPINGS
from tools.fresh_database import FreshDatabase

pytestmark = [pytest.mark.db, pytest.mark.data]

ROWS = 400
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_killed_import_is_run_again_and_nothing_is_doubled(
    fresh_database: FreshDatabase, data_dir: Path, tmp_path: Path
) -> None:
    found_desk(NOW)
    file = tmp_path / "log.csv"
    with gzip.open(data_dir / INCIDENTS, "rt", encoding="utf-8", newline="") as log:
        file.write_text("".join(islice(log, ROWS + 1)))
    words = ["import", "cases", str(file), "--mapping", str(MAPPINGS / "servicenow_incidents.yaml")]
    command = [sys.executable, "-m", "kefu", *words]
    environment = os.environ | {
        "KEFU_DATABASE": fresh_database.address,
        "PYTHONPATH": str(Path(__file__).parents[2] / "src"),
    }

    first = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    while not Case.objects.exists() and first.poll() is None:
        sleep(0.02)
    first.kill()
    assert first.wait() < 0
    cut = Event.objects.filter(kind="case.moved").count()
    assert 0 < cut < ROWS  # premise: it was in the middle

    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)

    assert Event.objects.filter(kind="case.moved").count() == ROWS
    assert Event.objects.filter(kind="case.opened").count() == Case.objects.count()
    events = Event.objects.count()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    assert Event.objects.count() == events
    assert verify().first_bad is None
