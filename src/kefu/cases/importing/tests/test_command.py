from __future__ import annotations

import signal
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kefu.cases.importing.carrying import BATCH, _Importer
from kefu.cases.importing.reading import Line
from kefu.cases.importing.tests.desk import HISTORY, LOG_YAML, desk, row, sheet
from kefu.cases.importing.tests.test_mapping import REGISTER
from kefu.cases.models import Case
from kefu.core.sheets import read_rows
from kefu.customers.models import Site
from kefu.staff.models import Department

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def department(db: None) -> Department:
    return desk()


@pytest.fixture
def mapping(tmp_path: Path) -> str:
    path = tmp_path / "letters.yaml"
    path.write_text(REGISTER)
    return str(path)


LETTERS = "id,came,subject,answered,answer\n1,2019-01-01 08:00:00,路灯,2019-01-16 08:00:00,修好了\n"


def run(*words: str) -> str:
    out = StringIO()
    call_command("import", *words, stdout=out)
    return out.getvalue()


def test_cases_come_in_and_a_second_run_knows_them(tmp_path: Path, mapping: str) -> None:
    file = tmp_path / "letters.csv"
    file.write_text(LETTERS)

    assert "1 cases and 1 rows would be imported" in run(
        "cases", str(file), "--mapping", mapping, "--dry-run"
    )
    assert not Case.objects.exists()
    assert "1 cases and 1 rows imported" in run("cases", str(file), "--mapping", mapping)
    assert "0 cases and 0 rows imported; 1 rows were known" in run("cases", str(file), "--mapping", mapping)


def test_refused_rows_are_told_and_come_back_as_a_sheet(tmp_path: Path, mapping: str) -> None:
    file = tmp_path / "letters.csv"
    file.write_text(LETTERS + "2,soon,树,,\n")

    with pytest.raises(CommandError, match=r"letters\.csv\.refused\.xlsx"):
        run("cases", str(file), "--mapping", mapping)

    assert Case.objects.count() == 1
    with (tmp_path / "letters.csv.refused.xlsx").open("rb") as sheet_of_refused:
        ((_, row_refused),) = read_rows(sheet_of_refused)
    assert (row_refused["原行号"], row_refused["拒绝代码"], row_refused["id"]) == ("3", "import.instant", "2")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["cases", "nowhere.csv", "--mapping", "nowhere.yaml"], "nowhere.csv"),
        (["cases", "letters.csv", "--mapping", "nowhere.yaml"], "nowhere.yaml"),
        (["cases", "letters.csv", "--mapping", "letters.yaml", "--department", "nowhere"], "there are: desk"),
        (["cases", "letters.yaml", "--mapping", "letters.yaml"], "lacks columns"),
    ],
)
def test_what_cannot_be_read_as_a_whole_is_refused_in_a_sentence(
    tmp_path: Path, mapping: str, monkeypatch: pytest.MonkeyPatch, words: list[str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("letters.csv").write_text(LETTERS)

    with pytest.raises(CommandError, match=told):
        run(*words)


def test_rooms_come_in_by_the_same_command(tmp_path: Path) -> None:
    file = tmp_path / "rooms.csv"
    file.write_bytes("小区,楼栋,单元,房号\n云庭,9,1,901\n云庭,9,1,902\n".encode("gb18030"))

    assert "2 rows imported" in run("rooms", str(file))
    assert Site.objects.count() == 2


def test_a_whole_log_comes_in_by_the_command(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_bytes(sheet(*HISTORY, row(number="INC2")).getvalue())
    mapping = tmp_path / "log.yaml"
    mapping.write_bytes(LOG_YAML)

    assert "2 cases and 7 rows imported" in run("cases", str(file), "--mapping", str(mapping))

    call_command("export", "cases", str(tmp_path / "out.csv"), stdout=StringIO())
    with (tmp_path / "out.csv").open("rb") as exported:
        rows = [cells for _, cells in read_rows(exported)]  # premise: the form has a field called 类别 too
    assert [(cells["类别"], cells["类别 (category)"]) for cells in rows] == [("事件", "Mail")] * 2


def test_ctrl_c_stops_tidily_and_the_same_command_goes_on(
    tmp_path: Path, mapping: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "letters.csv"
    rows = [f"{number},2019-01-01 08:00:00,路灯,," for number in range(1, 2 * BATCH)]
    file.write_text("\n".join(["id,came,subject,answered,answer", *rows]))
    carry = _Importer.case

    def pressed(self: _Importer, key: str, lines: Sequence[Line]) -> None:
        carry(self, key, lines)
        if key == "3":
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(_Importer, "case", pressed)
    before = signal.getsignal(signal.SIGINT)

    with pytest.raises(CommandError, match="same command") as ended:
        run("cases", str(file), "--mapping", mapping)

    assert ended.value.returncode == 130
    assert Case.objects.count() == BATCH
    assert signal.getsignal(signal.SIGINT) is before
    monkeypatch.undo()
    assert f"{BATCH - 1} cases and {BATCH - 1} rows imported; {BATCH} rows were known" in run(
        "cases", str(file), "--mapping", mapping
    )
