"""The ledger for those who may read it, and the rulebooks in force for everybody whose work they govern."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from kefu.api.paging import Cursor, Limit, Page, page
from kefu.api.shown import said
from kefu.api.tokens import caller
from kefu.core.ledger.models import Event
from kefu.home.records import events_visible_to, rulebook_in_use, rulebooks_in_use

router = Router(tags=["records"])


class EventOut(Schema):
    """`title`: the kind in words. `data` holds ids and codes."""

    seq: int
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    post: str
    kind: str
    title: str
    subject_kind: str
    subject_id: str
    department: int | None
    data: dict[str, Any]
    rulebook: str
    hash: str


class RulebookBrief(Schema):
    name: str
    title: str
    version: str


class Named(Schema):
    name: str
    title: str
    clauses: list[str]


class ClauseOut(Schema):
    id: str
    chapter: str
    statement: str
    reading: str


class KindOut(Named):
    chapter: str
    states: list[str]
    moves: list[Named]
    clocks: list[Named]


class RulebookOut(RulebookBrief):
    posts: list[Named]
    kinds: list[KindOut]
    clauses: list[ClauseOut]


@router.get("/ledger", response=Page[EventOut], url_name="records_ledger")
def list_events(
    request: HttpRequest,
    cursor: Cursor = "",
    limit: Limit = 50,
    kind: str = "",
    actor: str = "",
    subject_kind: str = "",
    subject_id: str = "",
) -> Any:
    """Newest first. For auditors and the owner; others are refused (403 ledger.not_yours)."""
    given = {"kind": kind, "actor": actor, "subject_kind": subject_kind, "subject_id": subject_id}
    rows = events_visible_to(caller(request).person).filter(
        **{name: one for name, one in given.items() if one}
    )
    return page(rows, _event, cursor=cursor, limit=limit)


@router.get("/rulebooks", response=list[RulebookBrief], url_name="records_rulebooks")
def list_rulebooks(request: HttpRequest) -> list[RulebookBrief]:
    return [
        RulebookBrief(name=one.name, title=said(one.title), version=one.version)
        for one in rulebooks_in_use(caller(request).at)
    ]


@router.get("/rulebooks/{name}", response=RulebookOut, url_name="records_rulebook")
def get_rulebook(request: HttpRequest, name: str) -> RulebookOut:
    """The version in force now."""
    book = rulebook_in_use(name, caller(request).at)
    return RulebookOut(
        name=book.name,
        title=said(book.title),
        version=book.version,
        posts=[_named(post) for post in book.posts.values()],
        kinds=[
            KindOut(
                **_named(kind).model_dump(),
                chapter=kind.chapter,
                states=list(kind.flow.states),
                moves=[_named(move) for move in kind.flow.moves.values()],
                clocks=[_named(clock) for clock in kind.clocks.values()],
            )
            for kind in book.kinds.values()
        ],
        clauses=[
            ClauseOut(
                id=clause.id,
                chapter=said(clause.chapter),
                statement=said(clause.statement),
                reading=said(clause.reading),
            )
            for clause in book.clauses.values()
        ],
    )


def _named(rule: Any) -> Named:
    return Named(name=rule.name, title=said(rule.title), clauses=list(rule.clauses))


def _event(event: Event) -> EventOut:
    return EventOut(
        seq=event.seq,
        occurred_at=event.occurred_at,
        recorded_at=event.recorded_at,
        actor=event.actor,
        post=event.actor_post,
        kind=event.kind,
        title=said(event.described.title),
        subject_kind=event.subject_kind,
        subject_id=event.subject_id,
        department=event.department,
        data=event.data,
        rulebook=event.rulebook_version,
        hash=event.hash,
    )
