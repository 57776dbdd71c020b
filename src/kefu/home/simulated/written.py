"""What falls due in a window of weeks, as it was written down by hand: the rows of `tests/expected/<pack>.csv`."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from kefu.core.worktime import Calendar, day_end, day_start


class Due(NamedTuple):
    """One promise: the rule as kind.clock, who owes it, when it is due (aware), and in a series when it began."""

    rule: str
    post: str
    due: datetime
    began: datetime | None = None


class Begun(NamedTuple):
    """A row with a start: the duty as kind.clock, when its event happens, the posts one of which owes it (() any), when
    it is due, and what is known of it. Instants are aware."""

    rule: str
    start: datetime
    posts: tuple[str, ...]
    due: datetime
    given: tuple[tuple[str, str], ...] = ()

    def is_lived_by(self, due: Due) -> bool:
        same = (due.rule, due.began, due.due) == (self.rule, self.start, self.due)
        return same and (not self.posts or due.post in self.posts)


def expected(path: Path, calendar: Calendar, first: date, last: date) -> list[Due]:
    """The rows of what comes round by itself and is due in the window: those without a start.

    Raises OSError, KeyError, ValueError.
    """
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    since, until = day_start(calendar, first), day_end(calendar, last)
    written = [
        Due(row["rule"], row["post"], instant(row["due"], calendar)) for row in rows if not row["start"]
    ]
    return [one for one in written if since < one.due <= until]


def begun(path: Path, calendar: Calendar, first: date, last: date) -> list[Begun]:
    """The duties that an event of the window begins and that are due in it. Raises OSError, KeyError, ValueError."""
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    since, until = day_start(calendar, first), day_end(calendar, last)
    found = [
        Begun(
            row["rule"],
            instant(row["start"], calendar),
            () if row["post"] in ("", "anyone") else tuple(row["post"].split()),
            instant(row["due"], calendar),
            tuple(
                (name, said)
                for name, _, said in (one.partition("=") for one in row["given"].split(";"))
                if said
            ),
        )
        for row in rows
        if row["start"] and row["rule"].endswith(".due") and not row["then"]
    ]
    return [one for one in found if since <= one.start and one.due <= until]


def instant(text: str, calendar: Calendar) -> datetime:
    day, _, time = text.partition("T")
    if time == "24:00":
        text = f"{date.fromisoformat(day) + timedelta(days=1)}T00:00"
    return datetime.fromisoformat(text).replace(tzinfo=calendar.tz)
