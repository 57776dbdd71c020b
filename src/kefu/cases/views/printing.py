"""The paper forms of a case: register entry, dispatch slip, liaison slip, repair slip."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kefu.cases.models import Case
from kefu.cases.queries import visible_case
from kefu.cases.views.showing import sheets_of
from kefu.core.errors import Refused
from kefu.core.work.fields import fields_of
from kefu.documents.asking import language
from kefu.documents.composing import Chosen, papers_of
from kefu.documents.papers import Cell
from kefu.documents.printed import printed
from kefu.staff.asking import person_of
from kefu.web.instant import instant_of
from kefu.web.pages import unknown

# The fields of each paper form beside those of its head; what a kind of case lacks is left out.
PARTS: dict[str, tuple[str, ...]] = {
    "dispatch": (
        "content",
        "validity",
        "severity",
        "handling_department",
        "arrangement",
        "return_reason",
        "contact_note",
        "result",
    ),
    "liaison": ("content", "difficulty", "severity", "slip", "handling_opinion", "handler", "result"),
    "repair": (
        "content",
        "fault",
        "size",
        "worker",
        "medium",
        "promised_at",
        "delay_cause",
        "agreed_at",
        "remark",
        "work_done",
        "customer_signature",
    ),
}
TALL = ("content", "arrangement", "slip", "handling_opinion", "result", "work_done", "clarification")
HEAD = ("surname", "telephone", "house_number")


@require_GET
@login_required
def show(request: HttpRequest, number: str, sheet: str) -> HttpResponse:
    person, at = person_of(request), instant_of(request)
    try:
        case = visible_case(person, number, at)
    except Refused as refused:
        return unknown(request, refused)
    if sheet not in sheets_of(case):
        return unknown(request, LookupError(sheet))
    titles = {
        "register": (_("Customer service register entry"), (_("Registered by"), _("Reviewed by"))),
        "dispatch": (_("Complaint dispatch slip"), (_("Service centre"), _("Handling department"))),
        "liaison": (_("Work liaison slip"), (_("Reported by"), _("Centre manager"))),
        "repair": (_("Repair order and quality record"), (_("Repair worker"), _("Customer"))),
    }
    title, signatures = titles[sheet]
    chosen = Chosen(title, _names(case, sheet), _head(case, sheet), signatures, TALL)
    return printed(papers_of([case], lang=language(), at=at, chosen=chosen), case.number)


def _names(case: Case, sheet: str) -> list[str]:
    """The fields of the paper, those with room to write at its end."""
    fields, known = fields_of(case.rule), case.values
    head = [name for name in HEAD if name in fields]
    asked = [name for name in fields if name in known] if sheet == "register" else PARTS[sheet]
    body = [name for name in asked if name in fields and name not in head]
    return [
        *head,
        *(name for name in body if name not in TALL),
        *(name for name in body if name in TALL),
    ]


def _head(case: Case, sheet: str) -> list[Sequence[Cell]]:
    lang, calendar = language(), case.rulebook.calendar
    head: list[Sequence[Cell]] = [
        (
            Cell(_("Kind"), case.rule.title.text(lang)),
            Cell(_("Registered"), f"{calendar.local(case.opened_at):%Y-%m-%d %H:%M}"),
        ),
        (Cell(_("Subject"), case.subject),),
    ]
    if sheet == "register":
        head.append((Cell(_("State"), case.rule.flow.states[case.state].title.text(lang)),))
    return head
