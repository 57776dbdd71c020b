"""A service desk and small files for the tests of this package."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from kefu.cases.importing.carrying import Carried, import_cases
from kefu.cases.importing.mapping import CaseMapping, mapping_of
from kefu.cases.importing.reading import read_lines
from kefu.core.ledger.actions import SYSTEM
from kefu.core.sheets import read_rows
from kefu.staff.actions import NewDepartment, found
from kefu.staff.models import Department

NOW = datetime(2026, 1, 1, tzinfo=UTC)

LOG_YAML = b"""
source: old_desk
kind: incident
key: number
instant: "%d/%m/%Y %H:%M"
zone: UTC
missing: ["?"]
opened: opened
subject: [category, symptom]
fields:
  priority: {column: priority, options: {1 - Critical: critical, 4 - Low: low}}
  category: category
  assignment_group: group
rows:
  at: updated
  state: state
  states: {New: new, Active: active, Waiting: awaiting_user, Resolved: resolved, Closed: closed}
  message: note
"""
LOG = mapping_of(LOG_YAML, "log.yaml")
COLUMNS = (
    "number",
    "opened",
    "updated",
    "state",
    "priority",
    "category",
    "symptom",
    "group",
    "note",
)
# A critical incident: 30 minutes to the first response, 4 hours to the solution, waiting not counted.
HISTORY = (
    "INC1,1/3/2016 08:00,1/3/2016 08:05,New,1 - Critical,Mail,Slow,G1,",
    "INC1,1/3/2016 08:00,1/3/2016 08:20,Active,1 - Critical,Mail,Slow,G2,on it",
    "INC1,1/3/2016 08:00,1/3/2016 09:00,Waiting,1 - Critical,Mail,Slow,G2,",
    "INC1,1/3/2016 08:00,1/3/2016 10:00,Active,1 - Critical,Mail,Slow,G2,",
    "INC1,1/3/2016 08:00,1/3/2016 14:00,Resolved,1 - Critical,Mail,Slow,G2,done",
    "INC1,1/3/2016 08:00,5/3/2016 09:00,Closed,1 - Critical,Mail,Slow,G2,",
)


def desk() -> Department:
    """Found an organisation with one department that goes by the service desk's rulebook."""
    made = found(
        "服务台",
        zone="Asia/Shanghai",
        owner_login="wang",
        owner_name="王芳",
        departments=[NewDepartment("desk", "服务台", "servicedesk")],
        by=SYSTEM,
        at=NOW,
    )
    return made.owner.department


def sheet(*rows: str) -> io.BytesIO:
    return io.BytesIO("\n".join([",".join(COLUMNS), *rows]).encode())


def row(line: str = HISTORY[0], **changed: str) -> str:
    """A line of the history with some cells changed."""
    cells = dict(zip(COLUMNS, line.split(","), strict=True)) | changed
    return _line(cells)


def _line(cells: Mapping[str, str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells.values())
    return text.getvalue()


def carry(
    department: Department,
    rows: Iterable[str],
    *,
    dry: bool = False,
    mapping: CaseMapping = LOG,
    at: datetime = NOW,
) -> Carried:
    cases = read_lines(read_rows(sheet(*rows)), mapping, now=at)
    return import_cases(cases, mapping, department=department, at=at, dry=dry)
