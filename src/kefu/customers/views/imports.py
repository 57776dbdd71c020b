"""Customers, rooms and devices from a sheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from kefu.core.sheets import Outcome
from kefu.customers.imports import (
    ASSET_COLUMNS,
    CUSTOMER_COLUMNS,
    ROOM_COLUMNS,
    import_assets,
    import_customers,
    import_rooms,
)
from kefu.customers.views.listing import kept_by
from kefu.staff.asking import person_of
from kefu.staff.importing import (
    Carry,
    Listing,
    SheetForm,
    imported,
    template_sheet,
    upload_page,
)
from kefu.staff.long_work import Task
from kefu.staff.models import Department
from kefu.web.instant import instant_of


def _into_department(act: Callable[..., Outcome]) -> Carry:
    """Into the department that the form named; the actions ask whether it is still one of the person's."""

    def carry(file: BinaryIO, task: Task) -> Outcome:
        department = Department.objects.get(pk=task.arguments["department"])
        return act(
            file, department, dry=task.arguments["dry"], by=task.by, at=task.at, progress=task.progress
        )

    return carry


CUSTOMERS = imported(
    Listing(
        "customers.import",
        _("Import customers"),
        _(
            "One row for one customer. Kind: 个人 or 单位; role: 业主, 租户 or 联系人. A room not on record is made."
        ),
        CUSTOMER_COLUMNS,
        _into_department(import_customers),
        page="customers:import",
        template="customers:import_template",
        back="customers:list",
    )
)
ROOMS = imported(
    Listing(
        "customers.import_rooms",
        _("Import rooms"),
        _("One row for one room; without a room the row stands for the unit or building as a whole."),
        ROOM_COLUMNS,
        _into_department(import_rooms),
        page="customers:import_rooms",
        template="customers:rooms_template",
        back="customers:list",
    )
)

ASSETS = imported(
    Listing(
        "customers.import_assets",
        _("Import devices"),
        _(
            "One row for one device: with its customer by number, the place where it stands, or both. A lift stands at "
            "the place of its building. A place not on record is made."
        ),
        ASSET_COLUMNS,
        _into_department(import_assets),
        page="customers:import_assets",
        template="customers:assets_template",
        back="customers:list",
    )
)


def _upload(request: HttpRequest, listing: Listing) -> HttpResponse:
    kept = kept_by(person_of(request), instant_of(request))
    if request.POST.get("department", "") not in ["", *(str(pk) for pk, _name in kept)]:
        raise Http404
    return upload_page(request, listing, SheetForm(request, kept))


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    return _upload(request, CUSTOMERS)


@require_http_methods(["GET", "HEAD", "POST"])
def upload_rooms(request: HttpRequest) -> HttpResponse:
    return _upload(request, ROOMS)


@require_http_methods(["GET", "HEAD", "POST"])
def upload_assets(request: HttpRequest) -> HttpResponse:
    return _upload(request, ASSETS)


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    return template_sheet(CUSTOMERS)


@require_safe
def template_of_rooms(request: HttpRequest) -> HttpResponse:
    return template_sheet(ROOMS)


@require_safe
def template_of_assets(request: HttpRequest) -> HttpResponse:
    return template_sheet(ASSETS)
