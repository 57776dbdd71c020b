"""Cases as a list for a spreadsheet: those a person may see and asks for, personal fields left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from kefu.cases.models import Case
from kefu.core.db import write
from kefu.core.ledger import By, record
from kefu.core.rulebook.model import Field, Ref, Text
from kefu.core.sheets import Progress, to_the_end, write_csv, write_xlsx
from kefu.core.versions import queries as versions
from kefu.core.work.fields import fields_of
from kefu.staff.models import Department, Person

HEADINGS = (
    Text("编号", "Number"),
    Text("类别", "Kind"),
    Text("主题", "Subject"),
    Text("状态", "State"),
    Text("受理部门", "Department"),
    Text("处理人", "Owner"),
    Text("客户编号", "Customer"),
    Text("登记时间", "Opened"),
    Text("最近时限", "Next due"),
    Text("结束时间", "Closed"),
    Text("作废时间", "Voided"),
)
_NO_COLUMN = ("rows", "file", "signature", "span")  # not one value that a cell can show
CHUNK = 500  # cases read at once: a long list needs no more memory than a short one
FORMATS = {"xlsx": write_xlsx, "csv": write_csv}
Table = tuple[list[str], Iterator[list[str]]]


@dataclass(slots=True)
class Exported:
    """How many rows were written; `stopped`: before the last one, because `progress` said so."""

    rows: int = 0
    stopped: bool = False


def export_cases(
    made: BinaryIO,
    cases: QuerySet[Case],
    person: Person,
    *,
    form: str,
    asked: Mapping[str, object],
    by: By,
    at: datetime,
    zone: str,
    lang: str,
    progress: Progress = to_the_end,
) -> Exported:
    """Write `cases`, which are those that `person` may see at `at`, into `made` as `form` (see FORMATS).

    asked: ids and codes that say which cases, for the ledger. A stopped export is not on record: its file goes.
    """
    done = Exported()
    total = cases.count()
    headings, rows = case_table(cases, zone=zone, lang=lang)

    def counted() -> Iterator[list[str]]:
        for row in rows:
            if done.rows % CHUNK == 0 and not progress(done.rows, total):
                done.stopped = True
                return
            done.rows += 1
            yield row

    FORMATS[form](made, headings, counted())
    if not done.stopped:
        with write():
            data = {**asked, "rows": done.rows, "form": form}
            record("case.exported", person.ref, by=by, at=at, department=person.department_id, data=data)
    return done


def case_table(cases: QuerySet[Case], *, zone: str, lang: str) -> Table:
    """Headings and rows of `cases`, oldest first.

    Instants in `zone`. A field that any kind marks as personal has no column. Rows are read as they are taken.
    """
    cases = cases.order_by("pk")
    fields = _fields(cases)
    headings = [text.text(lang) for text in HEADINGS]
    for name, field in fields.items():
        title = field.title.text(lang)
        headings.append(
            f"{title} ({name})" if title in headings else title
        )  # or nobody could tell them apart
    return headings, _rows(cases, fields, ZoneInfo(zone), lang)


def _fields(cases: QuerySet[Case]) -> dict[str, Field]:
    """The columns of all kinds among the cases by name; kinds that share a field share its column."""
    found: dict[str, Field] = {}
    personal = set(_NO_COLUMN)
    for version, kind in cases.order_by().values_list("version", "kind").distinct():
        for name, field in fields_of(versions.by_hash(version).kinds[kind]).items():
            found.setdefault(name, field)
            if field.privacy or field.type in _NO_COLUMN:
                personal.add(name)
    return {name: field for name, field in found.items() if name not in personal}


def _rows(cases: QuerySet[Case], fields: dict[str, Field], zone: ZoneInfo, lang: str) -> Iterator[list[str]]:
    people = dict(Person.objects.values_list("pk", "name"))
    units = dict(Department.objects.values_list("pk", "name"))
    for case in _in_chunks(cases.select_related("customer")):
        values = case.values
        known = fields_of(case.rule)
        yield [
            case.number,
            case.rule.title.text(lang),
            case.subject,
            case.flow.states[case.state].title.text(lang),
            units[case.department_id],
            people.get(case.owner_id or 0, ""),
            case.customer.number if case.customer else "",
            *(
                _instant(moment, zone)
                for moment in (case.opened_at, case.due_at, case.closed_at, case.voided_at)
            ),
            *(_shown(values.get(name), known.get(name), zone, lang, people, units) for name in fields),
        ]


def _in_chunks(cases: QuerySet[Case]) -> Iterator[Case]:
    """Each chunk by a query of its own: an open cursor would keep SQLite from writing the progress between."""
    last = 0
    while chunk := list(cases.filter(pk__gt=last)[:CHUNK]):
        yield from chunk
        last = chunk[-1].pk


def _shown(
    value: object,
    field: Field | None,
    zone: ZoneInfo,
    lang: str,
    people: dict[int, str],
    units: dict[int, str],
) -> str:
    """One field's value as people read it; "" where the case's kind has no such field."""
    if value is None or field is None:
        return ""
    if isinstance(value, list | tuple):
        return "、".join(_shown(part, field, zone, lang, people, units) for part in value)
    if isinstance(value, Ref):
        names = {"person": people, "unit": units}.get(value.kind, {})
        return names.get(int(value.id), value.id) if value.id.isdecimal() else value.id
    if isinstance(value, datetime):
        return _instant(value, zone)
    if isinstance(value, date):
        return value.isoformat()
    title = field.options.get(str(value))
    return title.text(lang) if title else str(value)


def _instant(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}" if moment else ""
