"""People from a sheet."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from kefu.core.sheets import Outcome
from kefu.staff import queries
from kefu.staff.actions import guard
from kefu.staff.asking import person_of
from kefu.staff.importing import Listing, SheetForm, imported, template_sheet, upload_page
from kefu.staff.imports import COLUMNS, import_staff
from kefu.staff.long_work import Task
from kefu.staff.models import Person
from kefu.web.instant import instant_of


def _carry(file: BinaryIO, task: Task) -> Outcome:
    """Rows of departments that the person does not head when it is carried out are refused one by one."""
    return import_staff(file, dry=task.arguments["dry"], by=task.by, at=task.at, progress=task.progress)


STAFF = imported(
    Listing(
        "staff.import",
        _("Import staff"),
        _("One row for one person. Department by its code, post and team by name; both may stay empty."),
        COLUMNS,
        _carry,
        page="staff:import",
        template="staff:import_template",
        back="staff:list",
    )
)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    _require_head_of_some(person_of(request), instant_of(request))
    return upload_page(request, STAFF, SheetForm(request, []))


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    return template_sheet(STAFF)


def _require_head_of_some(by: Person, at: datetime) -> None:
    """Raises Refused staff.not_head for somebody who heads no department."""
    if not queries.headed_by(by, at):
        guard.require_head(by, at, by.department_id)
