"""Lists brought in from a sheet: a template to fill in, a preview, the import, the refused rows back.

A capability describes its list (`Listing`) and mounts the three pages. A sheet waits under KEFU_HOME between
preview and import, named by a key that only its person's pages hold; it goes with the import, or after a day.
"""

from __future__ import annotations

import io
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from django import forms
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kefu.core.errors import Refused
from kefu.core.sheets import Column, Outcome, template, write_refused
from kefu.web.forms import Form, refusing, shown
from kefu.web.pages import language, unknown

LARGEST = 10 * 1024 * 1024  # bytes; longer lists come in by command
WAITS_SECONDS = 86_400
SHOWN = 50  # refused rows on the page; the sheet has all of them
REFUSED = _("Refused rows")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Carry = Callable[[BinaryIO, bool], Outcome]


@dataclass(frozen=True, slots=True)
class Listing:
    """A kind of list. page, carry, template: URL names; back: where its rows are seen."""

    title: str | Promise
    hint: str | Promise
    columns: Sequence[Column]
    page: str
    carry: str
    template: str
    back: str


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

    def content(self) -> bytes:
        """Raises Refused sheet.too_large."""
        given = self.cleaned_data["file"]
        if given.size > LARGEST:
            raise Refused(
                "sheet.too_large",
                zh="文件超过 10 MB，请分成几个文件，或由管理员用命令 kefu import 导入。",
                en="The file is larger than 10 MB; split it, or import it by the command kefu import.",
            )
        return bytes(given.read())


def upload_page(request: HttpRequest, listing: Listing, form: SheetForm, carry: Carry) -> HttpResponse:
    """GET: the form; POST: what the import would do, with the button that does it. Changes nothing."""
    if request.method == "POST" and form.is_valid():
        with refusing(form):
            content = form.content()
            outcome = carry(io.BytesIO(content), True)
            context = {"outcome": outcome, "sheet": _keep(content, request), "given": form.cleaned_data}
            return _told(request, listing, outcome, context)
    return shown(request, "web/import.html", form, {"listing": listing})


def carry_page(request: HttpRequest, listing: Listing, carry: Carry) -> HttpResponse:
    """POST: import the sheet that was looked at, once. Raises Refused sheet.gone."""
    place = _place(request.POST.get("sheet", ""), request)
    try:
        content = place.read_bytes()
        place.unlink()  # of two who press the button at once, one goes on
    except OSError:
        raise _gone() from None
    outcome = carry(io.BytesIO(content), False)
    return _told(request, listing, outcome, {"outcome": outcome})


def template_sheet(listing: Listing) -> HttpResponse:
    return _download(template(listing.columns, language()), f"{listing.title}.xlsx")


@require_safe
def refused_sheet(request: HttpRequest, key: str) -> HttpResponse:
    """The rows that were refused, as a sheet to mend; for the person who uploaded them, for a day."""
    try:
        content = _place(key, request).read_bytes()
    except (Refused, OSError):
        return unknown(request, FileNotFoundError())
    return _download(content, f"{REFUSED}.xlsx")


def _told(
    request: HttpRequest, listing: Listing, outcome: Outcome, context: dict[str, object]
) -> HttpResponse:
    if outcome.refused:
        context["refused_key"] = _keep(write_refused(outcome.refused, listing.columns, language()), request)
    context |= {"listing": listing, "rows": outcome.refused[:SHOWN], "form": None}
    return render(request, "web/import.html", context)


def _keep(content: bytes, request: HttpRequest) -> str:
    """Put a sheet aside and return its key. Sheets older than a day go."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - WAITS_SECONDS:
            old.unlink(missing_ok=True)
    name = secrets.token_hex(16)
    (folder / name).write_bytes(content)
    return signing.dumps([name, request.user.pk], salt=__name__)


def _place(key: str, request: HttpRequest) -> Path:
    """Raises Refused sheet.gone for a key that is not this person's or too old."""
    try:
        name, person = signing.loads(key, salt=__name__, max_age=WAITS_SECONDS)
    except signing.BadSignature:
        raise _gone() from None
    if person != request.user.pk:
        raise _gone()
    return _folder() / str(name)


def _folder() -> Path:
    return Path(settings.KEFU_HOME) / "waiting_sheets"


def _gone() -> Refused:
    return Refused(
        "sheet.gone",
        zh="该表已导入过，或已超过一天；请重新选择文件。",
        en="This sheet was imported already, or is older than a day; choose the file again.",
    )


def _download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
