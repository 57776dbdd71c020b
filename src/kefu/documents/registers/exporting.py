"""A register as a spreadsheet: text cells, a chunk in memory at a time, personal columns masked, on record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from kefu.core import masks
from kefu.core.db import write
from kefu.core.ledger import record
from kefu.core.sheets import waiting, write_xlsx
from kefu.core.worktime import day_end, day_start
from kefu.documents.asking import language
from kefu.documents.registers.finding import Listed, listed
from kefu.documents.registers.permits import hidden, permit
from kefu.documents.registers.reading import CHUNK, MOST, Narrowed, Reader, too_long
from kefu.documents.registers.words import Words, is_personal
from kefu.staff.long_work import Result, Task, long_work


def narrowed(found: Listed, asked: Mapping[str, str]) -> Narrowed:
    """What a page or a job asks of a register: `from` and `to` are days of the rulebook's calendar, both included."""
    calendar = found.rulebook.calendar
    starts, ends, unit = _day(asked.get("from", "")), _day(asked.get("to", "")), asked.get("department", "")
    return Narrowed(
        day_start(calendar, starts) if starts else None,
        day_end(calendar, ends) if ends else None,
        int(unit) if unit.isdecimal() and len(unit) < 19 else None,
    )


def _day(text: str) -> date | None:
    """A day as a date input sends it; anything else asks for nothing."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _act(task: Task) -> Result:
    """Raises Refused register.unknown, register.too_long."""
    asked = {name: str(value) for name, value in task.arguments.items()}
    found = listed(task.by, asked["pack"], asked["name"], task.at)
    reader = Reader(found, task.by, task.at, narrowed(found, asked))
    done, stopped, total = 0, False, reader.count()
    allowed = permit(found, task.by, task.at)
    full = allowed is not None and total <= allowed.most
    words, columns = Words(found, language(), full=full), found.register.columns
    personal = [not full and is_personal(found, name) for name in found.register.group or columns]

    def rows() -> Iterator[Sequence[str]]:
        nonlocal done, stopped
        lines = reader.lines()
        while chunk := list(islice(lines, CHUNK)):
            if not task.progress(done, total):
                stopped = True
                return
            done += len(chunk)
            if done > MOST:
                raise too_long(max(total, done))
            cells = words.cells(chunk, columns)
            yield from cells if full else (_masked(one, personal) for one in cells)

    def make(made: BinaryIO) -> None:
        if found.register.group:
            groups = words.groups(reader.groups())
            write_xlsx(
                made, words.group_headings(), groups if full else (_masked(one, personal) for one in groups)
            )
        else:
            write_xlsx(made, words.headings(columns), rows())

    file = waiting.keep(make, at=task.at)
    if stopped:
        waiting.waiting_at(file).unlink()
        return {}
    with write():
        told: dict[str, object] = {"register": found.register.name, "pack": found.rulebook.name, "rows": done}
        if allowed is not None and full:
            told |= {"approval": allowed.number}
        unit = task.by.department_id
        record("document.exported", task.by.ref, by=task.by, at=task.at, department=unit, data=told)
    day = found.rulebook.calendar.local(task.at).date()
    title = found.register.title.text(language())
    shown = found.register.group or columns
    return {
        "rows": done,
        "file": file,
        "file_name": f"{title} {day}.xlsx",
        "masked": [words.heading(name) for name, hide in zip(shown, personal, strict=True) if hide],
        "approval": allowed.number if allowed is not None and full else "",
    }


def _masked(cells: Sequence[str], personal: Sequence[bool]) -> list[str]:
    """The cells with personal ones hidden, and numbers of people that were written into the others."""
    return [
        hidden(cell) if n < len(personal) and personal[n] else masks.mask_within(cell)
        for n, cell in enumerate(cells)
    ]


EXPORT = "documents.export_register"
long_work(EXPORT, _("Export a register"), "documents/register_exported.html", _act)
