"""People from a sheet."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.core.sheets import Outcome
from kefu.staff import queries
from kefu.staff.actions import guard
from kefu.staff.asking import person_of
from kefu.staff.imports import COLUMNS, import_staff
from kefu.staff.models import Person
from kefu.web.importing import Carry, Listing, SheetForm, carry_page, template_sheet, upload_page

STAFF = Listing(
    _("Import staff"),
    _("One row for one person. Department by its code, post and team by name; both may stay empty."),
    COLUMNS,
    page="staff:import",
    carry="staff:carry_import",
    template="staff:import_template",
    back="staff:list",
)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    carry = _carry(person_of(request), timezone.now())
    return upload_page(request, STAFF, SheetForm(request, []), carry)


@require_POST
def carry(request: HttpRequest) -> HttpResponse:
    return carry_page(request, STAFF, _carry(person_of(request), timezone.now()))


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    return template_sheet(STAFF)


def _carry(by: Person, at: datetime) -> Carry:
    """Rows of departments that the person does not head are refused one by one."""
    _require_head_of_some(by, at)

    def carry_in(file: BinaryIO, dry: bool) -> Outcome:
        return import_staff(file, dry=dry, by=by, at=at)

    return carry_in


def _require_head_of_some(by: Person, at: datetime) -> None:
    """Raises Refused staff.not_head for somebody who heads no department."""
    if not queries.headed_by(by, at):
        guard.require_head(by, at, by.department_id)
