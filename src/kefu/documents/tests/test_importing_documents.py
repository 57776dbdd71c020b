"""A sheet of documents: a template, a look at it first, what it brings in, and the refused rows as a sheet."""

from __future__ import annotations

import io
from typing import Any

import pytest
import xlsxwriter
from python_calamine import load_workbook

from kefu.cases.tests.desk import household
from kefu.core.jobs.models import Job
from kefu.core.jobs.registry import handlers
from kefu.core.jobs.running import Run
from kefu.core.sheets import read_rows, template, waiting, write_table
from kefu.documents.importing import IMPORT, columns_of
from kefu.documents.models import Document
from kefu.documents.tests.paperwork import AT, with_forms
from kefu.staff.long_work import begin
from kefu.staff.rights import rulebook_of
from tests.cast import Cast

pytestmark = [pytest.mark.db, pytest.mark.django_db]
HEADINGS = ["客户姓名", "客户", "回访日期", "回访人", "满意度", "客户意见", "合计金额"]


@pytest.fixture(autouse=True)
def forms(cast: Cast) -> None:
    with_forms(cast)


def bring(cast: Cast, sheet: bytes, *, kind: str = "visit_sheet", dry: bool = False) -> dict[str, Any]:
    file = waiting.keep(lambda made: made.write(sheet), at=AT)
    asked = {"department": cast.service_centre.pk, "kind": kind, "sheet": file, "dry": dry}
    job = begin(IMPORT, asked, by=cast.agent, at=AT)
    Job.objects.filter(pk=job.pk).update(lease_by="w", tries=1, lease_until=AT)
    result: dict[str, Any] = handlers()[IMPORT].handle(Run(job.pk, "w", 1, asked, cast.agent.actor_id), AT)
    return result


def test_the_template_has_a_column_for_what_a_cell_can_hold(cast: Cast) -> None:
    kind = rulebook_of(cast.service_centre, AT).kinds["visit_sheet"]

    made = template(columns_of(kind), "zh")

    assert "客户姓名*" in _headings(made)
    assert "用料" not in _headings(made)


def _headings(made: bytes) -> str:
    (row,) = load_workbook(io.BytesIO(made)).get_sheet_by_index(0).to_python()
    return " ".join(str(cell) for cell in row)


def test_rows_become_documents_after_a_look_that_changes_nothing(cast: Cast) -> None:
    customer, _ = household(cast)
    rows = [
        ["王芳", customer.number, "2026-09-20", "陈静", "满意", "很好\x07", ""],
        ["李强", "", "2026/09/21", cast.other_agent.name, "no", "", ""],
    ]
    sheet = write_table(HEADINGS, rows)

    looked = bring(cast, sheet, dry=True)
    assert (looked["carried"], looked["refused_rows"], Document.objects.count()) == (2, 0, 0)
    result = bring(cast, sheet)

    assert result["carried"] == 2
    one, other = Document.objects.order_by("pk")
    assert (one.values["customer"], one.values["customer_phone"]) == (customer.ref, "138 1234 5678")
    assert (one.state, one.values["satisfied"], one.values["opinion"]) == ("draft", "yes", "很好")
    assert str(other.values["visited_on"]) == "2026-09-21"
    assert bring(cast, sheet)["known"] == 2, "the same rows are not brought in twice"


def test_a_form_without_signatures_is_filed_at_once(cast: Cast) -> None:
    bring(cast, write_table(["说明"], [["电梯停运"], ["已恢复"]]), kind="plain_note")

    assert [one.state for one in Document.objects.all()] == ["filed", "filed"]


def test_refused_rows_come_back_as_a_sheet_with_the_reason(cast: Cast) -> None:
    rows = [
        ["王芳", "", "2026-09-20", "陈静", "满意", "", ""],
        ["", "", "2026-09-20", "陈静", "满意", "", ""],
        ["李强", "KH999999", "", "", "满意", "", ""],
        ["李强", "", "", "无名氏", "满意", "", ""],
        ["李强", "", "", "", "还行", "", ""],
        ["李强", "", "", "", "满意", "", "99"],
    ]

    result = bring(cast, write_table(HEADINGS, rows))

    assert (result["carried"], result["refused_rows"]) == (1, 5)
    codes = [one["code"] for one in result["first_refused"]]
    assert codes == [
        "sheet.cell_missing",
        "form.invalid",
        "sheet.cell_name",
        "sheet.cell_choice",
        "form.invalid",
    ]
    with waiting.waiting_at(result["file"]).open("rb") as file:
        back = [values for _, values in read_rows(file)]
    assert [row["原行号"] for row in back] == ["3", "4", "5", "6", "7"]
    assert "填写的是 99" in back[4]["未导入原因"]


def test_merged_cells_and_formulas_get_a_clear_answer(cast: Cast) -> None:
    for spoil, code in ((_merge, "sheet.merged"), (_compute, "sheet.formulas")):
        made = io.BytesIO()
        with xlsxwriter.Workbook(made) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, HEADINGS)
            spoil(sheet)
        assert bring(cast, made.getvalue())["refused"]["code"] == code
    assert not Document.objects.exists()


def _merge(sheet: Any) -> None:
    sheet.merge_range("A2:A3", "王芳")


def _compute(sheet: Any) -> None:
    sheet.write_formula("G2", "=35*2", value=70)
