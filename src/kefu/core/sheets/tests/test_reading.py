from __future__ import annotations

import gzip
import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from kefu.core.errors import Refused
from kefu.core.sheets import plain, reading, write_table
from kefu.core.sheets.reading import read_rows

TEXT = '姓名,电话,备注\n王芳,13812345678,"一,二\n三"\n\n,,\n李强,０１０\n'
ROWS = [
    (2, {"姓名": "王芳", "电话": "13812345678", "备注": "一,二\n三"}),
    (5, {"姓名": "李强", "电话": "０１０", "备注": ""}),
]


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("gb18030"),
        gzip.compress(TEXT.encode()),
        gzip.compress(TEXT.encode("gb18030")),
        TEXT.replace("\n", "\r\n").replace("二\r\n", "二\n").encode(),
    ],
    ids=["utf-8", "bom", "gb18030", "gz", "gz gb18030", "crlf"],
)
def test_csv_is_read_in_every_dress_it_comes_in(data: bytes) -> None:
    assert list(read_rows(io.BytesIO(data))) == ROWS


def test_semicolons_and_tabs_are_seen_by_the_headings() -> None:
    assert list(read_rows(io.BytesIO(b"a\tb\n1,2\t3\n"))) == [(2, {"a": "1,2", "b": "3"})]
    assert list(read_rows(io.BytesIO(b"a;b\n1,2;3\n"))) == [(2, {"a": "1,2", "b": "3"})]


def test_an_xlsx_gives_what_one_sees_in_it() -> None:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["电话", "日期", "数", "真", "名"])
        sheet.write_number(2, 0, 13812345678)
        sheet.write_datetime(2, 1, date(2026, 9, 24), book.add_format({"num_format": 14}))
        sheet.write_row(2, 2, [0.5, True, "𠮷"])

    made.seek(0)
    assert list(read_rows(made)) == [
        (3, {"电话": "13812345678", "日期": "2026-09-24", "数": "0.5", "真": "1", "名": "𠮷"})
    ]


def test_cells_beyond_the_headings_are_not_lost() -> None:
    assert list(read_rows(io.BytesIO(b"a,b\n1,2,3,4\n"))) == [(2, {"a": "1", "b": "2", "": "3 4"})]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "sheet.empty"),
        (b"\n\n", "sheet.empty"),
        (b"a,a\n1,2\n", "sheet.heading_twice"),
        (b"\xff\xfe\x00\x01\xff", "sheet.encoding"),
        (b"\xd0\xcf\x11\xe0 old", "sheet.old_format"),
        (b"PK\x03\x04 not a zip", "sheet.unreadable"),
        (gzip.compress(b"a,b\n1,2\n" * 100)[:-9], "sheet.unreadable"),
        (b"\x1f\x8b\x08 no gzip", "sheet.unreadable"),
    ],
    ids=["nothing", "blank", "twice", "neither", "xls", "no zip", "cut gz", "no gz"],
)
def test_a_file_that_is_no_table_is_refused_in_one_sentence(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        list(read_rows(io.BytesIO(data)))

    assert refused.value.code == code


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("evil.pickle", b"cos\nsystem\n")
    made.seek(0)

    with pytest.raises(Refused) as refused:
        list(read_rows(made))
    assert refused.value.code == "sheet.unreadable"


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_UNPACKED", 1 << 20)
    bomb = gzip.compress(b"a,b\n" + b"1" * (5 << 20))
    xlsx = io.BytesIO()
    with zipfile.ZipFile(xlsx, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (5 << 20))
    assert len(bomb) < 10_000  # premise: small as sent
    assert len(xlsx.getvalue()) < 10_000

    for data in (bomb, xlsx.getvalue()):
        with pytest.raises(Refused) as refused:
            list(read_rows(io.BytesIO(data)))
        assert refused.value.code == "sheet.too_large"


def test_what_was_written_is_read_back_as_text_and_never_a_formula() -> None:
    cells = ["=1+1", "+8613812345678", "@SUM(A1)", "http://example.com", "0012", "-1", "𠮷"]
    headings = [f"c{number}" for number in range(len(cells))]
    data = write_table(headings, [cells])

    assert list(read_rows(io.BytesIO(data))) == [(2, dict(zip(headings, cells, strict=True)))]
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet


def with_first_row(*, merged: bool = False, formulas: int = 0, elsewhere: bool = False) -> io.BytesIO:
    """Headings and a row; cells of it merged or computed; a formula on another sheet, which nobody reads."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["姓名", "数量", "金额"])
        sheet.write_row(1, 0, ["王芳", 1, 2])
        if merged:
            sheet.merge_range("A3:A4", "李强")
        for number in range(formulas):
            sheet.write_formula(number + 1, 2, "=B2*2", value=2)
        if elsewhere:
            book.add_worksheet().write_formula("A1", "=1+1", value=2)
    made.seek(0)
    return made


def test_merged_cells_are_named_and_refused() -> None:
    with pytest.raises(Refused, match="A3:A4") as refused:
        list(read_rows(with_first_row(merged=True)))
    assert refused.value.code == "sheet.merged"


def test_formulas_are_named_and_refused_those_of_other_sheets_are_nobodys_business() -> None:
    with pytest.raises(Refused, match="C2、C3、C4、C5、C6 are") as refused:
        list(read_rows(with_first_row(formulas=9)))
    assert refused.value.code == "sheet.formulas"
    assert len(list(read_rows(with_first_row(elsewhere=True)))) == 1


def test_a_formula_at_the_edge_of_what_is_read_at_once_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    for size in (600, 601, 640, 700, 777):
        monkeypatch.setattr(plain, "_CHUNK", size)
        with pytest.raises(Refused, match="C2"):
            list(read_rows(with_first_row(formulas=1)))
