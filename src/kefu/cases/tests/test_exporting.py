from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kefu.cases import actions
from kefu.cases.exporting import case_table
from kefu.cases.queries import cases_visible_to
from kefu.core.sheets import read_rows
from kefu.staff.models import Person
from tests.cast import Cast, local

pytestmark = pytest.mark.db
AT = local("2026-09-24 15:00")


@pytest.fixture(autouse=True)
def cases(cast: Cast) -> None:
    values = {"surname": "王", "telephone": "8000001", "content": "=三天没修好"}
    actions.register(
        "complaint",
        department=cast.service_centre,
        by=cast.agent,
        at=AT,
        subject="=电梯停运",
        values=values,
    )
    actions.register("enquiry", department=cast.sales, by=cast.stranger, at=AT, subject="报价")


def exported(person: Person, lang: str = "zh-hans") -> list[dict[str, str]]:
    headings, rows = case_table(cases_visible_to(person, AT), zone="Asia/Shanghai", lang=lang)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def test_a_person_exports_what_that_person_may_see(cast: Cast) -> None:
    assert {row["主题"] for row in exported(cast.owner)} == {"=电梯停运", "报价"}
    assert {row["主题"] for row in exported(cast.manager)} == {"=电梯停运"}
    assert {row["主题"] for row in exported(cast.stranger)} == {"报价"}
    assert exported(cast.worker) == []


def test_a_case_reads_as_on_its_page_in_both_languages(cast: Cast) -> None:
    (row,) = exported(cast.manager)
    (english,) = exported(cast.manager, "en")

    assert row["类别"] == "投诉"
    assert row["登记时间"] == "2026-09-24 15:00:00"
    assert row["受理部门"] == "客服中心"
    assert "=三天没修好" in row.values()
    assert english["Opened"] == row["登记时间"]


def test_personal_fields_have_no_column(cast: Cast) -> None:
    (row,) = exported(cast.manager)

    assert not {"王", "8000001"} & set(row.values())


@pytest.mark.parametrize(("name", "subject"), [("cases.xlsx", "=电梯停运"), ("cases.csv", "'=电梯停运")])
def test_the_command_writes_a_sheet_that_runs_nothing(
    cast: Cast, tmp_path: Path, name: str, subject: str
) -> None:
    call_command("export", "cases", str(tmp_path / name), "--as", cast.manager.login)

    with (tmp_path / name).open("rb") as file:
        ((_, row),) = read_rows(file)
    assert row["主题"] == subject


@pytest.mark.parametrize(
    "words", [["a.pdf"], ["a.csv", "--as", "nobody"], ["a.csv", "--department", "nowhere"]]
)
def test_the_command_refuses_what_it_cannot_do(
    cast: Cast, tmp_path: Path, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(CommandError):
        call_command("export", "cases", *words)

    assert list(tmp_path.iterdir()) == []
