"""Pages of approvals: the lists, asking, and the page on which it is decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kefu.approvals import actions, chain, forms, lists, similar, turns
from kefu.approvals.models import Approval
from kefu.approvals.printing import paper_of
from kefu.approvals.queries import kinds_for, may_reveal, visible_approval, waiting_for
from kefu.approvals.shown import links_shown, remarks
from kefu.core.errors import Refused
from kefu.core.ledger.models import Event
from kefu.core.rulebook.model import Clause, Kind, Ref, Rulebook
from kefu.core.rulebook.wording import Wording
from kefu.core.rulebook.wording_of_kinds import chain_text
from kefu.core.work.fields import fields_of, read_values
from kefu.core.work.queries import events
from kefu.documents import attached, drafts, filling, parts, prefilling, work_page
from kefu.documents.asking import language, revision_of
from kefu.documents.once import new_token, once
from kefu.documents.printed import printed
from kefu.documents.records import names as record_names
from kefu.documents.revealing import Look, look
from kefu.documents.signing import signatures_of
from kefu.documents.verbs import Desk, move_posted
from kefu.documents.views.choosing import OTHER
from kefu.documents.work_page import Tried
from kefu.documents.writing import uploads
from kefu.staff.asking import person_of
from kefu.staff.models import Person
from kefu.staff.rights import rulebook_of
from kefu.web.instant import instant_of
from kefu.web.pages import unknown
from kefu.web.statuses import status_shown

OF_THE_CHAIN = ("approved", "refused", "returned", "resubmitted", "withdrawn")


@require_GET
@login_required
def index(request: HttpRequest) -> HttpResponse:
    person, at, lang = person_of(request), instant_of(request), language()
    name = request.GET.get("list", "waiting")
    name = name if name in lists.LISTS else "waiting"
    kind = request.GET.get("kind", "")[:60]
    page = lists.listed(person, at, name, kind=kind, after=request.GET.get("after", ""), lang=lang)
    titles = {"waiting": _("Waiting for me"), "mine": _("Asked for by me"), "all": _("All of them")}
    counts = {"waiting": waiting_for(person, at).count()}
    address = reverse("approvals:list")
    context = {
        "at": at,
        "page": page,
        "name": name,
        "kind": kind,
        "kinds": [
            one
            for one in rulebook_of(person.department, at).kinds.values()
            if one.chapter == Approval.chapter
        ],
        "tabs": [
            {"url": f"{address}?list={one}", "title": title, "current": one == name, "count": counts.get(one)}
            for one, title in titles.items()
        ],
    }
    return render(request, "approvals/list.html", context)


# --- asking -----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@login_required
def ask(request: HttpRequest) -> HttpResponse:
    """What one may ask for, by theme; with `kind` its form."""
    person, at = person_of(request), instant_of(request)
    if request.method == "GET":
        return _form(request, person, at, request.GET)
    if parts.wants_line(request.POST):
        return _form(request, person, at, request.POST)
    try:
        return redirect(once(request, by=person, at=at, do=lambda: _asked(request, person, at)))
    except Refused as refused:
        return _form(request, person, at, request.POST, refused)


def _asked(request: HttpRequest, person: Person, at: datetime) -> str:
    posted, place = request.POST, reverse("approvals:ask")
    name = posted.get("kind", "")
    drafts.require_unsent(person, place, name, posted.get("draft", ""))
    rule = rulebook_of(person.department, at).kinds.get(name)
    values: Mapping[str, object] = {}
    drawn: Mapping[str, bytes] = {}
    if rule is not None:
        here = person.department_id
        values, drawn = forms.given(rule, here, request, prefix=forms.PREFIX, person=person, at=at)
    approval = actions.ask(
        name,
        department=person.department,
        by=person,
        at=at,
        values=values,
        drawn=drawn,
        reason=posted.get("reason", ""),
    )
    drafts.forget(person, place, name)
    return reverse("approvals:show", args=[approval.number])


def _form(
    request: HttpRequest, person: Person, at: datetime, typed: QueryDict, refused: Refused | None = None
) -> HttpResponse:
    rulebook, lang = rulebook_of(person.department, at), language()
    kinds = kinds_for(person, rulebook, at)
    kind = next((one for one in kinds if one.name == typed.get("kind")), None)
    posted = request.method == "POST"
    context = {
        "at": at,
        "themes": [] if kind else _themes(kinds, rulebook, lang),
        "kind": kind,
        "asked": _inputs(kind, rulebook, person, at, typed if posted else None, refused) if kind else [],
        "said": _said(kind, rulebook, lang) if kind else [],
        "clauses": _clauses(kind, rulebook) if kind else [],
        "typed": typed,
        "refused": refused,
        "reason": refused is not None and refused.code == "flow.reason",
        "token": new_token(),
    }
    return render(request, "approvals/ask.html", context, status=status_shown(refused))


def _themes(kinds: list[Kind], rulebook: Rulebook, lang: str) -> dict[str, list[tuple[Kind, Clause | None]]]:
    """The kinds by the chapter of the clause that each answers, with that clause."""
    found: dict[str, list[tuple[Kind, Clause | None]]] = {}
    for kind in kinds:
        clause = next(iter(_clauses(kind, rulebook)), None)
        found.setdefault((clause.chapter if clause else OTHER).text(lang), []).append((kind, clause))
    return found


def _inputs(
    kind: Kind,
    rulebook: Rulebook,
    person: Person,
    at: datetime,
    tried: QueryDict | None,
    refused: Refused | None,
) -> list[list[filling.Asked]]:
    known = prefilling.prefilled(
        kind.name, rulebook, origin=None, author=person, department=person.department, at=at
    )
    typed = read_values(fields_of(kind), known, zone=rulebook.calendar.zone)
    return forms.asked(
        kind, rulebook, person.department_id, prefix=forms.PREFIX, values=typed, tried=tried, refused=refused
    )


def _said(kind: Kind, rulebook: Rulebook, lang: str) -> list[str]:
    """Who will have to agree, in words: branch by branch."""
    words = Wording(rulebook, kind, lang)
    return words.branches(kind.chain, lambda links: chain_text(words, links))


def _clauses(kind: Kind, rulebook: Rulebook) -> list[Clause]:
    return [rulebook.clauses[one] for one in kind.clauses if one in rulebook.clauses]


# --- deciding ---------------------------------------------------------------------------------------------


def page(
    request: HttpRequest,
    approval: Approval,
    at: datetime,
    tried: Tried | None = None,
    looked: Look | None = None,
) -> HttpResponse:
    """The whole page; with a form that was refused, as it was filled in, with its status."""
    person, lang = person_of(request), language()
    approval = Approval.objects.select_related("applicant", "owner", "department").get(pk=approval.pk)
    asked = turns.is_asked(approval)
    found = chain.links(approval, at) if asked else ()
    mine = next((one for one in chain.waiting(found, approval) if str(person.pk) in one.people), None)
    moves, barred = work_page.moves(approval, person, at, tried)
    own = {one.move.name: one for one in moves}
    live, over = work_page.clocks(approval, at)
    happened = [one for one in events(approval) if not _only_passed_on(one)]
    words = Wording(approval.rulebook, approval.rule, lang)
    again = forms.AGAIN in own
    context = {
        "at": at,
        "approval": approval,
        "work": approval,
        "kind": approval.rule,
        "state": approval.flow.states[approval.state].title,
        "tone": lists.TONES.get(approval.state, "info" if approval.is_open else "success"),
        "clauses": _clauses(approval.rule, approval.rulebook),
        "said": words.branches(approval.rule.chain, lambda links: chain_text(words, links)),
        "links": links_shown(approval, at, lang),
        "mine": mine,
        "decide": _fields_of_decision(own) if mine and chain.ends_with(mine, found, approval) else [],
        "may_return": mine is not None and "returned" in approval.flow.moves,
        "again": _again(approval, tried) if again else [],
        "may_resubmit": again,
        "sent_back": approval.decisions.select_related("person").last() if again else None,
        "may_withdraw": "withdrawn" in own,
        "likes": similar.likes(approval, person, at) if mine else None,
        "calendar": approval.rulebook.calendar,
        "clocks": live,
        "clocks_over": over,
        "moves": [one for one in moves if one.move.name not in OF_THE_CHAIN],
        "barred": [one for one in barred if one.move.name not in OF_THE_CHAIN],
        "move_url": reverse("approvals:move", args=[approval.number]),
        "history": work_page.history(approval, happened, lang, remarks(approval, happened)),
        "facts": filling.facts(approval, lang),
        "looked": looked,
        "may_reveal": may_reveal(person, approval, at),
        "reveal_url": reverse("approvals:reveal", args=[approval.number]),
        "files": attached.files_of(approval, fields_of(approval.rule)),
        "drawn": {one.field: one for one in signatures_of(approval) if one.picture},
        "origin": _origin(approval),
        "tried": tried,
        "refused": tried.refused if tried else None,
        "token": new_token(),
    }
    return render(
        request, "approvals/show.html", context, status=status_shown(tried.refused if tried else None)
    )


def _fields_of_decision(own: Mapping[str, work_page.MoveShown]) -> list[filling.Asked]:
    """What the rulebook asks of who signs last, besides the signature. What it needs was asked for with the rest."""
    if "approved" not in own:
        return []
    return [one for one in own["approved"].asked if one.field.name in own["approved"].move.fill]


def _only_passed_on(event: Event) -> bool:
    """That somebody's decision made it the next one's turn stands in the chain already; what else did is told."""
    return event.kind == "approval.assigned" and event.actor.startswith("person:")


def _again(approval: Approval, tried: Tried | None) -> list[list[filling.Asked]]:
    mine = tried if tried is not None and tried.name == forms.AGAIN else None
    return forms.again(approval, mine.typed if mine else None, mine.refused if mine else None)


def _origin(approval: Approval) -> str:
    """The number of what it was opened for, "" for nothing."""
    if not approval.parent_kind:
        return ""
    ref = Ref(approval.parent_kind, str(approval.parent_id))
    return record_names([ref]).get(ref, "")


DESK = Desk(visible_approval, page, "approvals:show")
show = DESK.show()


@DESK.reading
def paper(request: HttpRequest, approval: Approval, at: datetime) -> HttpResponse:
    """What was asked for and who signed, as a PDF."""
    return printed([paper_of(approval, lang=language(), at=at)], approval.number)


@DESK.answering
def reveal(request: HttpRequest, approval: Approval, person: Person, at: datetime) -> HttpResponse:
    """One masked number in full on this answer alone, on record with the reason."""
    looked = look(
        request, lambda field, reason: actions.reveal(approval, field, reason=reason, by=person, at=at)
    )
    return page(request, approval, at, looked=looked)


@require_GET
@login_required
def file(request: HttpRequest, number: str, file: str) -> HttpResponse:
    """A file of the form."""
    return _attached(request, number, lambda approval: attached.file_of(approval, file))


@require_GET
@login_required
def signature(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A signature that was drawn on the form."""
    return _attached(request, number, lambda approval: attached.signature_of(approval, pk))


def _attached(request: HttpRequest, number: str, answer: Callable[[Approval], HttpResponse]) -> HttpResponse:
    try:
        approval = visible_approval(person_of(request), number, instant_of(request))
    except Refused as refused:
        return unknown(request, refused)
    return answer(approval)


@DESK.verb("move")
def move(request: HttpRequest, approval: Approval, person: Person, at: datetime) -> None:
    rule, revision, reason = approval.rule, revision_of(request), request.POST.get("reason", "")
    name, values = move_posted(request, approval)
    if name == forms.AGAIN:
        here = approval.department_id
        values, drawn = forms.given(rule, here, request, prefix=name, person=person, at=at)
        actions.resubmit(
            approval, by=person, at=at, values=values, drawn=drawn, reason=reason, revision=revision
        )
        return
    if name in rule.flow.moves:
        names = work_page.form_of(approval, rule.flow.moves[name])
        values |= uploads(request, rule, names, name, by=person, at=at)
    actions.move(approval, name, by=person, at=at, values=values, reason=reason, revision=revision)
