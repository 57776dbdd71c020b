"""The rulebook reader: posts and what falls to them, kinds of work with flow and clocks, clauses, versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kefu.core.errors import Refused
from kefu.core.rulebook.model import Rulebook
from kefu.core.rulebook.version import diff
from kefu.core.versions.models import RulebookVersion
from kefu.core.versions.queries import by_hash
from kefu.documents.asking import language
from kefu.home import records, rulebook_reader
from kefu.home.flow_picture import picture
from kefu.staff.asking import person_of
from kefu.staff.rights import Tree
from kefu.web.instant import instant_of


@require_GET
@login_required
def own(request: HttpRequest) -> HttpResponse:
    """To the rulebook of one's own department; with none in force there is none to read."""
    person = person_of(request)
    pack = Tree().pack_of(person.department_id)
    if not pack:
        raise Refused("rulebook.unknown", zh="还没有发布制度。", en="No rulebook is published yet.")
    return redirect("rulebook:posts", pack)


@require_GET
@login_required
def posts(request: HttpRequest, name: str) -> HttpResponse:
    at = instant_of(request)
    book = _book(name, at)
    return _show(request, book, at, "posts", {"tree": rulebook_reader.posts(book)})


@require_GET
@login_required
def kinds(request: HttpRequest, name: str) -> HttpResponse:
    at = instant_of(request)
    book = _book(name, at)
    shown = {
        "by_chapter": rulebook_reader.kinds_by_chapter(book),
        "registers": rulebook_reader.registers_said(book, language()),
        "chapter_titles": {
            "cases": _("Asked for by customers"),
            "duties": _("Owed because the rulebook says so"),
            "approvals": _("Agreed to by others"),
            "forms": _("Forms that are filled in"),
        },
    }
    return _show(request, book, at, "kinds", shown)


@require_GET
@login_required
def kind(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    """One kind of work: its flow as a picture, its moves and clocks in words."""
    at, lang = instant_of(request), language()
    book = _book(name, at)
    rule = book.kinds.get(kind)
    if rule is None:
        raise Http404("no such kind of work")
    shown = {
        "kind": rule,
        "picture": picture(rule.flow),
        "moves": rulebook_reader.moves_said(book, rule, lang),
        "clocks": rulebook_reader.clocks_said(book, rule, lang),
        "said": rulebook_reader.kind_said(book, rule, lang),
        "form": rulebook_reader.form_said(book, rule, lang),
        "opened_by": rulebook_reader.opened_by(book, rule, lang),
        "clauses": rulebook_reader.clauses(book, rule),
    }
    return _show(request, book, at, "kinds", shown, template="home/rulebook_kind.html")


@require_GET
@login_required
def clauses(request: HttpRequest, name: str) -> HttpResponse:
    at = instant_of(request)
    book = _book(name, at)
    return _show(request, book, at, "clauses", {"chapters": rulebook_reader.chapters(book)})


@require_GET
@login_required
def versions(request: HttpRequest, name: str) -> HttpResponse:
    at = instant_of(request)
    return _show(request, _book(name, at), at, "versions", {"versions": _versions(name)})


@require_GET
@login_required
def changes(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """What a version changed against the one before it, rule by rule."""
    at = instant_of(request)
    book = _book(name, at)
    version = get_object_or_404(RulebookVersion, pack=name, pk=pk)
    before = _versions(name).filter(in_force_from__lte=version.in_force_from).exclude(pk=pk).first()
    changed = diff(by_hash(before.hash), by_hash(version.hash)) if before else ()
    shown = {
        "version": version,
        "before": before,
        "changes": [change.lines(language()) for change in changed],
    }
    return _show(request, book, at, "versions", shown, template="home/rulebook_changes.html")


def _show(
    request: HttpRequest,
    book: Rulebook,
    at: datetime,
    tab: str,
    more: dict[str, Any],
    *,
    template: str = "",
) -> HttpResponse:
    titles = {"posts": _("Posts"), "kinds": _("Work"), "clauses": _("Clauses"), "versions": _("Versions")}
    shown = {
        "at": at,
        "book": book,
        "books": records.rulebooks_in_use(at),
        "tabs": [
            {"url": reverse(f"rulebook:{name}", args=[book.name]), "title": title, "current": name == tab}
            for name, title in titles.items()
        ],
    }
    return render(request, template or f"home/rulebook_{tab}.html", shown | more)


def _book(name: str, at: datetime) -> Rulebook:
    """Raises Http404 for a rulebook that no department works by."""
    try:
        return records.rulebook_in_use(name, at)
    except Refused as refused:
        raise Http404(refused.code) from refused


def _versions(name: str) -> Any:
    return RulebookVersion.objects.filter(pack=name).order_by("-in_force_from", "-pk")
