"""The 300 computed rows of real Chinese calendars, to the minute."""

import csv
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from kefu.core.worktime import Amount, Calendar, Unit, due, parse_hours, used

pytestmark = pytest.mark.data

HOURS = {
    "A_0900-1200_1330-1800_workdays": "mon-fri 09:00-12:00 13:30-18:00",
    "B_0830-1730_workdays": "mon-fri 08:30-17:30",
    "C_0800-2200_every_day": "every day 08:00-22:00",
    "D_24x7": "every day 00:00-24:00",
    "E_night_2200-0600_workdays_by_start_day": "mon-fri 22:00-06:00",
}


def test_every_row_of_the_business_time_vectors_is_right_to_the_minute(data_dir: Path) -> None:
    calendars = {
        name: Calendar(name, "Asia/Shanghai", {"h": parse_hours(text)}) for name, text in HOURS.items()
    }
    with (data_dir / "calendar_cn" / "business_time_vectors.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 300  # premise: the whole file

    for row in rows:
        calendar = calendars[row["calendar"]]
        start, end, expected = (
            datetime.fromisoformat(row[key]).replace(tzinfo=calendar.tz) for key in ("start", "end", "due")
        )
        amount = Amount(Decimal(row["add_minutes"]) / 60, Unit.WORKING_HOURS)
        assert due(calendar, start, amount) == (expected, ()), row
        elapsed = timedelta(minutes=int(row["elapsed_minutes_start_to_end"]))
        assert used(calendar, start, end, Unit.WORKING_HOURS) == elapsed, row
