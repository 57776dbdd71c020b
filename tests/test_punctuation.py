"""The checker of Chinese punctuation."""

from __future__ import annotations

import pytest

from tools import punctuation

# half-width as an input method in English mode leaves it, and what people expect to read
TEXTS = {
    "没有这个部门,请从列表中选择。": "没有这个部门\uff0c请从列表中选择。",
    "可用:{'、'.join(codes)}。": "可用\uff1a{'、'.join(codes)}。",
    "「{text[:40]}」不是日期(例:2026-02-28)": "「{text[:40]}」不是日期\uff08例\uff1a2026-02-28\uff09",
    "确定移交? 不能撤销": "确定移交\uff1f不能撤销",
    "%(count)s 行(共 %(all)s 行)": "%(count)s 行\uff08共 %(all)s 行\uff09",
    "见 `kefu init(中)`,再试": "见 `kefu init(中)`\uff0c再试",
}


@pytest.mark.parametrize("typed", TEXTS)
def test_punctuation_beside_chinese_becomes_full_width(typed):
    assert punctuation.full_width(typed) == TEXTS[typed]


@pytest.mark.parametrize(
    "text", ["at 10:30, for 客服", "电话 138-1234 (UTC)", "第 {len(rows)} 行", "%(name)s您好"]
)
def test_what_stands_beside_latin_stays(text):
    assert punctuation.full_width(text) == text


def test_only_what_is_shown_is_put_right(tmp_path, monkeypatch):
    monkeypatch.setattr(punctuation, "ROOT", tmp_path)
    code = '"""Docstring: 客服(中心)."""\nzh = "不行,请重试"  # 注释,不显示\nen = "Kefu (客服) cannot"\n'
    rules = "title: {zh: 投诉, en: complaint}  # 一类,说明\nsay: 可以(次日)\n"

    right = punctuation.put_right(tmp_path / "errors.py", code)
    ruled = punctuation.put_right(tmp_path / "rulebooks" / "x.yaml", rules)

    assert right == code.replace("不行,", "不行\uff0c")
    assert ruled == rules.replace("(次日)", "\uff08次日\uff09")
