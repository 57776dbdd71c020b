"""Eight processes register cases in one database at once: all of them get through, nothing is counted twice."""

from __future__ import annotations

import pytest

from kefu.cases.models import Case
from kefu.core.clocks.models import ClockRow
from kefu.core.ledger.models import Event
from kefu.core.ledger.verify import verify
from kefu.core.search.models import SearchDoc
from tests.durability.crowd import crowd
from tests.durability.desk import Desk
from tools.fresh_database import FreshDatabase

pytestmark = pytest.mark.db


def test_eight_processes_register_at_once_and_none_finds_the_database_locked(
    fresh_database: FreshDatabase,
) -> None:
    Desk.found()
    before = Event.objects.count()

    seen = crowd(fresh_database.address, processes=8, each=20)

    assert seen.refused == []
    assert Case.objects.count() == SearchDoc.objects.filter(kind="case", part=0).count() == 160
    assert len(set(Case.objects.values_list("number", flat=True))) == 160
    assert ClockRow.objects.count() == 160
    assert Event.objects.count() - before == 160
    assert verify().first_bad is None
