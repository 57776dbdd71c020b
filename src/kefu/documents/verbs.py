"""The views about one piece of work: fetched for who asks, one thing done once, its page shown again when refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Generic, TypeVar

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from kefu.core.errors import Refused
from kefu.core.work.fields import fields_of
from kefu.core.work.models import Work
from kefu.documents import drafts, filling, parts, signing, work_page
from kefu.documents.once import once
from kefu.documents.work_page import Tried
from kefu.staff.asking import person_of
from kefu.staff.models import Person
from kefu.web.back import safe_path
from kefu.web.instant import instant_of
from kefu.web.pages import unknown

AnyWork = TypeVar("AnyWork", bound=Work)
View = Callable[[HttpRequest, str], HttpResponse]


@dataclass(frozen=True)
class Desk(Generic[AnyWork]):
    """One capability's work: how a person finds it by number, its whole page, and the name of that page's address.

    find raises Refused `.unknown` for what the person may not see.
    """

    find: Callable[[Person, str, datetime], AnyWork]
    page: Callable[[HttpRequest, AnyWork, datetime, Tried | None], HttpResponse]
    address: str

    def show(self) -> View:
        """The page itself."""
        return self.reading(lambda request, work, at: self.page(request, work, at, None))

    def reading(self, answer: Callable[[HttpRequest, AnyWork, datetime], HttpResponse]) -> View:
        """A view that changes nothing."""

        def view(request: HttpRequest, work: AnyWork, _: Person, at: datetime) -> HttpResponse:
            return answer(request, work, at)

        return require_GET(login_required(wraps(answer)(self._found(view))))

    def answering(self, answer: Callable[[HttpRequest, AnyWork, Person, datetime], HttpResponse]) -> View:
        """A view of a post that answers for itself."""
        return require_POST(login_required(wraps(answer)(self._found(answer))))

    def verb(self, name: str) -> Callable[[Callable[[HttpRequest, AnyWork, Person, datetime], object]], View]:
        """A view that does one thing once and goes back to the page, or on to the posted `next` (the next case of
        a list); refused, shows the page with what was typed.

        name: which form of the page was sent.
        """

        def made(do: Callable[[HttpRequest, AnyWork, Person, datetime], object]) -> View:
            def answer(request: HttpRequest, work: AnyWork, person: Person, at: datetime) -> HttpResponse:
                sent = request.POST.get("move", "") if name == "move" else name
                place = reverse(self.address, args=[work.number])
                if parts.wants_line(request.POST):
                    return self.page(request, work, at, Tried(sent, request.POST, None))

                def act() -> str:
                    drafts.require_unsent(person, place, sent, request.POST.get("draft", ""))
                    do(request, work, person, at)
                    if (
                        name == "move" and work.chapter != "forms"
                    ):  # documents keep theirs by their own action
                        _keep_signatures(request, work, sent, person, at)
                    drafts.forget(person, place, sent)
                    return place

                try:
                    return redirect(safe_path(request, once(request, by=person, at=at, do=act)))
                except Refused as refused:
                    return self.page(request, work, at, Tried(sent, request.POST, refused))

            return self.answering(wraps(do)(answer))

        return made

    def _found(self, answer: Callable[[HttpRequest, AnyWork, Person, datetime], HttpResponse]) -> View:
        def view(request: HttpRequest, number: str) -> HttpResponse:
            person, at = person_of(request), instant_of(request)
            try:
                work = self.find(person, number, at)
            except Refused as refused:
                return unknown(request, refused)
            return answer(request, work, person, at)

        return view


def move_posted(request: HttpRequest, work: Work) -> tuple[str, dict[str, object]]:
    """The move that was asked for, and what was typed into its form."""
    name = request.POST.get("move", "")
    rule = work.flow.moves.get(name)
    names = work_page.form_of(work, rule) if rule is not None else ()
    choices = filling.choices_for(work.department_id)
    values = filling.given(fields_of(work.rule), names, request.POST, prefix=name, choices=choices)
    return name, signing.with_names(work, name, values, _drawn(request, work, name), person_of(request))


def _drawn(request: HttpRequest, work: Work, move: str) -> dict[str, bytes]:
    """The signatures that were drawn for a move. Raises Refused signature.unreadable."""
    return signing.drawn_in(request.POST, move, signing.signed_fields(work, move))


def _keep_signatures(request: HttpRequest, work: Work, move: str, person: Person, at: datetime) -> None:
    """Who signed what by the move that was just made; on whatever work it was."""
    if signed := signing.signed_fields(work, move):
        made = type(work)._default_manager.get(pk=work.pk)
        signing.keep(made, signed, _drawn(request, work, move), by=person, at=at)
