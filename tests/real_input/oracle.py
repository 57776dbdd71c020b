"""Counts over the raw files by the standard library alone: what the imports must come to, counted another way."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path

INCIDENTS = Path("service_desk_logs/uci_incident_event_log.csv.gz")
MESSAGES = Path("zh_complaints/messages_with_replies.csv.gz")
MAPPINGS = Path(__file__).parents[2] / "rulebooks" / "servicedesk" / "mappings"
REPLY_DAYS = timedelta(days=15)
FIRST_RESPONSE = {
    "1 - Critical": timedelta(minutes=30),
    "2 - High": timedelta(hours=2),
    "3 - Moderate": timedelta(hours=8),
    "4 - Low": timedelta(days=2),
}
SOLUTION = {
    "1 - Critical": timedelta(hours=4),
    "2 - High": timedelta(hours=8),
    "3 - Moderate": timedelta(days=3),
    "4 - Low": timedelta(days=10),
}
WAITING = ("Awaiting User Info", "Awaiting Vendor")
OVER = ("Resolved", "Closed")

Rows = list[dict[str, str]]


@dataclass
class Counted:
    rows: int = 0
    incidents: int = 0
    last_states: Counter[str] = field(default_factory=Counter)
    transitions: Counter[tuple[str, str]] = field(default_factory=Counter)
    group_changes: int = 0
    reopened: int = 0
    priority_constant: set[str] = field(default_factory=set)  # the keys on which the next two are counted
    late_response: set[str] = field(default_factory=set)
    late_solution: set[str] = field(default_factory=set)


def incidents(data: Path, limit: int | None = None) -> dict[str, Rows]:
    """The rows of each incident in the order of the file, of the first `limit` incidents."""
    found: dict[str, Rows] = {}
    for row in _rows(data / INCIDENTS):
        if row["number"] not in found and limit is not None and len(found) == limit:
            break
        found.setdefault(row["number"], []).append(row)
    return found


def count_incidents(found: dict[str, Rows]) -> Counted:
    counted = Counted(rows=sum(map(len, found.values())), incidents=len(found))
    for number, rows in found.items():
        rows = sorted(rows, key=lambda row: _at(row["sys_updated_at"]))
        states = [row["incident_state"] for row in rows]
        counted.last_states[states[-1]] += 1
        counted.transitions.update(pairwise(["New", *states]))
        counted.group_changes += sum(
            a["assignment_group"] != b["assignment_group"] for a, b in pairwise(rows)
        )
        counted.reopened += sum(a in OVER and b not in OVER for a, b in pairwise(states))
        if len({row["priority"] for row in rows}) == 1:
            counted.priority_constant.add(number)
            opened = min(_at(rows[0]["opened_at"]), _at(rows[0]["sys_updated_at"]))
            steps = [(_at(row["sys_updated_at"]), row["incident_state"]) for row in rows]
            if _late_response(opened, steps, FIRST_RESPONSE[rows[0]["priority"]]):
                counted.late_response.add(number)
            if _late_solution(opened, steps, SOLUTION[rows[0]["priority"]]):
                counted.late_solution.add(number)
    return counted


def _late_response(opened: datetime, steps: list[tuple[datetime, str]], allowed: timedelta) -> bool:
    """Nobody took it up in time: it stayed new, or nobody knows (-100 is no answer)."""
    state = "New"
    for at, after in steps:
        if after != state and after not in ("New", "-100"):
            return at - opened > allowed
        state = after
    return True


def _late_solution(opened: datetime, steps: list[tuple[datetime, str]], allowed: timedelta) -> bool:
    """The time until the first solution, waiting taken out, is longer than allowed; or there is none.

    Who starts to wait when nothing is left of the time allowed has used it up all the same.
    """
    used, since, state = timedelta(), opened, "New"
    for at, after in steps:
        if state not in WAITING or used >= allowed:
            used += at - since
        if used > allowed or after in OVER:
            return used > allowed
        since, state = at, after
    return True


def late_messages(data: Path) -> set[str]:
    """Ids of messages answered more than 15 times 24 hours after they came (Beijing has no daylight saving)."""
    return {
        row["msg_id"]
        for row in _rows(data / MESSAGES)
        if datetime.fromisoformat(row["reply_time"]) - datetime.fromisoformat(row["msg_time"]) > REPLY_DAYS
    }


def _rows(path: Path, stop: int | None = None) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from islice(csv.DictReader(file), stop)


def _at(text: str) -> datetime:
    day, clock = text.split(" ")
    d, m, y = map(int, day.split("/"))
    h, minute = map(int, clock.split(":"))
    return datetime(y, m, d, h, minute)  # noqa: DTZ001 (only differences are taken)
