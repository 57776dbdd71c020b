"""The queue: its lists, filters, order and pages, each an address."""

from __future__ import annotations

import importlib
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kefu.cases import actions
from kefu.cases.lists import PAGE, SORTS
from kefu.cases.models import Case
from kefu.cases.searching import search_cases
from kefu.cases.tests.desk import complaint, desk_of, page_of, repair
from kefu.core.search import lists as words
from kefu.core.search import weighing
from kefu.core.work import actions as work
from tests.cast import Cast

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def numbers_in(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r'/cases/([A-Z]{2}\d{8}-\d+)/"', page)))


def test_each_list_holds_its_own_cases(cast: Cast) -> None:
    at = timezone.now()
    free, mine, sent = repair(cast), repair(cast), complaint(cast)
    actions.take(mine, by=cast.agent, at=at)
    late = repair(cast, at=at - timedelta(hours=40))
    actions.move(
        late,
        "accepted",
        by=cast.agent,
        at=at - timedelta(hours=39),
        values={"fault": "lighting", "size": "small"},
    )
    engineering = desk_of(cast.engineering_supervisor)

    def shown(list_: str, desk: Client | None = None) -> set[str]:
        desk = desk or desk_of(cast.agent)
        return set(numbers_in(page_of(desk.get(f"/cases/?list={list_}"))))

    assert shown("mine") == {mine.number, late.number}, "who accepted it first has it"
    assert shown("unassigned") == {free.number}
    assert late.number in shown("overdue")
    assert sent.number not in shown("overdue")
    assert shown("department") == {free.number, mine.number, late.number, sent.number}
    assert shown("dispatched", engineering) == {sent.number}
    assert shown("all", engineering) == {sent.number}
    assert shown("all", desk_of(cast.stranger)) == set()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("sort=owner__password", "list.sort"),
        ("list=secret", "list.unknown"),
        ("owner=1;drop", "list.filter"),
        ("owner=" + "9" * 40, "list.filter"),
        ("grade=department__code:x", "list.filter"),
        ("kind=telephone", "list.filter"),
        ("state=flying", "list.filter"),
        ("kind=complaint&state=on_site", "list.filter"),
        ("state=reported", "list.filter"),
        ("after=yesterday", "list.place"),
        ("after=2026-01-01~1", "list.place"),
    ],
)
def test_an_address_that_means_nothing_is_refused_with_its_code(cast: Cast, query: str, code: str) -> None:
    answer = desk_of(cast.agent).get(f"/cases/?{query}")

    assert answer.status_code == 400
    assert code in page_of(answer)


def test_filters_narrow_and_a_foreign_owner_finds_nothing(cast: Cast) -> None:
    wanted, other = complaint(cast), repair(cast, subject="电梯按键失灵")
    desk = desk_of(cast.agent)

    def shown(query: str) -> list[str]:
        return numbers_in(page_of(desk.get(f"/cases/?list=all&{query}")))

    assert shown("kind=complaint") == [wanted.number]
    assert shown("kind=repair&state=reported") == [other.number]
    assert shown("kind=complaint&state=accepted") == []
    assert 'name="state"' not in page_of(desk.get("/cases/?list=all"))  # each kind has states of its own
    assert shown("grade=severity:important") == [wanted.number]
    assert shown("grade=severity:major") == []
    assert shown(f"owner={cast.stranger.pk}") == []
    assert numbers_in(page_of(desk.get("/cases/?q=电梯按键"))) == [other.number]
    assert shown(f"q={other.number.lower()}") == [other.number]
    assert shown("q=%00%F0%9F%98%80") == []


def test_a_case_is_listed_and_found_by_the_grade_that_its_form_has_now(cast: Cast) -> None:
    case, desk = complaint(cast), desk_of(cast.agent)

    case = work.set_values(case, {"severity": "major"}, by=cast.supervisor, at=timezone.now())

    for sort in ("due", "opened", "changed"):
        for grade, there in (("major", [case.number]), ("important", [])):
            page = page_of(desk.get(f"/cases/?list=all&sort={sort}&grade=severity:{grade}"))
            assert numbers_in(page) == there
    assert [one.case for one in search_cases(cast.agent, "等级:重大", at=timezone.now()).cases] == [case]
    Case.objects.update(grade=None)
    importlib.import_module("kefu.cases.migrations.0007_grades_of_cases").fill(apps, None)
    assert Case.objects.get(pk=case.pk).grade == "severity:major", "rows from before are told theirs"


@pytest.mark.parametrize("many", [2000, 3], ids=["rare", "common"])
def test_words_narrow_a_list_and_leave_its_order(
    many: int, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weighing, "MANY", many)
    at = timezone.now()
    cases = [
        repair(cast, f"{'漏水' if number % 2 else '停电'} {number}", at=at - timedelta(hours=5 - number))
        for number in range(5)
    ]
    for case in (cases[0], cases[3], cases[1]):
        actions.add_message(case, by=cast.agent, at=timezone.now(), body="又漏水", public=False)
    held = [cases[0], cases[1], cases[3]]
    desk = desk_of(cast.agent)

    def shown(query: str) -> list[str]:
        return numbers_in(page_of(desk.get(f"/cases/?list=unassigned&q=漏水&{query}")))

    assert shown("sort=opened") == [case.number for case in held[::-1]]
    assert shown("sort=changed") == [cases[1].number, cases[3].number, cases[0].number]
    assert shown("kind=complaint") == []
    assert numbers_in(page_of(desk.get("/cases/?list=mine&q=漏水"))) == []


def test_a_common_word_is_looked_for_page_by_page_and_the_page_says_so(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weighing, "MANY", 3)
    monkeypatch.setattr(words, "STEPS", (2, 4))
    cases = [repair(cast, f"{'漏水' if number < 4 else '停电'} {number}") for number in range(10)]
    desk = desk_of(cast.agent)

    def next_page(page: str) -> str:
        following = re.search(r'rel="next" href="([^"]+)"', page)
        assert following
        return page_of(desk.get(following[1]))

    first = page_of(desk.get("/cases/?list=all&sort=opened&q=漏水"))
    assert numbers_in(first) == []
    assert "“漏水”" in first or "「漏水」" in first
    assert "继续查找" in first
    second = next_page(first)
    third = next_page(second)
    assert numbers_in(second) == [cases[3].number, cases[2].number]
    assert numbers_in(third) == [cases[1].number, cases[0].number]
    assert 'rel="next"' not in third
    assert "继续查找" not in third


@pytest.mark.parametrize("sort", ["due", "opened", "changed"])
def test_pages_follow_each_other_without_gap_or_repetition(cast: Cast, sort: str) -> None:
    at = timezone.now()
    for number in range(PAGE + 3):  # registered at one instant: the id parts them
        case = repair(cast, subject=f"报修 {number}", at=at)
        if number % 10 == 0:
            actions.void(case, by=cast.supervisor, at=at, reason="试")  # then it has no due instant
    desk = desk_of(cast.agent)

    first = page_of(desk.get(f"/cases/?list=all&sort={sort}"))
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = page_of(desk.get(following[1]))

    assert (len(numbers_in(first)), len(numbers_in(second))) == (PAGE, 3)
    assert not set(numbers_in(first)) & set(numbers_in(second))


@pytest.mark.parametrize("few", [0, 2000], ids=["many", "few"])
@pytest.mark.parametrize("query", ["list=all", "list=department", "list=all&kind=repair&state=reported"])
@pytest.mark.parametrize("sort", ["due", "opened", "changed"])
def test_a_walk_through_all_pages_is_the_list_in_its_order(
    sort: str, query: str, few: int, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kefu.cases.lists.PAGE", 3)
    monkeypatch.setattr("kefu.cases.lists.FEW", few)
    monkeypatch.setattr("kefu.cases.queries.FEW", few)
    at = timezone.now()
    for number in range(11):
        case = repair(cast, f"报修 {number}", at=at - timedelta(minutes=7 * number % 5))
        if number % 3 == 0:
            actions.void(case, by=cast.supervisor, at=at, reason="试")
    complaint(cast)
    column = SORTS[sort][0]
    held = [one for one in Case.objects.order_by("pk") if "department" not in query or one.voided_at is None]
    held = [one for one in held if "state" not in query or (one.kind, one.state) == ("repair", "reported")]
    backwards = -1 if SORTS[sort][1] else 1
    nowhere = [one.number for one in held if getattr(one, column) is None]
    placed = [one for one in held if getattr(one, column) is not None]
    placed.sort(key=lambda one: (getattr(one, column), one.pk), reverse=backwards < 0)

    desk, walked, address = desk_of(cast.agent), [], f"/cases/?{query}&sort={sort}"
    while address:
        page = page_of(desk.get(address))
        walked += numbers_in(page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1] if following else ""

    assert walked == [one.number for one in placed] + nowhere
    assert len(walked) > 6


def test_a_longer_list_asks_no_more_often(cast: Cast) -> None:
    desk = desk_of(cast.agent)
    repair(cast)
    desk.get("/cases/?list=all")  # what a process learns once
    with CaptureQueriesContext(connection) as short:
        desk.get("/cases/?list=all")
    for number in range(20):
        repair(cast, subject=f"报修 {number}")

    with CaptureQueriesContext(connection) as long:
        desk.get("/cases/?list=all")

    assert len(long) == len(short) < 40
