"""Giving cases out, joining, following, urging; lists by name; one thing done with many cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from urllib.parse import parse_qsl

from django.http import HttpRequest
from ninja import Router, Schema, Status

from kefu.api.once import OPENAPI, once
from kefu.api.shown import CaseBrief, CaseOut, Given, case_brief, case_out
from kefu.api.tokens import Caller, caller
from kefu.cases import assigning, bulk, following, joining, saved, similar, urging
from kefu.cases.lists import kinds_in_force, wanted
from kefu.cases.models import BulkRun, Case, SavedView, Urge
from kefu.cases.queries import cases_visible_to, visible_case
from kefu.core.errors import Refused
from kefu.staff.models import Team
from kefu.staff.queries import staff_visible_to

router = Router(tags=["desk"])
Way = Literal["in_turn", "least_loaded", "first_contact"]


class GivenOut(Given):
    way: Way


class Merged(Given):
    """`into`: number of the case that goes on."""

    into: str
    revision: int | None = None


class Split(Given):
    """`messages`: ids of what starts the new case."""

    messages: list[int]
    kind: str
    subject: str


class Repeats(Given):
    earlier: str


class Kept(Given):
    on: bool


class Reminded(Given):
    """Either `due_at` or `share`, percent of the time of the nearest promise."""

    due_at: datetime | None = None
    share: int | None = None
    note: str = ""


class Nudged(Given):
    reason: str


class Supervised(Given):
    reason: str
    feedback_by: datetime


class Answered(Given):
    words: str


class UrgeOut(Schema):
    """A nudge, or a supervision: that has `feedback_by`."""

    id: int
    person: int | None
    at: datetime
    reason: str
    feedback_by: datetime | None
    answer: str
    answered_at: datetime | None


class SimilarOut(Schema):
    """`why`: customer, place or words; `alike`: 0 to 1."""

    case: CaseBrief
    why: str
    alike: float


class ReminderOut(Schema):
    id: int
    due_at: datetime | None
    share: int | None
    note: str


class Capacity(Given):
    """`kinds`: of cases, [] for all; `most`: open cases at once, null for no limit."""

    kinds: list[str] = []
    most: int | None = None


class ViewIn(Given):
    """`query`: the address of a list, `list=department&kind=repair`; `team`: id of a team to share it with."""

    name: str
    query: str
    team: int | None = None


class ViewOut(Schema):
    id: int
    name: str
    query: str
    person: int
    team: int | None


class BulkIn(Given):
    """`given`: to of assign; way of give_out; move, reason of move; field, level of grade; body of note and message."""

    verb: Literal["take", "assign", "give_out", "move", "grade", "note", "message"]
    cases: list[str]
    given: dict[str, Any] = {}


class BulkRowOut(Schema):
    """`ahead`: what looking found, `outcome`: what doing came to; null not yet, {} yes, else code, zh, en."""

    case: str
    ahead: dict[str, str] | None
    outcome: dict[str, str] | None


class BulkOut(Schema):
    id: int
    verb: str
    total: int
    looked_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    counts: dict[str, int]
    rows: list[BulkRowOut]


@router.post("/cases/next", response=CaseOut, url_name="cases_next")
def take_next(request: HttpRequest) -> CaseOut:
    """Take the most urgent case that the caller may take."""
    who = caller(request)
    return case_out(assigning.take_next(by=who.person, at=who.at), who)


@router.post("/cases/{number}/give-out", response=CaseOut, url_name="cases_give_out")
def give_out(request: HttpRequest, number: str, asked: GivenOut) -> CaseOut:
    """Give it to one of the department who is on duty, skilled and not full; the event says why."""
    who, case = caller(request), _case(request, number)
    return case_out(assigning.give_out(case, asked.way, by=who.person, at=who.at), who)


@router.post("/cases/{number}/merge", response=CaseOut, url_name="cases_merge")
def merge(request: HttpRequest, number: str, asked: Merged) -> CaseOut:
    """Close this case into another one of the same customer; answers that one. It cannot be taken back."""
    who, case = caller(request), _case(request, number)
    into = visible_case(who.person, asked.into, who.at)
    return case_out(joining.merge(case, into, by=who.person, at=who.at, revision=asked.revision), who)


@router.post("/cases/{number}/split", response={201: CaseOut}, url_name="cases_split", openapi_extra=OPENAPI)
def split(request: HttpRequest, number: str, asked: Split) -> Status[Any]:
    who, case = caller(request), _case(request, number)

    def do() -> CaseOut:
        made = joining.split(
            case, asked.messages, kind=asked.kind, subject=asked.subject, by=who.person, at=who.at
        )
        return case_out(made, who)

    return once(request, 201, do)


@router.post("/cases/{number}/repeats", response=CaseOut, url_name="cases_repeats")
def raise_again(request: HttpRequest, number: str, asked: Repeats) -> CaseOut:
    """This case raises `earlier` again; its form counts that where it can."""
    who, case = caller(request), _case(request, number)
    earlier = visible_case(who.person, asked.earlier, who.at)
    return case_out(joining.raise_again(case, earlier, by=who.person, at=who.at), who)


@router.get("/cases/{number}/similar", response=list[SimilarOut], url_name="cases_similar")
def list_similar(request: HttpRequest, number: str) -> list[SimilarOut]:
    """Likely duplicates within 30 days, the likest first."""
    who = caller(request)
    found = similar.similar_to(_case(request, number), who.person, who.at)
    return [SimilarOut(case=case_brief(one.case), why=one.why, alike=one.alike) for one in found]


@router.post("/cases/{number}/watch", response=Kept, url_name="cases_watch")
def watch(request: HttpRequest, number: str, kept: Kept) -> Kept:
    """Be told what happens to it, or no more."""
    who, case = caller(request), _case(request, number)
    if kept.on:
        following.watch(case, by=who.person, at=who.at)
    else:
        following.unwatch(case, by=who.person)
    return kept


@router.post("/cases/{number}/pin", response=Kept, url_name="cases_pin")
def pin(request: HttpRequest, number: str, kept: Kept) -> Kept:
    who, case = caller(request), _case(request, number)
    if kept.on:
        following.pin(case, by=who.person, at=who.at)
    else:
        following.unpin(case, by=who.person)
    return kept


@router.post("/cases/{number}/reminders", response={201: ReminderOut}, url_name="cases_remind")
def remind(request: HttpRequest, number: str, asked: Reminded) -> Status[Any]:
    who, case = caller(request), _case(request, number)
    made = following.remind(
        case, by=who.person, at=who.at, due_at=asked.due_at, share=asked.share, note=asked.note
    )
    return Status(201, ReminderOut(id=made.pk, due_at=made.due_at, share=made.share, note=made.note))


@router.get("/cases/{number}/urges", response=list[UrgeOut], url_name="cases_urges")
def list_urges(request: HttpRequest, number: str) -> list[UrgeOut]:
    """Nudges and supervisions, newest first."""
    return [_urge_out(one) for one in urging.urges_of(_case(request, number))]


@router.post("/cases/{number}/nudge", response={201: UrgeOut}, url_name="cases_nudge")
def nudge(request: HttpRequest, number: str, asked: Nudged) -> Status[Any]:
    who, case = caller(request), _case(request, number)
    return Status(201, _urge_out(urging.nudge(case, by=who.person, at=who.at, reason=asked.reason)))


@router.post("/cases/{number}/supervise", response={201: UrgeOut}, url_name="cases_supervise")
def supervise(request: HttpRequest, number: str, asked: Supervised) -> Status[Any]:
    who, case = caller(request), _case(request, number)
    made = urging.supervise(
        case, by=who.person, at=who.at, reason=asked.reason, feedback_by=asked.feedback_by
    )
    return Status(201, _urge_out(made))


@router.post("/cases/{number}/urges/{urge}/answer", response=UrgeOut, url_name="cases_answer")
def answer(request: HttpRequest, number: str, urge: int, asked: Answered) -> UrgeOut:
    who, case = caller(request), _case(request, number)
    found = urging.supervision(case, urge)
    return _urge_out(urging.answer(found, by=who.person, at=who.at, words=asked.words))


@router.post("/people/{person}/capacity", response=Capacity, url_name="people_capacity")
def set_capacity(request: HttpRequest, person: int, asked: Capacity) -> Capacity:
    """Say what a colleague can be given."""
    who = caller(request)
    found = staff_visible_to(who.person, who.at).filter(pk=person, left_at=None).first()
    if found is None:
        raise Refused("person.unknown", zh="没有这位员工。", en="There is no such person.")
    row = assigning.set_capacity(found, kinds=asked.kinds, most=asked.most, by=who.person, at=who.at)
    return Capacity(kinds=row.kinds, most=row.most)


@router.get("/views", response=list[ViewOut], url_name="views_list")
def list_views(request: HttpRequest) -> list[ViewOut]:
    """One's own lists, and those shared with one's teams."""
    who = caller(request)
    return [_view_out(one) for one in saved.views_visible_to(who.person, who.at)]


@router.post("/views", response={201: ViewOut}, url_name="views_save")
def save_view(request: HttpRequest, new: ViewIn) -> Status[Any]:
    who = caller(request)
    asked = wanted(who.person, who.at, _filters(new.query), kinds_in_force(who.at))
    team = Team.objects.filter(pk=new.team).first() if new.team is not None else None
    if new.team is not None and team is None:
        raise Refused("team.unknown", zh="没有这个班组。", en="There is no such team.")
    return Status(201, _view_out(saved.save_view(asked, new.name, by=who.person, at=who.at, team=team)))


@router.post("/views/{view}/delete", response={204: None}, url_name="views_delete")
def delete_view(request: HttpRequest, view: int) -> Status[Any]:
    who = caller(request)
    saved.delete_view(saved.own_view(who.person, view), by=who.person, at=who.at)
    return Status(204, None)


@router.post("/bulk", response={201: BulkOut}, url_name="bulk_prepare")
def prepare_bulk(request: HttpRequest, new: BulkIn) -> Status[Any]:
    """Look at what would be done with up to 1,000 cases, row by row; more than 50 are looked at by a worker."""
    who = caller(request)
    run = bulk.prepare(new.verb, new.given, _ids(new.cases, who), by=who.person, at=who.at)
    bulk.look_now_or_later(run, at=who.at)
    return Status(201, _bulk_out(run))


@router.get("/bulk/{run}", response=BulkOut, url_name="bulk_run")
def get_bulk(request: HttpRequest, run: int) -> BulkOut:
    return _bulk_out(bulk.own_run(caller(request).person, run))


@router.post("/bulk/{run}/start", response=BulkOut, url_name="bulk_start")
def start_bulk(request: HttpRequest, run: int) -> BulkOut:
    """Do it. Each case for itself; more than 50 by a worker. Starting again does what has no outcome yet."""
    who = caller(request)
    found = bulk.own_run(who.person, run)
    bulk.start(found, at=who.at)
    return _bulk_out(found)


def _case(request: HttpRequest, number: str) -> Case:
    who = caller(request)
    return visible_case(who.person, number, who.at)


def _ids(numbers: list[str], who: Caller) -> list[int]:
    """In the order given; one that the caller may not see is unknown. At most as many as a run takes."""
    bulk.require_few(len(numbers))
    found = dict(cases_visible_to(who.person, who.at).filter(number__in=numbers).values_list("number", "pk"))
    for number in numbers:
        if number not in found:
            visible_case(who.person, number, who.at)  # refuses, naming it
    return [found[number] for number in dict.fromkeys(numbers)]


def _filters(query: str) -> Mapping[str, str]:
    return dict(parse_qsl(query[:2000]))


def _urge_out(urge: Urge) -> UrgeOut:
    return UrgeOut(
        id=urge.pk,
        person=urge.person_id,
        at=urge.at,
        reason=urge.reason,
        feedback_by=urge.feedback_by,
        answer=urge.answer,
        answered_at=urge.answered_at,
    )


def _view_out(view: SavedView) -> ViewOut:
    return ViewOut(id=view.pk, name=view.name, query=view.query, person=view.person_id, team=view.team_id)


def _bulk_out(run: BulkRun) -> BulkOut:
    rows = run.rows.select_related("case").order_by("pk")
    return BulkOut(
        id=run.pk,
        verb=run.verb,
        total=run.total,
        looked_at=run.looked_at,
        started_at=run.started_at,
        ended_at=run.ended_at,
        counts=bulk.summary(run),
        rows=[BulkRowOut(case=row.case.number, ahead=row.ahead, outcome=row.outcome) for row in rows],
    )
