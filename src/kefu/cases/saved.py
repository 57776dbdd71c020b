"""Lists under a name: one's own, and those that a leader shares with a team. Sharing is on the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from django.db import IntegrityError
from django.db.models import Q

from kefu.cases.lists import Wanted, wanted
from kefu.cases.models import SavedView
from kefu.core.db import follow, instant, select, write
from kefu.core.errors import Refused
from kefu.core.inputs import line
from kefu.core.ledger import record
from kefu.core.rulebook.model import Kind, Ref
from kefu.staff.models import Person, Team
from kefu.staff.queries import heads

MOST = 30  # of one person
KEPT = ("list", "kind", "state", "owner", "grade", "q", "sort")  # of a list's address; its place is not kept


@dataclass(frozen=True, slots=True)
class Shown:
    """A saved list with how many cases it has now, at most `lists.MOST` + 1; None where it cannot be read any more.

    more: there may be more, as only a part of the list was looked through for the words.
    """

    view: SavedView
    count: int | None
    more: bool = False


def save_view(asked: Wanted, name: str, *, by: Person, at: datetime, team: Team | None = None) -> SavedView:
    """Keep a state of the queue under a name, for oneself or for a team that one leads.

    Raises Refused view.name_taken, view.most, view.may_not, view.query, line.*.
    """
    name, query = line(name, "名称 / name", longest=40), query_of(asked)
    if team is not None:
        _require_leads(by, team, at)
    with write():
        place = SavedView.objects.filter(person=by).count()
        if place >= MOST:
            raise Refused(
                "view.most",
                zh=f"最多保存 {MOST} 个视图，请先删除不用的。",
                en=f"At most {MOST} lists are kept; delete one first.",
                most=MOST,
            )
        if SavedView.objects.filter(person=by, name=name).exists():
            raise _taken(name)
        view = SavedView.objects.create(person=by, team=team, name=name, query=query, place=place, at=at)
        if team is not None:
            _note(view, "shared", by=by, at=at)
    return view


def change_view(
    view: SavedView, *, name: str, team: Team | None, by: Person, at: datetime, asked: Wanted | None = None
) -> SavedView:
    """Give one's list another name, team or content. Raises as `save_view`."""
    name = line(name, "名称 / name", longest=40)
    if team is not None:
        _require_leads(by, team, at)
    with write():
        before, view.name, view.team = view.team_id, name, team
        if asked is not None:
            view.query = query_of(asked)
        try:
            with write():
                view.save(update_fields=["name", "team", "query"])
        except IntegrityError:
            raise _taken(name) from None
        if before is not None and team is None:
            _note(view, "withdrawn", by=by, at=at)
        elif team is not None:
            _note(view, "shared", by=by, at=at)
    return view


def delete_view(view: SavedView, *, by: Person, at: datetime) -> None:
    with write():
        if view.team_id is not None:
            _note(view, "withdrawn", by=by, at=at)
        view.delete()


def order_views(ids: Sequence[int], *, by: Person) -> None:
    """Put one's lists in this order; those not named stay behind them."""
    with write():
        own = {view.pk: view for view in SavedView.objects.filter(person=by)}
        named = [own.pop(pk) for pk in dict.fromkeys(ids) if pk in own]
        for place, view in enumerate([*named, *own.values()]):
            if view.place != place:
                view.place = place
                view.save(update_fields=["place"])


# Asked by every list: without the query builder it costs a tenth.
_VISIBLE = """person_id = %s OR team_id IN (SELECT id FROM staff_team WHERE leader_id = %s OR id IN (
    SELECT team_id FROM staff_teammember WHERE person_id = %s AND since <= %s AND (until IS NULL OR until > %s)
)) ORDER BY place, id"""


def views_visible_to(person: Person, at: datetime) -> list[SavedView]:
    """One's own, and those shared with a team one is in or leads: one's own first, each in its order."""
    now = instant(at)
    found = select(SavedView, _VISIBLE, [person.pk, person.pk, person.pk, now, now])
    follow(found, "person", "team")
    return sorted(found, key=lambda one: one.person_id != person.pk)


def own_view(person: Person, pk: int) -> SavedView:
    """One's own list, to be changed. Raises Refused view.unknown for every other."""
    view = SavedView.objects.select_related("team").filter(person=person, pk=pk).first()
    if view is None:
        raise Refused("view.unknown", zh="没有这个视图。", en="There is no such list.")
    return view


def shown(person: Person, at: datetime, kinds: Mapping[str, Kind]) -> list[Shown]:
    """The lists a person sees, counted. One capped count for each; kinds: as `lists.wanted`."""
    return [Shown(view, *_count(view, person, at, kinds)) for view in views_visible_to(person, at)]


def leads_teams(person: Person, at: datetime) -> list[Team]:
    """Teams that the person may share a list with."""
    teams = Team.objects.filter(Q(leader=person) | Q(department=person.department_id)).select_related(
        "department"
    )
    return [team for team in teams if team.leader_id == person.pk or heads(person, team.department_id, at)]


def query_of(asked: Wanted) -> str:
    """The address of the list: what filters and sorts, in one order. Raises Refused view.query when too long."""
    given = {"list": asked.name} | {name: getattr(asked, name) for name in KEPT if name != "list"}
    query = urlencode({name: value for name, value in given.items() if value})
    if len(query) > 500:
        raise Refused(
            "view.query",
            zh="筛选条件太长，无法保存；请缩短搜索词。",
            en="The filters are too long to be kept; search for less.",
        )
    return query


def _count(
    view: SavedView, person: Person, at: datetime, kinds: Mapping[str, Kind]
) -> tuple[int | None, bool]:
    try:
        asked = wanted(person, at, dict(parse_qsl(view.query)), kinds)
    except Refused:
        return None, False
    return asked.counted()


def _require_leads(by: Person, team: Team, at: datetime) -> None:
    if team.leader_id != by.pk and not heads(by, team.department_id, at):
        raise Refused(
            "view.may_not",
            zh="只有班组负责人或部门负责人可以向该班组共享视图。",
            en="Only the leader of the team or of its department shares a list with it.",
        )


def _note(view: SavedView, verb: str, *, by: Person, at: datetime) -> None:
    department = view.team.department_id if view.team else by.department_id
    told = {"team": view.team_id}
    record(f"view.{verb}", Ref("view", str(view.pk)), by=by, at=at, department=department, data=told)


def _taken(name: str) -> Refused:
    return Refused(
        "view.name_taken",
        zh=f"您已有名为「{name}」的视图，请换一个名称。",
        en=f"You have a list named “{name}” already; choose another name.",
        name=name,
    )
