"""A case is found by its number, by what was said and written, narrowed by filters, by whoever may see it alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kefu.cases import actions, joining, queries, searching
from kefu.cases.models import Case
from kefu.cases.queries import few_visible
from kefu.cases.searching import search_cases
from kefu.cases.tests.desk import SLIP, complaint, repair
from kefu.core.search import verify, weighing
from kefu.customers import actions as customers
from kefu.customers.queries import find_customers
from kefu.staff.models import Person
from kefu.staff.rights import scope
from tests.cast import Cast, refuses

pytestmark = pytest.mark.db


def found(person: Person, question: str) -> list[Case]:
    return [one.case for one in search_cases(person, question, at=timezone.now()).cases]


def test_it_is_found_by_subject_form_message_reason_and_part_of_its_number(cast: Cast) -> None:
    case = repair(cast, "三单元水管滴水", body="昨晚开始，地板都湿了")
    actions.add_message(case, by=cast.agent, at=timezone.now(), body="王師傅說明天到", public=False)
    for question in (
        "水管",
        "厨房",
        "地板都湿",
        "王师傅",
        "滴水 师傅 厨房",
        case.number[2:10],
        case.number[-4:],
    ):
        assert found(cast.agent, question) == [case], question
    assert found(cast.agent, "13812345678") == []  # numbers of people are found through the customer alone
    assert found(cast.agent, "5678") == []


def test_its_number_finds_it_first_and_what_was_found_is_marked(cast: Cast) -> None:
    case = repair(cast, "电梯异响", body="电梯到五楼时有异响")

    assert search_cases(cast.agent, case.number.lower(), at=timezone.now()).exact == [case]
    (one,) = search_cases(cast.agent, "異響", at=timezone.now()).cases
    assert one.subject == [("电梯", False), ("异响", True)]
    (one,) = search_cases(cast.agent, "五楼", at=timezone.now()).cases
    assert ("五楼", True) in one.said


def test_changed_forms_are_found_by_their_new_words(cast: Cast) -> None:
    case = complaint(cast)
    assert found(cast.agent, "今日查看") == [case]
    actions.move(case, "taken_on", by=cast.worker, at=timezone.now(), reason="")
    actions.move(
        case, "customer_contacted", by=cast.worker, at=timezone.now(), values={"contact_note": "灯罩已拆下"}
    )

    assert found(cast.agent, "灯罩") == [case]
    assert list(verify.differences()) == []


def test_other_departments_find_what_reached_them_and_nothing_else(cast: Cast) -> None:
    theirs, ours = complaint(cast), repair(cast, "楼道灯闪烁")

    assert found(cast.agent, "楼道灯") == [ours, theirs]
    assert found(cast.worker, "楼道灯") == [theirs]
    assert found(cast.stranger, "楼道灯") == []
    assert search_cases(cast.stranger, ours.number, at=timezone.now()).exact == []
    assert found(cast.owner, "楼道灯") == [ours, theirs]
    assert few_visible(scope(cast.worker, timezone.now()), cast.worker) == [theirs.pk]
    assert few_visible(scope(cast.owner, timezone.now()), cast.owner) is None


def test_who_sees_many_and_who_sees_few_find_the_same(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [repair(cast, f"水管漏水{number}") for number in range(4)]
    few = found(cast.agent, "漏水")
    monkeypatch.setattr(queries, "FEW", 2)

    assert few_visible(scope(cast.agent, timezone.now()), cast.agent) is None
    assert found(cast.agent, "漏水") == few == cases[::-1]


def test_filters_narrow_what_is_found(cast: Cast) -> None:
    heavy, ours = complaint(cast), repair(cast, "楼道灯闪烁")
    first, last = (f"{timezone.localtime(one.opened_at):%Y-%m-%d}" for one in (heavy, ours))
    for question, expected in (
        ("楼道灯 等级:重要", [heavy]),
        ("楼道灯 等级：重大", []),
        ("类型:投诉", [heavy]),
        ("kind:repair 灯", [ours]),
        ("状态:已报修", [ours]),
        ("state:rep", [ours]),
        (f"处理人:{cast.agent.name} 灯", [heavy] if heavy.owner == cast.agent else []),
        ("owner:nobody", []),
        (f">{first} <{last}", [ours, heavy]),
        (">2050-01-01 灯", []),
        ("＜2020-01-01", []),
    ):
        assert found(cast.agent, question) == expected, question
    for question in ("状态:没有这个", "等级:x", "kind:", ">2026-02-30"):
        with refuses("search.filter"):
            search_cases(cast.agent, question, at=timezone.now())


@pytest.mark.parametrize("many", [2000, 3], ids=["best first", "latest first"])
def test_the_next_page_goes_on_where_the_last_one_ended(
    many: int, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weighing, "MANY", many)
    cases = [repair(cast, f"水管漏水{number}") for number in range(5)]
    for person in (cast.agent, cast.owner):  # who sees few, who sees all
        for question in ("漏水", "水管 漏水", "kind:repair"):
            seen: list[Case] = []
            after = None
            for size in (2, 2, 1):
                page = search_cases(person, question, at=timezone.now(), after=after, limit=2)
                assert len(page.cases) == size
                seen, after = seen + [one.case for one in page.cases], page.after
                assert after is None or searching.place_of(str(after)) == after
            assert seen == cases[::-1], question
            assert after is None
    for text in ("x", "1", "1.1.", "-1.0", "1.0.1.2", "²."):
        with refuses("list.place"):
            searching.place_of(text)


def test_filters_that_leave_few_cases_are_followed_instead_of_a_common_word(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weighing, "MANY", 3)
    cases = [repair(cast, f"漏水{number}") for number in range(6)]
    for case in cases[:2]:
        actions.take(case, by=cast.agent, at=timezone.now())
    mine = f"漏水 处理人:{cast.agent.name}"

    everything = search_cases(cast.owner, "漏水", at=timezone.now())
    narrowed = search_cases(cast.owner, mine, at=timezone.now())

    assert (everything.latest_first, narrowed.latest_first) == (True, False)
    assert [one.case for one in narrowed.cases] == [cases[1], cases[0]]
    assert found(cast.stranger, mine) == [], "the filter gives nobody a right"
    monkeypatch.setattr(searching, "FEW", 1)
    assert found(cast.owner, mine) == [cases[1], cases[0]]


def test_what_fits_best_comes_first_unless_very_many_texts_hold_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Subject before form and message; whole words before parts; several words in one text; then the latest."""
    subject = repair(cast, "锅炉 boiler 异响")
    part = repair(cast, "锅炉boilers有烟")
    form = repair(cast, "有人来电", values=SLIP | {"content": "锅炉房 boiler 冒烟"})
    said = repair(cast, "另有来电", body="锅炉又坏了")
    actions.add_message(said, by=cast.agent, at=timezone.now(), body="boiler", public=False)
    later = repair(cast, "再有来电", body="锅炉又坏了 boiler")

    for person in (cast.agent, cast.owner):
        assert found(person, "boiler 锅炉") == [subject, part, form, later, said]
        assert found(person, "boiler") == [subject, part, form, later, said]
        assert found(person, "锅炉") == [part, subject, form, later, said], "it stands alone in both subjects"
    monkeypatch.setattr(weighing, "MANY", 4)
    assert found(cast.owner, "锅炉") == [later, said, form, part, subject]


def test_what_was_said_on_a_merged_case_finds_the_one_that_goes_on_once(cast: Cast) -> None:
    main, second, third = (repair(cast, f"厨房滴水{number}", body="昨晚开始") for number in range(3))
    actions.add_message(third, by=cast.agent, at=timezone.now(), body="地板都湿了", public=False)
    actions.add_message(main, by=cast.agent, at=timezone.now(), body="地板湿，已派师傅", public=False)

    for duplicate, into in ((third, second), (second, main)):
        joining.merge(duplicate, into, by=cast.agent, at=timezone.now())

    for person in (cast.agent, cast.owner):
        assert found(person, "地板都湿了") == [main]
        assert found(person, "地板") == [main]
        assert found(person, "地板都湿 已派师傅") == [main], "it is told on one page"
        assert found(person, "昨晚") == [main]
        assert found(person, third.number) == [third], "its own words are its own"
        assert set(found(person, "滴水2")) == {third}
    (one,) = search_cases(cast.agent, "都湿了", at=timezone.now()).cases
    assert ("都湿了", True) in one.said
    assert list(verify.differences()) == []


def test_a_page_of_results_asks_no_question_per_row(cast: Cast, django_assert_max_num_queries) -> None:
    for number in range(12):
        repair(cast, f"水管漏水{number}", body="漏水很大")
    search_cases(cast.agent, "漏水", at=timezone.now())  # rulebooks are read once

    with django_assert_max_num_queries(22):
        assert len(search_cases(cast.agent, "漏水", at=timezone.now()).cases) == 12


def test_customers_are_found_by_pinyin_initials_and_last_four_digits(cast: Cast) -> None:
    at = timezone.now() - timedelta(days=1)

    def known(name: str, phone: str) -> object:
        contacts = [("phone", phone)]
        return customers.add_customer(
            cast.service_centre, kind="natural", name=name, contacts=contacts, by=cast.agent, at=at
        )

    wei, wen, shan = (
        known("张伟", "13812345678"),
        known("李子文", "13912340000"),
        known("单雄信", "13700001111"),
    )
    for question, expected in (
        ("zw", [wei, wen]),  # whole initials before a part of some
        ("zhangwei", [wei]),
        ("ZhangW", [wei]),
        ("shanxx", []),
        ("shanxiong", [shan]),
        ("5678", [wei]),
        ("張偉", [wei]),
        ("13812345678", [wei]),
        ("1234", []),
        ("3812345", []),
    ):
        assert find_customers(cast.agent, question, at=timezone.now()) == expected, question
        assert find_customers(cast.stranger, question, at=timezone.now()) == []
    assert list(verify.differences()) == []
