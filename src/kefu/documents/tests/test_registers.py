"""Registers show what there is to whom it may be shown: in order, page by page, counted, on paper, in a spreadsheet."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from kefu.core.errors import Refused
from kefu.core.jobs.models import Job
from kefu.core.jobs.registry import handlers
from kefu.core.jobs.running import Run
from kefu.core.ledger.models import Event
from kefu.core.sheets import read_rows, waiting
from kefu.core.work import actions as work
from kefu.core.work import registry
from kefu.documents import actions
from kefu.documents.models import Document
from kefu.documents.printing import pdf
from kefu.documents.registers import exporting, reading
from kefu.documents.registers.exporting import EXPORT, narrowed
from kefu.documents.registers.finding import Listed, listed, registers_for
from kefu.documents.registers.paper import register_paper
from kefu.documents.registers.reading import Narrowed, Reader
from kefu.documents.registers.words import Words
from kefu.documents.tests.paperwork import AT, filed, sheet, with_forms
from kefu.staff.long_work import begin
from kefu.staff.models import Person
from kefu.staff.rights import rulebook_of
from tests.cast import Cast, local, refuses
from tests.printed import sizes_of, text_of

pytestmark = [pytest.mark.db, pytest.mark.django_db]
LATER = AT + timedelta(days=20)


@pytest.fixture(autouse=True)
def forms(cast: Cast) -> None:
    with_forms(cast)


def reader(person: Person, name: str = "visits", **asked: Any) -> Reader:
    return Reader(listed(person, "property", name, LATER), person, LATER, Narrowed(**asked))


def numbers(person: Person, **asked: Any) -> list[str]:
    return [line.number for line in reader(person, **asked).lines()]


def test_a_register_lists_what_is_filed_latest_first_and_nothing_that_was_replaced(cast: Cast) -> None:
    first, draft = filed(cast), sheet(cast)
    second = filed(cast, AT + timedelta(days=1))
    assert numbers(cast.manager) == [second.number, first.number]
    assert draft.number not in numbers(cast.manager)

    newer = actions.correct(first, reason="写错", by=cast.agent, at=AT)

    assert numbers(cast.manager) == [second.number], "the old version has gone, the new one is not filed"
    assert newer.number not in numbers(cast.manager)


def test_it_shows_what_a_person_may_see(cast: Cast) -> None:
    document = filed(cast)

    assert numbers(cast.agent) == numbers(cast.owner) == [document.number]
    assert numbers(cast.worker) == []
    with refuses("register.unknown"):
        reader(cast.stranger)
    with refuses("register.unknown"):
        listed(cast.manager, "property", "salaries", LATER)
    assert "visits" in [one.register.name for one in registers_for(cast.agent, LATER)]


def test_it_is_narrowed_by_days_of_the_calendar_both_included(cast: Cast) -> None:
    late = filed(cast, local("2026-09-30 23:59"))
    filed(cast, local("2026-10-01 00:00"))
    found = listed(cast.manager, "property", "visits", LATER)

    asked = narrowed(found, {"from": "2026-09-25", "to": "2026-09-30", "department": ""})

    assert [line.number for line in Reader(found, cast.manager, LATER, asked).lines()] == [late.number]


def test_pages_follow_one_another_without_a_gap(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [filed(cast, AT + timedelta(minutes=n // 2)).number for n in range(7)]
    monkeypatch.setattr(reading, "PAGE", 2)
    monkeypatch.setattr(reading, "CHUNK", 3)

    seen: list[str] = []
    after = ""
    for _ in range(4):
        page = reader(cast.manager).page(after)
        seen += [line.number for line in page.lines]
        after = page.after

    assert sorted(seen) == sorted(made)
    assert seen[:2] == [made[6], made[5]]
    assert after == ""
    with refuses("list.place"):
        reader(cast.manager).page("x")


@pytest.mark.parametrize("order", [["total"], ["-total"], ["visited_on", "-total"], ["satisfied", "number"]])
def test_it_is_sorted_by_any_field_and_what_is_empty_stands_last(
    cast: Cast, order: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for price, day, satisfied in (
        ("5", "2026-09-22", "yes"),
        ("40", "2026-09-20", "no"),
        ("7", "", "yes"),
        ("40", "2026-09-22", "no"),
    ):
        filed(cast, parts=[{"price": price, "pieces": "1"}], visited_on=day, satisfied=satisfied)
    found = listed(cast.manager, "property", "visits", LATER)
    found = replace(found, register=replace(found.register, order=tuple(order)))
    monkeypatch.setattr(reading, "PAGE", 3)

    page = Reader(found, cast.manager, LATER, Narrowed()).page()
    rest = Reader(found, cast.manager, LATER, Narrowed()).page(page.after)
    said = [[str(line.facts.get(one.lstrip("-"))) for one in order] for line in (*page.lines, *rest.lines)]

    assert (
        said
        == {
            "total": [["5"], ["7"], ["40"], ["40"]],
            "-total": [["40"], ["40"], ["7"], ["5"]],
            "visited_on": [["2026-09-20", "40"], ["2026-09-22", "40"], ["2026-09-22", "5"], ["None", "7"]],
            "satisfied": [
                ["no", "VS20260924-0002"],
                ["no", "VS20260924-0004"],
                ["yes", "VS20260924-0001"],
                ["yes", "VS20260924-0003"],
            ],
        }[order[0]]
    )


def test_lines_read_in_words_with_numbers_of_people_masked(cast: Cast) -> None:
    filed(cast, visited_on="2026-09-24", visitor=str(cast.agent.pk))
    found = listed(cast.manager, "property", "visits", LATER)
    words, columns = Words(found, "zh"), found.register.columns

    assert words.headings(columns) == ["编号", "回访日期", "客户姓名", "电话", "回访人", "满意度", "合计金额"]
    (cells,) = words.cells(list(reader(cast.manager).lines()), columns)
    assert cells == ["VS20260924-0001", "2026-09-24", "王芳", "138****5678", "陈静", "满意", "72 元"]


def test_a_table_of_counts_has_shares_and_sums(cast: Cast) -> None:
    for satisfied in ("yes", "yes", "no", "yes"):
        filed(cast, satisfied=satisfied, visitor=str(cast.agent.pk))

    groups = reader(cast.manager, "visit_results").groups()

    assert [(one.count, one.share, one.sums["total"]) for one in groups] == [
        (3, Decimal("75.0"), Decimal(216)),
        (1, Decimal("25.0"), Decimal(72)),
    ]
    found = listed(cast.manager, "property", "visit_results", LATER)
    assert Words(found, "zh").groups(groups)[0] == ["满意", "陈静", "3", "75.0%", "216"]


def test_a_register_is_printed_with_its_sums(cast: Cast) -> None:
    filed(cast), filed(cast)
    found = listed(cast.manager, "property", "visits", LATER)

    paper = register_paper(found, reader(cast.manager), lang="zh", at=LATER, period="2026 年 9 月")
    made = pdf([paper])

    assert sizes_of(made) == [(297, 210)], "seven columns lie on their side"
    for said in ("上门回访登记表", "2026 年 9 月", "VS20260924-0001", "VS20260924-0002", "合计", "144"):
        assert said in text_of(made)


# --- in a spreadsheet -----------------------------------------------------------------------------------


def export(person: Person, **asked: str) -> tuple[dict[str, Any], list[dict[str, str]]]:
    arguments = {"pack": "property", "name": "visits", "from": "", "to": "", "department": "", **asked}
    job = begin(EXPORT, arguments, by=person, at=LATER)
    Job.objects.filter(pk=job.pk).update(lease_by="w", tries=1, lease_until=LATER)
    result: dict[str, Any] = handlers()[EXPORT].handle(Run(job.pk, "w", 1, arguments, person.actor_id), LATER)
    if "file" not in result:
        return result, []
    with waiting.waiting_at(result["file"]).open("rb") as file:
        return result, [values for _, values in read_rows(file)]


def test_an_export_has_text_cells_and_masks_personal_columns(cast: Cast) -> None:
    document = filed(cast, customer_name="=HYPERLINK(1)\x07 13812345678", visited_on="2026-09-24")

    result, rows = export(cast.manager)

    assert result["file_name"] == "上门回访登记表 2026-10-14.xlsx"
    assert result["masked"] == ["电话"]
    assert rows == [
        {
            "编号": document.number,
            "回访日期": "2026-09-24",
            "客户姓名": "=HYPERLINK(1) 138****5678",
            "电话": "138****5678",
            "回访人": "",
            "满意度": "满意",
            "合计金额": "72 元",
        }
    ]
    told = Event.objects.get(kind="document.exported")
    assert told.data == {"register": "visits", "pack": "property", "rows": 1}


def test_an_approved_application_lets_its_applicant_take_numbers_along_as_long_and_as_many_as_it_says(
    cast: Cast,
) -> None:
    filed(cast)
    asked = {"purpose": "寄送贺卡", "extent": "上门回访登记表", "records_count": "1", "secrecy": "internal"}
    asked |= {"receiver": "印刷厂", "destroy_on": "2026-10-31"}

    def granted(by: Person, **more: str) -> None:
        model = registry.model_of("approvals")
        asked_for = work.open_work(
            model,
            "personal_data_export",
            department=cast.service_centre,
            rulebook=rulebook_of(cast.service_centre, AT),
            by=by,
            at=AT,
            values={**asked, **more},
        )
        model._default_manager.filter(pk=asked_for.pk).update(state="approved", closed_at=AT)

    granted(cast.supervisor)
    granted(cast.manager, extent="客户名单")
    granted(cast.manager, destroy_on="2026-10-13")
    granted(cast.manager, records_count="0")
    assert export(cast.manager)[1][0]["电话"] == "138****5678"

    granted(cast.manager)

    result, rows = export(cast.manager)
    assert (rows[0]["电话"], result["masked"]) == ("13812345678", [])
    told = Event.objects.filter(kind="document.exported").latest("seq")
    assert told.data["approval"] == result["approval"]


def test_a_table_of_counts_is_exported_as_it_is_shown(cast: Cast) -> None:
    filed(cast)

    _, rows = export(cast.manager, name="visit_results")

    assert rows == [
        {"满意度": "满意", "回访人": "（未填）", "数量": "1", "占比": "100.0%", "合计 合计金额": "72"}
    ]


def test_somebody_elses_register_is_not_exported(cast: Cast) -> None:
    result, _ = export(cast.stranger)

    assert result["refused"]["code"] == "register.unknown"


def test_a_register_that_is_too_long_gets_a_clear_answer(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    filed(cast), filed(cast)
    for module in (reading, exporting):
        monkeypatch.setattr(module, "MOST", 1)

    result, _ = export(cast.manager)

    assert result["refused"]["code"] == "register.too_long"
    assert "共 2 行" in result["refused"]["zh"]
    with pytest.raises(Refused, match="2 rows"):
        list(reader(cast.manager, "visit_results").groups())


def test_a_register_of_people_is_the_organisation_as_it_stands(cast: Cast) -> None:
    found: Listed = next(one for one in registers_for(cast.manager, LATER) if one.register.of == ("person",))

    cells = Words(found, "zh").cells(
        list(Reader(found, cast.manager, LATER, Narrowed()).lines()), ["name", "post"]
    )

    assert ["陈静", "接待人员"] in cells
    assert not Document.objects.exists()
