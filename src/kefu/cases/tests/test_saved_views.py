"""Lists under a name: one's own, counted, in one's order, and shared with a team by who leads it."""

from __future__ import annotations

from typing import Any

import pytest

from kefu.cases import actions, lists, saved
from kefu.cases.lists import Wanted, kinds_in_force, wanted
from kefu.cases.models import SavedView
from kefu.core.ledger.models import Event
from kefu.core.search import weighing
from kefu.staff import actions as staff
from kefu.staff.models import Person
from tests.cast import Cast, local, refuses

pytestmark = [pytest.mark.db, pytest.mark.django_db]
TEN = local("2026-09-24 10:00")
SLIP = {"surname": "王", "telephone": "13812345678", "content": "厨房水管滴水"}


def asked(person: Person, **query: str) -> Wanted:
    return wanted(person, TEN, query, kinds_in_force(TEN))


def save(person: Person, name: str, team: Any = None, **query: str) -> SavedView:
    return saved.save_view(asked(person, **query), name, by=person, at=TEN, team=team)


def counts(person: Person) -> dict[str, int | None]:
    return {one.view.name: one.count for one in saved.shown(person, TEN, kinds_in_force(TEN))}


def test_a_list_is_kept_without_its_place_and_counted(cast: Cast) -> None:
    for _ in range(2):
        actions.register(
            "repair", department=cast.service_centre, by=cast.agent, at=TEN, subject="水管滴水", values=SLIP
        )
    view = save(cast.agent, "待领报修", list="unassigned", kind="repair", after="~5")
    save(cast.agent, "投诉", list="department", kind="complaint")

    assert view.query == "list=unassigned&kind=repair&sort=due"
    assert counts(cast.agent) == {"待领报修": 2, "投诉": 0}
    assert counts(cast.supervisor) == {}


def test_a_common_word_is_counted_in_a_part_of_a_long_list(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        actions.register(
            "repair",
            department=cast.service_centre,
            by=cast.agent,
            at=TEN,
            subject=f"{'停电' if number % 2 else '漏水'}{number}",
            values=SLIP,
        )
    save(cast.agent, "漏水", list="all", q="漏水")
    monkeypatch.setattr(lists, "COUNTED_AMONG", 4)

    def counted() -> list[tuple[int | None, bool]]:
        return [(one.count, one.more) for one in saved.shown(cast.agent, TEN, kinds_in_force(TEN))]

    assert counted() == [(3, False)]
    monkeypatch.setattr(weighing, "MANY", 3)
    assert counted() == [(2, True)]
    monkeypatch.setattr(lists, "COUNTED_AMONG", 6)
    assert counted() == [(3, False)]


def test_a_filter_that_no_rulebook_has_any_more_is_not_counted(cast: Cast) -> None:
    view = save(cast.agent, "报修", kind="repair")
    SavedView.objects.filter(pk=view.pk).update(query="list=mine&kind=gone")

    assert counts(cast.agent) == {"报修": None}


def test_one_name_stands_once_and_there_is_an_end(cast: Cast, monkeypatch: Any) -> None:
    save(cast.agent, "我的", list="mine")
    save(cast.other_agent, "我的", list="mine")

    with refuses("view.name_taken"):
        save(cast.agent, "我的", list="overdue")
    with refuses("line.missing"):
        save(cast.agent, "  ", list="overdue")
    monkeypatch.setattr(saved, "MOST", 1)
    with refuses("view.most"):
        save(cast.agent, "超时", list="overdue")


def test_a_leader_shares_a_list_with_the_team_and_takes_it_back(cast: Cast) -> None:
    team = staff.make_team(cast.service_centre, name="一班", leader=cast.supervisor, by=cast.manager, at=TEN)
    staff.join_team(cast.agent, team=team, by=cast.manager, at=TEN)
    view = save(cast.supervisor, "超时", team, list="overdue")
    assert (counts(cast.agent), counts(cast.other_agent)) == ({"超时": 0}, {})

    saved.change_view(view, name="超时单", team=None, by=cast.supervisor, at=TEN)

    assert counts(cast.agent) == {}
    told = Event.objects.filter(subject_kind="view").order_by("seq").values_list("kind", flat=True)
    assert list(told) == ["view.shared", "view.withdrawn"]


def test_only_who_leads_shares(cast: Cast) -> None:
    team = staff.make_team(cast.service_centre, name="一班", leader=cast.supervisor, by=cast.manager, at=TEN)

    for person in (cast.agent, cast.engineering_supervisor, cast.stranger):
        with refuses("view.may_not"):
            save(person, "超时", team, list="overdue")
    save(cast.manager, "超时", team, list="overdue")


def test_ones_own_list_is_renamed_ordered_and_deleted_by_oneself(cast: Cast) -> None:
    first, second = save(cast.agent, "一", list="mine"), save(cast.agent, "二", list="overdue")

    saved.order_views([second.pk, 999], by=cast.agent)
    assert list(counts(cast.agent)) == ["二", "一"]
    with refuses("view.name_taken"):
        saved.change_view(first, name="二", team=None, by=cast.agent, at=TEN)
    for person in (cast.other_agent, cast.owner):
        with refuses("view.unknown"):
            saved.own_view(person, first.pk)
    saved.delete_view(saved.own_view(cast.agent, first.pk), by=cast.agent, at=TEN)
    assert list(counts(cast.agent)) == ["二"]
    assert not Event.objects.filter(subject_kind="view").exists()
