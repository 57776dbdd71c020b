from __future__ import annotations

import io

import pytest

from kefu.core.errors import Refused
from kefu.core.sheets import Column, Outcome, read_rows, read_table, template, write_refused
from kefu.core.sheets.carrying import BATCH, carry_in
from kefu.core.versions.models import RulebookVersion
from tests.cast import FOUNDED, refuses

COLUMNS = (
    Column("name", "姓名", "Name", required=True),
    Column("grade", "等级", "Grade", options={"甲": "a", "a": "a"}),
)


def table(text: str) -> io.BytesIO:
    return io.BytesIO(text.encode())


@pytest.mark.parametrize("heading", ["姓名,等级", "Name*,GRADE", "name,grade", "等级,姓名*"])
def test_headings_in_either_language_lead_to_the_columns(heading: str) -> None:
    rows = list(read_table(table(f"{heading}\nx,y\n"), COLUMNS))

    assert rows[0][1].keys() == {"name", "grade"}


def test_an_unknown_or_a_missing_column_is_named() -> None:
    with refuses("sheet.unknown_column"):
        list(read_table(table("姓名,密码\nx,y\n"), COLUMNS))
    with refuses("sheet.missing_column"):
        list(read_table(table("等级\n甲\n"), COLUMNS))


def _keep(row: dict[str, str]) -> None:
    if row["name"] == "坏":
        raise Refused("test.bad", zh="不行", en="no")
    RulebookVersion.objects.create(
        pack=row["name"], hash=row["grade"], source="", in_force_from=FOUNDED, published_at=FOUNDED
    )
    if row["name"] == "半":
        raise Refused("test.half", zh="半途", en="half way")


SHEET = "姓名,等级\n好,甲\n坏,\n半,甲\n,甲\n丙,乙\n丁,甲,多\n戊,a\n"


@pytest.mark.db
def test_good_rows_go_in_and_refused_ones_leave_nothing() -> None:
    outcome = carry_in(read_table(table(SHEET), COLUMNS), COLUMNS, _keep, into="x", dry=False)

    assert outcome.carried == 2
    assert [(row.number, row.reason.code) for row in outcome.refused] == [
        (3, "test.bad"),
        (4, "test.half"),
        (5, "sheet.cell_missing"),
        (6, "sheet.cell_choice"),
        (7, "sheet.row_too_wide"),
    ]
    assert set(RulebookVersion.objects.values_list("pack", "hash")) == {("好", "a"), ("戊", "a")}


@pytest.mark.db
def test_a_dry_run_says_the_same_and_changes_nothing() -> None:
    outcome = carry_in(read_table(table(SHEET), COLUMNS), COLUMNS, _keep, into="x", dry=True)

    assert (outcome.carried, len(outcome.refused)) == (2, 5)
    assert not RulebookVersion.objects.exists()


@pytest.mark.db
def test_refused_rows_come_back_with_the_reason_and_are_read_again_once_mended() -> None:
    outcome = carry_in(read_table(table(SHEET), COLUMNS), COLUMNS, _keep, into="x", dry=False)
    back = write_refused(outcome.refused, COLUMNS, "zh-hans")

    rows = list(read_rows(io.BytesIO(back)))
    assert rows[0] == (2, {"原行号": "3", "未导入原因": "不行", "姓名": "坏", "等级": ""})
    again = carry_in(read_table(io.BytesIO(back), COLUMNS), COLUMNS, lambda row: None, into="x", dry=False)
    assert again.carried == 3  # two are wrong in themselves


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_the_template_is_read_by_the_same_columns(lang: str) -> None:
    data = template(COLUMNS, lang)

    assert list(read_table(io.BytesIO(data), COLUMNS)) == []


def _people(count: int) -> str:
    return "姓名,等级\n" + "".join(f"人{number},甲\n" for number in range(count))


def _run(sheet: str, *, stop_at: int = 10**6, into: str = "x") -> Outcome:
    rows = read_table(table(sheet), COLUMNS)
    return carry_in(rows, COLUMNS, _keep, into=into, dry=False, progress=lambda done, total: done < stop_at)


@pytest.mark.db
def test_a_stopped_run_keeps_what_is_done_and_a_second_one_goes_on() -> None:
    sheet = _people(2 * BATCH + 1)

    first = _run(sheet, stop_at=BATCH)
    assert (first.stopped, first.carried) == (True, BATCH)
    assert RulebookVersion.objects.count() == BATCH
    second = _run(sheet)

    assert (second.stopped, second.known, second.carried) == (False, BATCH, BATCH + 1)
    assert RulebookVersion.objects.count() == 2 * BATCH + 1
    assert _run(sheet).known == 2 * BATCH + 1


@pytest.mark.db
def test_rows_that_are_alike_each_go_in_and_another_list_knows_none_of_them() -> None:
    assert _run("姓名,等级\n王,甲\n王,甲\n").carried == 2
    assert _run("姓名\n王\n王\n王\n").carried == 3  # says something else: no grade
    assert _run("姓名,等级\n王,甲\n", into="y").carried == 1


@pytest.mark.db
def test_what_a_dry_run_carried_is_not_known() -> None:
    carry_in(read_table(table(SHEET), COLUMNS), COLUMNS, _keep, into="x", dry=True)

    assert _run(SHEET).known == 0
