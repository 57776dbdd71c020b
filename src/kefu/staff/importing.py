"""Lists brought in from a sheet: a template to fill in, a look at what would happen, the import, the refused rows.

A capability describes its list (`Listing`), makes it known (`imported`) and mounts the pages; looking and importing
are long work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import quote

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from kefu.core.errors import Refused
from kefu.core.sheets import Column, Outcome, read_table, template, waiting, write_refused
from kefu.staff.asking import person_of
from kefu.staff.long_work import Result, Task, begin, long_work
from kefu.web.forms import Form, refusing, shown
from kefu.web.instant import instant_of
from kefu.web.pages import language

LARGEST = 10 * 1024 * 1024  # bytes; longer lists come in by command
SHOWN = 50  # refused rows on the page; the sheet has all of them
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Carry = Callable[[BinaryIO, Task], Outcome]


@dataclass(frozen=True, slots=True)
class Listing:
    """A kind of list. name: of its long work; page, template: URL names; back: where its rows are seen.

    carry: reads the sheet into records; `task.arguments` has `dry` and what the form was given beside the file.
    """

    name: str
    title: str | Promise
    hint: str | Promise
    columns: Sequence[Column]
    carry: Carry
    page: str
    template: str
    back: str


def imported(listing: Listing) -> Listing:
    """Make the list known to those who carry long work out."""

    def act(task: Task) -> Result:
        return carry_sheet(listing, task)

    long_work(listing.name, listing.title, "staff/imported.html", act)
    return listing


class SheetForm(Form):
    """An upload, and for which department, where there is a choice."""

    department = forms.TypedChoiceField(label=_("Department"), coerce=int)
    file = forms.FileField(
        label=_("File"),
        help_text=_("An Excel sheet (.xlsx) or CSV, up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.gz"}),
    )

    def __init__(self, request: HttpRequest, departments: Sequence[tuple[int, str]]) -> None:
        posted = request.method == "POST"
        super().__init__(request.POST if posted else None, request.FILES if posted else None)
        if departments:
            self.fields["department"].choices = departments  # type: ignore[attr-defined]  # it has choices
        else:
            del self.fields["department"]


def upload_page(request: HttpRequest, listing: Listing, form: SheetForm) -> HttpResponse:
    """GET: the form; POST: begin to look at what the import would do. A file that is no such list is refused here."""
    if request.method == "POST" and form.is_valid():
        with refusing(form):
            given = dict(form.cleaned_data)
            sheet = kept(given.pop("file"), listing)
            arguments = {**given, "sheet": sheet, "dry": True}
            looking = begin(listing.name, arguments, by=person_of(request), at=instant_of(request))
            return redirect("long_work:show", looking.pk)
    return shown(request, "staff/import.html", form, {"listing": listing})


def template_sheet(listing: Listing) -> HttpResponse:
    return download(template(listing.columns, language()), f"{listing.title}.xlsx")


def download(content: bytes, name: str, kind: str = XLSX) -> HttpResponse:
    """A file to keep, which no browser opens in our name."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def kept(given: Any, listing: Listing) -> str:
    """Put the upload aside. Raises Refused sheet.*."""
    if given.size > LARGEST:
        raise Refused(
            "sheet.too_large",
            zh="文件超过 10 MB，请分成几个文件，或由管理员用命令 kefu import 导入。",
            en="The file is larger than 10 MB; split it, or import it by the command kefu import.",
        )
    next(read_table(given, listing.columns), None)
    given.seek(0)
    return waiting.keep(lambda made: made.write(given.read()), at=timezone.now())


def carry_sheet(listing: Listing, task: Task) -> Result:
    place = waiting.waiting_at(task.arguments["sheet"])
    try:
        file = place.open("rb")
    except OSError:
        raise Refused(
            "sheet.gone",
            zh="该表已导入过，或已超过一天；请重新选择文件。",
            en="This sheet was imported already, or is older than a day; choose the file again.",
        ) from None
    with file:
        outcome = listing.carry(file, task)
    if not (outcome.dry or outcome.stopped):
        place.unlink(missing_ok=True)
    return _told(listing, task, outcome)


def _told(listing: Listing, task: Task, outcome: Outcome) -> Result:
    lang = get_language() or "zh-hans"
    result: Result = {
        "dry": outcome.dry,
        "carried": outcome.carried,
        "known": outcome.known,
        "refused_rows": len(outcome.refused),
        "first_refused": [
            {"row": one.number, "code": one.reason.code, "zh": one.reason.zh, "en": one.reason.en}
            for one in outcome.refused[:SHOWN]
        ],
        "page": listing.page,
        "back": listing.back,
    }
    if outcome.refused:
        sheet = write_refused(outcome.refused, listing.columns, lang)
        result["file"] = waiting.keep(lambda made: made.write(sheet), at=task.at)
        result["file_name"] = gettext("Refused rows") + ".xlsx"
    return result
