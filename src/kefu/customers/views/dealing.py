"""What goes on with a customer: what is planned, contacts made, papers, approvals; each by the rights of its kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kefu.core.rulebook.model import Text
from kefu.core.work import registry
from kefu.core.work.models import Work
from kefu.customers import queries
from kefu.customers.models import Customer
from kefu.customers.openness import about
from kefu.live.words import nouns
from kefu.staff.asking import person_of
from kefu.staff.models import Person
from kefu.web.instant import instant_of
from kefu.web.remaining import read_promises

FIRST, PAGE = 8, 50


@dataclass(frozen=True, slots=True)
class List:
    """open: only what is not finished, or what is; None for both. Unfinished work is listed as it falls due."""

    noun: str
    title: Any
    picture: str
    none: Any
    open: bool | None = None


LISTS: Final = {
    "planned": List("duty", _("Planned"), "calendar", _("Nothing is planned for this customer."), open=True),
    "contacts": List("duty", _("Contacts made"), "phone", _("No contact is known to you."), open=False),
    "papers": List("document", _("Papers"), "file-text", _("No paper of this customer is known to you.")),
    "approvals": List("approval", _("Approvals"), "scale", _("Nothing was asked for.")),
}


@dataclass(frozen=True, slots=True)
class Line:
    work: Work
    title: Text
    state: Text


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    asked: List
    lines: list[Line]
    after: str


@require_safe
def show(request: HttpRequest, number: str) -> HttpResponse:
    """All lists, the first of each; or one of them (`list`) from `after` on, as a page of its own."""
    person, at = person_of(request), instant_of(request)
    customer = queries.visible_customer(person, number, at)
    if customer is None:
        raise Http404
    name = request.GET.get("list", "")
    chosen = [name] if name in LISTS else list(LISTS)
    length = PAGE if name in LISTS else FIRST
    after = request.GET.get("after", "")
    parts = [_part(one, customer, person, at, length=length, after=after) for one in chosen]
    context = {"at": at, "customer": customer, "parts": parts, "one": name in LISTS}
    alone = not request.headers.get("HX-Request")
    return render(request, "customers/dealings.html" if alone else "customers/_dealings.html", context)


def _part(name: str, customer: Customer, person: Person, at: datetime, *, length: int, after: str) -> Part:
    asked = LISTS[name]
    model, visible = registry.model_named(asked.noun), nouns().get(asked.noun)
    if model is None or visible is None:
        return Part(name, asked, [], "")
    rows = visible(person, at).filter(about(model, customer), voided_at=None).select_related("owner")
    if asked.open is not None:
        rows = rows.filter(closed_at__isnull=asked.open)
    begin = int(after) if after.isascii() and after.isdecimal() and len(after) < 19 else None
    if asked.open:
        rows = rows.order_by("due_at", "pk")
        start = begin or 0
        found = list(rows[start : start + length + 1])
        rest = str(start + length) if len(found) > length else ""
    else:
        rows = rows.order_by("-pk")
        found = list((rows.filter(pk__lt=begin) if begin else rows)[: length + 1])
        rest = str(found[length - 1].pk) if len(found) > length else ""
    found = found[:length]
    read_promises(found)
    lines = [Line(one, one.rule.title, one.flow.states[one.state].title) for one in found]
    return Part(name, asked, lines, rest)
