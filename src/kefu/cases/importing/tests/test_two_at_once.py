"""Two imports of one file at the same time: each row goes in once, and neither run fails."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from kefu.cases.importing.carrying import BATCH, Carried, import_cases
from kefu.cases.importing.reading import read_lines
from kefu.cases.importing.tests.desk import LOG, NOW, desk, row, sheet
from kefu.cases.models import Case
from kefu.core.ledger.models import Event
from kefu.core.ledger.verify import verify
from kefu.core.sheets import read_rows
from tools.fresh_database import FreshDatabase

pytestmark = pytest.mark.db

CASES = 3 * BATCH


def test_what_one_carries_in_the_other_knows(fresh_database: FreshDatabase) -> None:
    department = desk()
    # the days go back and forth, so that runs out of step would wait for each other's numbers
    rows = [
        row(number=f"INC{n}", opened=f"{n % 3 + 1}/3/2016 08:00", updated="9/3/2016 08:05")
        for n in range(CASES)
    ]
    both = Barrier(2)

    def run(_: int) -> Carried:
        lines = read_lines(read_rows(sheet(*rows)), LOG, now=NOW)

        def together(done: int, total: int) -> bool:
            if done == 0:
                both.wait(timeout=20)
            return True

        try:
            return import_cases(lines, LOG, department=department, at=NOW, progress=together)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(run, range(2))

    assert one.rows + other.rows == CASES == one.known + other.known
    assert one.refused == other.refused == {}
    assert Case.objects.count() == CASES == Event.objects.filter(kind="case.opened").count()
    assert verify().first_bad is None
