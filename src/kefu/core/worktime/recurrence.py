"""What comes round with the calendar: which day of which period, and when on it."""

from dataclasses import dataclass
from datetime import time

from .periods import Period


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Once in every `period`, due at the end of the day meant, or of the period where no day is.

    weekday: 0 is Monday; in a week the day itself, with `day` the last such weekday on or before that day.
    day: of the month, 1 to 31; in a period of several months of its last one; cut to a shorter month.
    last: the last day of the period. at: time of that day, None for its end (24:00).
    """

    period: Period
    weekday: int | None = None
    day: int | None = None
    last: bool = False
    at: time | None = None
