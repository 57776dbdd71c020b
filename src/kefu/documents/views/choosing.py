"""The forms one may fill in, and the documents that are one's own or wait for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kefu.core.inputs import searchable
from kefu.core.rulebook.model import Kind, Ref, Rulebook, Text
from kefu.documents import records, retention
from kefu.documents.asking import language, whole_number
from kefu.documents.models import Document, Named
from kefu.documents.queries import Fillable, documents_visible_to, forms_for, waiting_for
from kefu.staff.asking import person_of
from kefu.staff.models import Department, Person
from kefu.staff.rights import Tree
from kefu.web.instant import instant_of

PAGE = 50
TABS = ("waiting", "mine", "all")
OTHER = Text("其他", "Other")


@dataclass(frozen=True, slots=True)
class Group:
    """Forms of one chapter of the manual. `forms`: (department, kind, address of filling it in, of the empty form)."""

    title: str
    forms: list[tuple[Department, Kind, str, str]]


@dataclass(frozen=True, slots=True)
class Row:
    document: Document
    title: Text
    state: Text
    mine: bool  # a draft of one's own
    about: str  # the customer or the case that it names


@require_safe
@login_required
def listing(request: HttpRequest) -> HttpResponse:
    """`for` is what a form is filled in for (`case.17`); `q` finds forms by title; `tab` chooses documents."""
    person, at, lang = person_of(request), instant_of(request), language()
    q, origin = searchable(request.GET.get("q", ""))[:60].strip(), origin_of(request.GET.get("for", ""))
    fillable = forms_for(person, at, origin)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "waiting"
    rows, after = _documents(request, person, at, tab)
    waiting = waiting_for(person, at).count()
    context = {
        "at": at,
        "q": q,
        "origin": request.GET.get("for", "") if origin else "",
        "groups": _groups(fillable, q, lang, origin, at),
        "several": len({one.department.pk for one in fillable}) > 1,
        "fillable": bool(fillable),
        "past": retention.past_keeping(person, at).exists(),
        "tab": tab,
        "tabs": [
            {
                "url": f"{reverse('documents:list')}?tab={one}",
                "title": title,
                "current": one == tab,
                "count": waiting if one == "waiting" else None,
            }
            for one, title in zip(TABS, (_("To do"), _("Mine"), _("All that I may see")), strict=True)
        ],
        "rows": rows,
        "after": after,
    }
    return render(request, "documents/list.html", context)


def origin_of(text: str) -> Ref | None:
    """`case.17`: what a form is filled in for; None for anything else."""
    noun, _dot, pk = text.partition(".")
    return Ref(noun, pk) if noun.isidentifier() and pk.isdecimal() and len(text) < 60 else None


def new_address(department: int, kind: str, origin: Ref | None) -> str:
    if origin is None:
        return reverse("documents:new", args=[department, kind])
    return reverse("documents:new_for", args=[department, kind, origin.kind, int(origin.id)])


def _groups(fillable: Sequence[Fillable], q: str, lang: str, origin: Ref | None, at: datetime) -> list[Group]:
    """By the chapter of the clause that a form answers; a question leaves those whose title has it."""
    tree = Tree()
    found: dict[str, list[tuple[Department, Kind, str, str]]] = {}
    rulebooks = {one.department.pk: tree.rulebook_of(one.department.pk, at) for one in fillable}
    for one in fillable:
        title = one.kind.title
        if q and q.lower() not in f"{title.zh} {title.en}".lower():
            continue
        chapter = _chapter(rulebooks[one.department.pk], one.kind).text(lang)
        place = one.department.pk, one.kind.name
        line = (one.department, one.kind, new_address(*place, origin), reverse("documents:empty", args=place))
        found.setdefault(chapter, []).append(line)
    return [Group(title, forms) for title, forms in found.items()]


def _chapter(rulebook: Rulebook | None, kind: Kind) -> Text:
    clauses = rulebook.clauses if rulebook else {}
    return next((clauses[one].chapter for one in kind.clauses if one in clauses), OTHER)


def _documents(request: HttpRequest, person: Person, at: datetime, tab: str) -> tuple[list[Row], int | None]:
    found: QuerySet[Document] = {
        "waiting": lambda: waiting_for(person, at),
        "mine": lambda: Document.objects.filter(owner=person),
        "all": lambda: documents_visible_to(person, at),
    }[tab]()
    if before := request.GET.get("before", ""):
        found = found.filter(pk__lt=whole_number(before, "list.place"))
    documents = list(found.select_related("owner", "author", "department").order_by("-pk")[: PAGE + 1])
    about = _about(documents[:PAGE])
    rows = [
        Row(
            one,
            one.rule.title,
            one.flow.states[one.state].title,
            one.owner_id == person.pk and one.is_open and one.state == one.flow.start,
            about.get(one.pk, ""),
        )
        for one in documents[:PAGE]
    ]
    return rows, documents[PAGE - 1].pk if len(documents) > PAGE else None


def _about(documents: Sequence[Document]) -> dict[int, str]:
    """What each paper is about, by its id: the customer it names, else the first record. A query a kind of record."""
    named = Named.objects.filter(document__in=documents).order_by("pk")
    found: dict[int, Ref] = {}
    for pk, kind, record in named.values_list("document_id", "kind", "record_id"):
        if pk not in found or (kind == "customer" and found[pk].kind != "customer"):
            found[pk] = Ref(kind, str(record))
    words = records.names(found.values())
    return {pk: words[ref] for pk, ref in found.items() if ref in words}
