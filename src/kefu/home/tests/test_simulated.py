"""A few days of a pack are lived as they were written down by hand, and what differs is named, both ways."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from kefu.core.clocks.verify import differences
from kefu.core.rulebook import load_pack
from kefu.core.worktime import day_end
from kefu.home.simulated.comparing import Due, compare, expected, fell_due
from kefu.home.simulated.weeks import live

pytestmark = pytest.mark.db

EXPECTED = Path(__file__).resolve().parents[4] / "tests" / "expected"
FRIDAY, SUNDAY = date(2026, 9, 18), date(2026, 9, 20)  # a Friday, a Saturday off, a make-up Sunday


def test_three_days_of_the_telecom_desk_are_as_written_down_both_ways(db: None) -> None:
    calendar = load_pack("telecom").calendar

    place = live("telecom", FRIDAY, SUNDAY, seed=1)
    lived = fell_due(place, FRIDAY, SUNDAY)
    written = expected(EXPECTED / "telecom.csv", calendar, FRIDAY, SUNDAY)

    assert compare("telecom", lived, written).same
    assert len(written) >= 9
    assert not list(differences(at=day_end(calendar, SUNDAY)))
    # planted: a row too few, a row too many, another time
    assert compare("telecom", lived, written[1:]).extra == written[:1]
    late = replace_due(written[0])
    assert compare("telecom", lived, [late, *written[1:]]).missing == [late]


def replace_due(one: Due) -> Due:
    return one._replace(due=one.due + timedelta(minutes=1))
