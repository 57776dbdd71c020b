"""Pages of registers: the list of them, one of them page by page, on paper, as a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kefu.core.errors import Refused
from kefu.core.inputs import searchable
from kefu.documents.asking import language
from kefu.documents.printed import printed
from kefu.documents.registers.exporting import EXPORT, narrowed
from kefu.documents.registers.finding import Listed, listed, registers_for
from kefu.documents.registers.paper import register_paper
from kefu.documents.registers.permits import KIND, is_offered, permit
from kefu.documents.registers.reading import AT_ONCE, Reader
from kefu.documents.registers.words import Words, is_personal, number_said
from kefu.documents.views.choosing import OTHER
from kefu.documents.views.showing import ADDRESSES
from kefu.staff.asking import person_of
from kefu.staff.long_work import begin
from kefu.web.instant import instant_of
from kefu.web.pages import unknown

View = Callable[..., HttpResponse]
ASKED = ("from", "to", "department")


@require_safe
@login_required
def listing(request: HttpRequest) -> HttpResponse:
    """The registers of the rulebooks by which one works, by chapter; `q` leaves those whose title has it."""
    person, at, lang = person_of(request), instant_of(request), language()
    q = searchable(request.GET.get("q", ""))[:60].strip()
    groups: dict[str, list[tuple[Listed, str]]] = {}
    for one in registers_for(person, at):
        title = one.register.title
        if q and q.lower() not in f"{title.zh} {title.en}".lower():
            continue
        clauses = one.rulebook.clauses
        chapter = next((clauses[name].chapter for name in one.register.clauses if name in clauses), OTHER)
        address = reverse("registers:show", args=[one.rulebook.name, one.register.name])
        groups.setdefault(chapter.text(lang), []).append((one, address))
    return render(request, "documents/registers.html", {"at": at, "q": q, "groups": groups})


def _of_register(answer: Callable[[HttpRequest, Listed], HttpResponse]) -> View:
    """A view of one register that the person may open; of any other there is nothing."""

    @login_required
    def view(request: HttpRequest, pack: str, name: str) -> HttpResponse:
        try:
            found = listed(person_of(request), pack, name, instant_of(request))
        except Refused as refused:
            return unknown(request, refused)
        return answer(request, found)

    return view


def _reader(request: HttpRequest, found: Listed) -> Reader:
    return Reader(found, person_of(request), instant_of(request), narrowed(found, request.GET))


@require_safe
@_of_register
def show(request: HttpRequest, found: Listed) -> HttpResponse:
    person, at, lang = person_of(request), instant_of(request), language()
    reader = _reader(request, found)
    words, register = Words(found, lang), found.register
    total = reader.count()
    refused_: Refused | None = None
    rows, after, sums = [], "", []
    headings = words.group_headings() if register.group else words.headings(register.columns)
    try:
        if not register.group:
            page = reader.page(request.GET.get("after", ""))
            cells, after = words.cells(page.lines, register.columns), page.after
            rows = [
                (_address(line.ref.kind, line.number), line_cells)
                for line, line_cells in zip(page.lines, cells, strict=True)
            ]
            if register.sum and 0 < total <= AT_ONCE:
                totals = reader.totals()
                sums = [number_said(totals.get(one)) for one in register.columns]
        elif total <= AT_ONCE:
            rows = [("", cells) for cells in words.groups(reader.groups())]
    except Refused as refused:
        refused_ = refused
    shown = register.group or register.columns
    personal = [words.heading(one) for one in shown if is_personal(found, one)]
    context = {
        "at": at,
        "listed": found,
        "register": register,
        "title": register.title,
        "clauses": [found.rulebook.clauses[one] for one in register.clauses if one in found.rulebook.clauses],
        "headings": headings,
        "right": _numbers(found)
        if not register.group
        else [n >= len(register.group) for n in range(len(headings))],
        "rows": rows,
        "sums": sums,
        "total": total,
        "too_many": bool(register.group) and total > AT_ONCE,
        "after": after,
        "begun": bool(request.GET.get("after")),
        "asked": {one: request.GET.get(one, "") for one in ASKED},
        "personal": personal,
        "permit": permit(found, person, at) if personal else None,
        "may_ask": KIND if is_offered(found) else "",
        "refused": refused_,
        "timed": register.of != ("person",),
    }
    return render(request, "documents/register.html", context)


@require_safe
@_of_register
def paper(request: HttpRequest, found: Listed) -> HttpResponse:
    """Raises Refused register.too_long, register.too_long_to_print."""
    at, lang = instant_of(request), language()
    made = register_paper(found, _reader(request, found), lang=lang, at=at, period=_period(request))
    return printed([made], found.register.title.text(lang))


@require_POST
@_of_register
def export(request: HttpRequest, found: Listed) -> HttpResponse:
    """Begin to write the register as a spreadsheet."""
    asked = {one: request.POST.get(one, "") for one in ASKED}
    arguments = {"pack": found.rulebook.name, "name": found.register.name, **asked}
    job = begin(EXPORT, arguments, by=person_of(request), at=instant_of(request))
    return redirect("long_work:show", job.pk)


def _period(request: HttpRequest) -> str:
    first, last = request.GET.get("from", "")[:10], request.GET.get("to", "")[:10]
    return f"{first or '…'} – {last or '…'}" if first or last else ""


def _address(kind: str, number: str) -> str:
    return reverse(ADDRESSES[kind], args=[number]) if number and kind in ADDRESSES else ""


def _numbers(found: Listed) -> list[bool]:
    """Which columns hold figures, that stand to the right."""
    kinds = [found.rulebook.kinds[one] for one in found.register.of if one in found.rulebook.kinds]
    return [
        any(name in kind.form.fields and kind.form.fields[name].type == "number" for kind in kinds)
        for name in found.register.columns
    ]
