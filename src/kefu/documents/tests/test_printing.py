"""Papers as PDF: exactly A4, in Chinese type, the same each time, and nothing in them but what was said."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from kefu.documents.papers import Cell, Column, Paper, Signed, Table
from kefu.documents.printing import HERE, drawable, pdf
from tests.printed import TOLERANCE, differs, pages_of, sizes_of, text_of

# Drawn anew, when the form was changed on purpose, by tests.printed.drawn(…).save(…).
KEPT = Path(__file__).with_name("slip.png")


@pytest.fixture
def signature(tmp_path: Path) -> Path:
    picture = Image.new("RGBA", (300, 100))
    ImageDraw.Draw(picture).line([(10, 80), (90, 15), (150, 85), (290, 30)], fill="black", width=5)
    picture.save(tmp_path / "signature.png")
    return tmp_path / "signature.png"


def slip(signature: Path | None = None, **more: object) -> Paper:
    given: dict[str, object] = {
        "title": "客户维修受理单",
        "organisation": "云庭物业 客服中心",
        "number": "编号 WX20260924-0001",
        "subtitle": "日期 2026-09-24",
        "foot": "打印 2026-09-24 10:00",
        "blocks": [
            [
                [Cell("客户", "王芳"), Cell("电话", "138****5678")],
                [Cell("故障描述", "厨房水管滴水，橱柜下已积水。\n请带备用接头。", 2)],
            ],
            Table(
                [Column("品名", 2), Column("数量", right=True), Column("金额", right=True)],
                [["水龙头", "2", "70.00"], ["生料带", "1", "2.00"]],
                ["合计", "3", "72.00"],
                "用料",
            ),
            [[Cell("处理结果", "", 2)]],
        ],
        "signatures": [
            Signed("维修工", "吴刚", "2026-09-24 11:20", signature),
            Signed("客户", said="　　　　年　　月　　日"),
        ],
    }
    return Paper(**(given | more))  # type: ignore[arg-type]  # of one test's choosing


def printed(text: str) -> str:
    """What can be read on a paper that says this in its one wide cell."""
    return text_of(pdf([slip(blocks=[[[Cell("内容", text)]]], signatures=[])]))


def test_a_slip_is_printed_in_chinese_and_looks_as_it_did(signature: Path) -> None:
    made = pdf([slip(signature)])

    page = pages_of(made)[0]
    for said in (
        "客户维修受理单",
        "云庭物业 客服中心",
        "编号 WX20260924-0001",
        "138****5678",
        "请带备用接头。",
    ):
        assert said in page
    for said in ("用料", "生料带 1 2.00", "合计 3 72.00", "维修工", "2026-09-24 11:20", "第 1 页 共 1 页"):
        assert said in page
    assert differs(made, KEPT) < TOLERANCE


def test_another_paper_differs_from_the_kept_picture() -> None:
    assert differs(pdf([slip(blocks=[])]), KEPT) > TOLERANCE


def test_the_same_papers_give_the_same_bytes(signature: Path) -> None:
    assert pdf([slip(signature)]) == pdf([slip(signature)])


def test_pages_are_a4_upright_or_lying() -> None:
    assert sizes_of(pdf([slip(), slip(landscape=True)])) == [(210, 297), (297, 210)]


def test_many_papers_come_in_one_file_each_counting_its_own_pages() -> None:
    rows = [[str(n), "客户反映电梯异响"] for n in range(1, 80)]
    long = slip(blocks=[Table([Column("序号"), Column("内容", 4)], rows)])

    pages = pages_of(pdf([slip(), long, slip()]))

    counted = [found[0] for page in pages if (found := re.findall(r"第 \d 页 共 \d 页", page))]
    assert counted[0] == counted[-1] == "第 1 页 共 1 页"
    assert counted[1:-1] == [f"第 {n} 页 共 {len(pages) - 2} 页" for n in range(1, len(pages) - 1)]
    assert "序号 内容" in pages[2], "a table says its columns on every page"
    assert "编号 WX20260924-0001" in pages[2], "a page that fell out is put back"


def test_copies_say_whose_they_are() -> None:
    pages = pages_of(pdf([slip(copies=("第 1 联 客服部", "第 2 联 工程部"))]))

    assert ["第 1 联 客服部" in page for page in pages] == [True, False]
    assert ["第 2 联 工程部" in page for page in pages] == [False, True]


@pytest.mark.parametrize(
    "typed",
    [
        '#read("/etc/passwd")',
        '#import "@preview/cetz:0.3.0"',
        "*粗* _斜_ $x^2$ `code` <label> @ref",
        "= 标题",
        "\\u{41} \\ # // /* */",
        "https://example.com/" + "a" * 200,
        "2026-09-24 11:20 ～ 12:00、50%",
        "王㛃䶮昇祎",
        "£ € ㎡ ① □ ℃ ≥",
    ],
)
def test_what_people_type_is_printed_as_typed(typed: str) -> None:
    assert typed.replace(" ", "") in printed(typed).replace(" ", "")


def test_a_character_that_the_type_lacks_is_named_by_its_number() -> None:
    assert "王〔U+20BB7〕祥〔U+1F600〕" in printed("王𠮷祥😀")


def test_what_does_not_show_or_turns_the_order_round_is_left_out() -> None:
    typed = "甲\x00乙\x07丙\u202e丁\u2066戊\ufeff己\ud83d庚\r\n辛\t壬\u2028癸"

    assert "甲乙丙丁戊己庚辛 壬癸" in printed(typed)


def test_where_a_picture_cannot_be_drawn_the_name_is_printed(tmp_path: Path) -> None:
    broken = tmp_path / "signature.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\nno picture")

    for picture in (broken, tmp_path / "gone.png"):
        assert "维修工 吴刚" in text_of(pdf([slip(picture)]))
    assert not drawable(broken.read_bytes())


def test_a_signature_that_was_drawn_can_be_printed(signature: Path) -> None:
    assert drawable(signature.read_bytes())


def test_the_template_reads_nothing_but_what_it_is_given() -> None:
    template = (HERE / "typeset" / "form.typ").read_text()

    assert not re.search(r"\b(read|eval|plugin|csv|yaml|toml|xml|include)\(|#import|@preview", template)
    assert template.count("json(") == template.count("sys.inputs") == 1


def test_nothing_of_the_network_is_asked() -> None:
    """Printing in a process that may not even name a network."""
    script = (
        "import socket; socket.socket = None\n"
        "from kefu.documents.papers import Paper; from kefu.documents.printing import pdf\n"
        "print(len(pdf([Paper('单', '云庭', '1', [])])))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env={"PYTHONPATH": "src"}
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 1000
