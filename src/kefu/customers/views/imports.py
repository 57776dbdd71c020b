"""Customers and rooms from a sheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.core.sheets import Outcome
from kefu.customers.imports import CUSTOMER_COLUMNS, ROOM_COLUMNS, import_customers, import_rooms
from kefu.customers.views.listing import kept_by
from kefu.staff.asking import person_of
from kefu.staff.models import Department
from kefu.web.importing import Carry, Listing, SheetForm, carry_page, template_sheet, upload_page

CUSTOMERS = Listing(
    _("Import customers"),
    _(
        "One row for one customer. Kind: 个人 or 单位; role: 业主, 租户 or 联系人. A room not on record is made."
    ),
    CUSTOMER_COLUMNS,
    page="customers:import",
    carry="customers:carry_import",
    template="customers:import_template",
    back="customers:list",
)
ROOMS = Listing(
    _("Import rooms"),
    _("One row for one room; without a room the row stands for the unit or building as a whole."),
    ROOM_COLUMNS,
    page="customers:import_rooms",
    carry="customers:carry_rooms",
    template="customers:rooms_template",
    back="customers:list",
)


def _upload(request: HttpRequest, listing: Listing) -> HttpResponse:
    choices = kept_by(person_of(request), timezone.now())
    form = SheetForm(request, choices)
    return upload_page(request, listing, form, _carry(request, listing))


def _carry(request: HttpRequest, listing: Listing) -> Carry:
    """Into the department that the form names, when it is one of the person's."""
    by, at = person_of(request), timezone.now()
    chosen = request.POST.get("department", str(by.department_id))
    known = [str(pk) for pk, _name in kept_by(by, at)]
    if chosen not in known:
        raise Http404
    department = Department.objects.get(pk=int(chosen))
    act: Callable[..., Outcome] = import_rooms if listing is ROOMS else import_customers

    def carry(file: BinaryIO, dry: bool) -> Outcome:
        return act(file, department, dry=dry, by=by, at=at)

    return carry


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    return _upload(request, CUSTOMERS)


@require_http_methods(["GET", "HEAD", "POST"])
def upload_rooms(request: HttpRequest) -> HttpResponse:
    return _upload(request, ROOMS)


@require_POST
def carry(request: HttpRequest) -> HttpResponse:
    return carry_page(request, CUSTOMERS, _carry(request, CUSTOMERS))


@require_POST
def carry_rooms(request: HttpRequest) -> HttpResponse:
    return carry_page(request, ROOMS, _carry(request, ROOMS))


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    return template_sheet(CUSTOMERS)


@require_safe
def template_of_rooms(request: HttpRequest) -> HttpResponse:
    return template_sheet(ROOMS)
