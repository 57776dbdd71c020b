"""Documents brought in from a sheet: a row is a document, filed where its flow asks for no signature, else a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from kefu.core.errors import Refused
from kefu.core.rulebook.model import Field, Kind
from kefu.core.sheets import Column, Outcome, read_table
from kefu.core.sheets.carrying import carry_in
from kefu.core.work.fields import fields_of
from kefu.documents import actions, filling
from kefu.documents.offered import looked_up
from kefu.documents.writing import finder, first_moves, free_of
from kefu.staff.importing import Listing, carry_sheet
from kefu.staff.long_work import Result, Task, long_work
from kefu.staff.models import Department
from kefu.staff.rights import Tree, rulebook_of

IMPORT = "documents.import"
_NO_COLUMN = ("rows", "file", "signature", "span")  # not one value that a cell can hold


def columns_of(kind: Kind) -> list[Column]:
    """The columns of a form's sheet: its fields that one cell can hold. A choice is written as it reads."""
    fields = fields_of(kind)
    held = [
        one for one in (fields[name] for name in free_of(kind)) if one.type not in _NO_COLUMN and not one.many
    ]
    zh = _told_apart([one.title.zh for one in held], held)
    en = _told_apart([one.title.en for one in held], held)
    return [
        Column(one.name, zh[n], en[n], one.required and one.computed is None, _options(one))
        for n, one in enumerate(held)
    ]


def _told_apart(titles: list[str], fields: list[Field]) -> list[str]:
    """The headings, with the name of the field where two read alike or one reads as another field is named."""
    names = {field.name for field in fields}
    return [
        f"{title} ({field.name})"
        if titles.count(title) > 1 or (title.lower() in names and title.lower() != field.name)
        else title
        for title, field in zip(titles, fields, strict=True)
    ]


def listing_of(kind: Kind, department: Department) -> Listing:
    """How a sheet of a form is brought in for a department."""
    columns = columns_of(kind)

    def carry(file: BinaryIO, task: Task) -> Outcome:
        return _carry(file, task, kind, department, columns)

    return Listing(
        IMPORT,
        kind.title.zh,
        _("One row for one document. People and departments by name, customers and cases by number."),
        columns,
        carry,
        page="documents:list",
        template="documents:list",
        back="documents:list",
    )


def _options(field: Field) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, text in field.options.items():
        found |= {text.zh.lower(): code, text.en.lower(): code, code: code}
    return found


def _carry(file: BinaryIO, task: Task, kind: Kind, department: Department, columns: list[Column]) -> Outcome:
    fields, choices, find = fields_of(kind), filling.choices_for(department.pk), finder(task.by, task.at)
    finish = next((one for one in first_moves(kind) if not one.fill), None)

    def add(row: dict[str, str]) -> None:
        values: dict[str, object] = {}
        for name, text in row.items():
            if text and fields[name].type == "record":
                known = choices.get(fields[name].of)
                values[name] = (
                    _named(fields[name], text, known) if known else looked_up(fields[name], text, find)
                )
            elif text:
                values[name] = text
        document = actions.begin(
            kind.name, department=department, by=task.by, at=task.at, values=values, prefill=True
        )
        if finish is not None:
            actions.move(document, finish.name, by=task.by, at=task.at)

    into, dry = f"documents:{department.pk}:{kind.name}", bool(task.arguments["dry"])
    return carry_in(read_table(file, columns), columns, add, into=into, dry=dry, progress=task.progress)


def _named(field: Field, text: str, known: list[tuple[str, str]]) -> str:
    """The person or department with this name. Raises Refused sheet.cell_name when none or several have it."""
    found = [key for key, name in known if name == text or name.partition(" · ")[0] == text]
    if len(found) == 1:
        return found[0]
    zh = "有重名，请写成「姓名 · 部门」" if found else "没有这个名字"
    en = "several have this name; write “name · department”" if found else "nobody has this name"
    raise Refused(
        "sheet.cell_name",
        zh=f"「{field.title.zh}」写的是「{text[:40]}」：{zh}。",
        en=f"“{field.title.en}” says “{text[:40]}”: {en}.",
    )


def _act(task: Task) -> Result:
    """Raises Refused document.no_form for a form that is not there any more."""
    asked: Mapping[str, object] = task.arguments
    department = Tree().by_id.get(int(str(asked["department"])))
    kind = rulebook_of(department, task.at).kinds.get(str(asked["kind"])) if department else None
    if department is None or kind is None:
        raise Refused("document.no_form", zh="没有这种表单。", en="There is no such form.")
    return carry_sheet(listing_of(kind, department), task)


long_work(IMPORT, _("Import documents"), "staff/imported.html", _act)
