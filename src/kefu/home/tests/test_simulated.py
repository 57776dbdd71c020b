"""A few days of a pack are lived as they were written down by hand, and what differs is named, both ways."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from kefu.core.clocks.verify import differences
from kefu.core.ledger.readers import advance
from kefu.core.rulebook import load_pack
from kefu.core.worktime import day_end, day_start
from kefu.home.simulated.comparing import compare, compare_begun, fell_due
from kefu.home.simulated.people import found
from kefu.home.simulated.staging import stage
from kefu.home.simulated.weeks import live
from kefu.home.simulated.written import Due, begun, expected

pytestmark = pytest.mark.db

EXPECTED = Path(__file__).resolve().parents[4] / "tests" / "expected"
FIRST, LAST = date(2026, 9, 15), date(2026, 10, 31)
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


def test_what_events_begin_falls_due_as_written_down_both_ways(db: None) -> None:
    rulebook = load_pack("general")
    place = found(rulebook, day_start(rulebook.calendar, FIRST), Random(1))
    rows = begun(EXPECTED / "general.csv", rulebook.calendar, FIRST, LAST)

    staged = [row for row in sorted(rows, key=lambda one: one.start) if stage(place, row)]
    while advance("reactions"):
        pass
    lived = fell_due(place, FIRST, LAST)

    assert compare_begun(lived, staged).same
    assert {row.rule for row in staged} >= {
        "first_contact.due",
        "renewal_reminder.due",
        "occasion_calls.due",
        "profile_update.due",
        "temporary_task.due",
    }
    # planted: a row whose due is another, a row too few of two that begin together
    late = staged[0]._replace(due=staged[0].due + timedelta(minutes=1))
    assert [one.due for one in compare_begun(lived, [late]).missing] == [late.due]
    together = [row for row in staged if row.rule == "renewal_reminder.due"]
    assert [one.due for one in compare_begun(lived, together[1:]).extra] == [together[0].due]


def replace_due(one: Due) -> Due:
    return one._replace(due=one.due + timedelta(minutes=1))
