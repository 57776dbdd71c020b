"""Working time: amounts, hours, holidays, and the arithmetic that says when something is due and why.

Not here: the system clock, the database, what a clock of a case does (`kefu.core.clocks`).
Start with `answers.due`; `segments` is what makes it fast, `explain` what makes it believed.
"""

from .amounts import AT_ONCE, Amount, Unit, length_text, parse_amount, render_time
from .answers import Due, Pauses, due, inside, length, next_inside, share_at, shift, unconfirmed_years, used
from .calendar import Calendar, HolidayRule
from .explain import Explanation, explain
from .holidays import Holidays, NoticeDay, not_confirmed
from .hours import CLOSED, DayHours, WeeklyHours, parse_day_hours, parse_hours, parse_time
from .notice import parse_notice, year_of_notice
from .periods import (
    Bounds,
    Period,
    day_end,
    day_of,
    day_start,
    is_working_day,
    next_working_day,
    period_bounds,
    previous_working_day,
    roll,
)
from .recurrence import Occurrence, Recurrence, occurrence_around, occurrences

__all__ = [
    "AT_ONCE",
    "CLOSED",
    "Amount",
    "Bounds",
    "Calendar",
    "DayHours",
    "Due",
    "Explanation",
    "HolidayRule",
    "Holidays",
    "NoticeDay",
    "Occurrence",
    "Pauses",
    "Period",
    "Recurrence",
    "Unit",
    "WeeklyHours",
    "day_end",
    "day_of",
    "day_start",
    "due",
    "explain",
    "inside",
    "is_working_day",
    "length",
    "length_text",
    "next_inside",
    "next_working_day",
    "not_confirmed",
    "occurrence_around",
    "occurrences",
    "parse_amount",
    "parse_day_hours",
    "parse_hours",
    "parse_notice",
    "parse_time",
    "period_bounds",
    "previous_working_day",
    "render_time",
    "roll",
    "share_at",
    "shift",
    "unconfirmed_years",
    "used",
    "year_of_notice",
]
