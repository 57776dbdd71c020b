"""The paper forms of a case: register entry, dispatch slip, liaison slip, repair slip."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kefu.cases.models import Case
from kefu.cases.queries import visible_case
from kefu.cases.views.showing import sheets_of
from kefu.core.errors import Refused
from kefu.core.work.fields import fields_of
from kefu.documents import filling
from kefu.documents.asking import language
from kefu.documents.sheet import Row, Sheet
from kefu.documents.sheet import show as show_sheet
from kefu.staff.asking import person_of
from kefu.staff.queries import organisation
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
    found = organisation()
    words = filling.facts_in_words(case, language())
    return show_sheet(
        request,
        Sheet(
            title,
            f"{found.name if found else ''} {case.department.name}",
            case.number,
            _rows(case, sheet, words),
            signatures,
            at,
            reverse("cases:show", args=[case.number]),
        ),
    )


def _rows(case: Case, sheet: str, words: dict[str, str]) -> list[Sequence[Row]]:
    fields, lang = fields_of(case.rule), language()

    def row(name: str) -> Row:
        return Row(fields[name].title.text(lang), words.get(name, ""), tall=name in TALL)

    calendar = case.rulebook.calendar
    rows: list[Sequence[Row]] = [
        (
            Row(_("Kind"), case.rule.title.text(lang)),
            Row(_("Registered"), f"{calendar.local(case.opened_at):%Y-%m-%d %H:%M}"),
        ),
        (Row(_("Subject"), case.subject),),
    ]
    head = [name for name in HEAD if name in fields]
    if sheet == "register":
        body = [name for name in fields if name not in head and name in words]
        rows.append((Row(_("State"), case.rule.flow.states[case.state].title.text(lang)),))
    else:
        body = [name for name in PARTS[sheet] if name in fields]
    short = [row(name) for name in (*head, *body) if name not in TALL]
    rows += [tuple(short[at : at + 2]) for at in range(0, len(short), 2)]
    rows += [(row(name),) for name in body if name in TALL]
    return rows
