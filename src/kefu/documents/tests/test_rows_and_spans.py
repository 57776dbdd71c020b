"""Fields of several inputs: lines that grow without being sent, the two ends of a span, and what they refuse."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.utils import timezone

from kefu.api.tests.calling import Program
from kefu.cases.models import Case
from kefu.cases.tests.desk import desk_of, page_of, repair
from kefu.core.ledger.models import Event
from kefu.core.rulebook import load_source
from kefu.core.versions.actions import pack_source, publish
from tests.cast import Cast
from tests.printed import text_of

pytestmark = [pytest.mark.db, pytest.mark.django_db]
GOODS = {
    "title": {"zh": "物品清点", "en": "goods counted"},
    "type": "rows",
    "fields": {
        "thing": {"title": {"zh": "物品", "en": "thing"}, "type": "text", "required": "true"},
        "number": {"title": {"zh": "数量", "en": "number"}, "type": "number", "unit": "件"},
        "seen_by": {"title": {"zh": "清点人", "en": "seen by"}, "type": "record", "of": "person"},
    },
}
HOME = {"title": {"zh": "在家时间", "en": "at home"}, "type": "span"}


@pytest.fixture
def case(cast: Cast) -> Case:
    return with_goods(cast)


def with_goods(cast: Cast) -> Case:
    """A repair under a manual whose slip also has a list of goods and the hours in which somebody is at home."""
    source = json.loads(pack_source("property"))
    source["forms"]["repair_slip"]["fields"] |= {"goods": GOODS, "at_home": HOME}
    at = timezone.now()
    text = json.dumps(source, ensure_ascii=False)
    publish(load_source(text).source, by=cast.owner, at=at, in_force_from=at)
    return repair(cast, at=at)


def sent(**more: str) -> dict[str, str]:
    return {"fill.goods.lines": "3", "fill.at_home.starts": "", "fill.at_home.ends": "", **more}


def fill(cast: Cast, case: Case, given: dict[str, str]) -> Any:
    return desk_of(cast.agent).post(f"/cases/{case.number}/fill/", given)


def test_lines_and_ends_are_kept_and_shown_in_words(cast: Cast, case: Case) -> None:
    answer = fill(
        cast,
        case,
        sent(
            **{
                "fill.goods.0.thing": "毛巾",
                "fill.goods.0.number": "３",
                "fill.goods.2.thing": "𠮷祥牌",
                "fill.goods.2.seen_by": str(cast.worker.pk),
                "fill.at_home.starts": "2026-09-24T18:00",
                "fill.at_home.ends": "2026/09/24 20:00",
            }
        ),
    )

    assert answer.status_code == 302
    page = page_of(desk_of(cast.agent).get(f"/cases/{case.number}/"))
    said = f"1. 物品：毛巾，数量：3 件\n2. 物品：𠮷祥牌，清点人：{cast.worker.name}"
    for shown in (said, "2026-09-24 18:00 至 2026-09-24 20:00"):
        assert shown in page
    paper = text_of(desk_of(cast.agent).get(f"/cases/{case.number}/print/register/").content)
    for shown in (
        "1 毛巾 3 件",
        f"2 〔U+20BB7〕祥牌 {cast.worker.name}",
        "2026-09-24 18:00 至 2026-09-24 20:00",
    ):
        assert shown in paper
    assert 'name="fill.goods.1.thing" rows="3" required>𠮷祥牌<' in page  # offered again, to be corrected
    assert 'name="fill.at_home.ends" value="2026-09-24T20:00"' in page
    ledger = Event.objects.filter(kind="case.set").latest("seq").data["facts"]
    assert ledger["goods"] == "filled"  # words stay in the row, where they can be erased


def test_one_more_line_sends_nothing_and_keeps_what_was_typed(cast: Cast, case: Case) -> None:
    before = Event.objects.count()

    typed = {"fill.goods.2.thing": "工具箱", "fill.house_number": "3-301", "add_line": "fill.goods"}
    page = page_of(answer := fill(cast, case, sent(**typed)))

    assert answer.status_code == 200
    assert 'name="fill.goods.lines" value="4"' in page
    assert 'name="fill.goods.3.thing"' in page
    assert re.search(r'name="fill.goods.2.thing"[^>]*>工具箱<', page)
    assert re.search(r'name="fill.house_number"[^>]*value="3-301"', page)
    assert Event.objects.count() == before


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        ({"fill.goods.1.number": "2"}, "第 2 行，物品：请填写", "row 2, thing"),
        (
            {"fill.goods.0.thing": "毛巾", "fill.goods.0.number": "两条"},
            "第 1 行，数量：「两条」不是数字",
            "row 1, number",
        ),
        ({"fill.goods.0.seen_by": "999999"}, "清点人：没有这一项", "there is no such entry"),
        ({"fill.goods.lines": "9" * 8}, "最多 100 行", "at most 100"),
        ({"fill.at_home.starts": "2026-09-24T18:00"}, "请填写结束时间", "fill in its end"),
        (
            {"fill.at_home.starts": "2026-09-24T18:00", "fill.at_home.ends": "2026-09-24T17:59"},
            "结束早于开始",
            "ends before it starts",
        ),
        (
            {"fill.at_home.starts": "2026-02-30T18:00", "fill.at_home.ends": "2026-03-01T18:00"},
            "「2026-02-30T18:00」不是时间",
            "is not a time",
        ),
    ],
)
def test_what_is_wrong_is_said_by_line_and_column_and_nothing_is_kept(
    cast: Cast, case: Case, given: dict[str, str], zh: str, en: str
) -> None:
    before = Event.objects.count()
    answer = fill(cast, case, sent(**given))
    cast.agent.language = "en"
    cast.agent.save()
    answer_en = fill(cast, case, sent(**given))

    assert (answer.status_code, answer_en.status_code) == (422, 422)
    page = page_of(answer)
    assert zh in page
    assert en in page_of(answer_en)
    for name, typed in given.items():
        if name.endswith(("number", "starts")):
            assert f'name="{name}" value="{typed}"' in page
    assert Event.objects.count() == before


def test_the_api_takes_and_gives_lines_and_spans_alike(cast: Cast, case: Case) -> None:
    key = Program(cast.agent)
    span = "2026-09-24T18:00:00+08:00/2026-09-24T20:00:00+08:00"
    values = {
        "fault": "dripping_tap",
        "size": "small",
        "at_home": span,
        "goods": [{"thing": "毛巾", "number": 3}, {}],
    }

    moved = key.post(f"/cases/{case.number}/moves", {"move": "accepted", "values": values})

    assert moved.status == 200, moved.json
    assert moved.json["fields"]["goods"] == [{"thing": "毛巾", "number": "3", "seen_by": None}]
    assert moved.json["fields"]["at_home"] == "2026-09-24T10:00:00+00:00/2026-09-24T12:00:00+00:00"


@pytest.mark.parametrize(
    ("values", "code", "said"),
    [
        ({"goods": "毛巾"}, "field.rows", "应为若干行"),
        ({"goods": [{"thing": "毛巾"}] * 101}, "field.too_many", "共 101 行，最多 100 行"),
        ({"goods": [{"thing": "毛巾", "colour": "白"}]}, "field.unknown", "第 1 行，没有「colour」这一列"),
        ({"goods": [{}, {"number": 2}]}, "field.missing", "第 2 行，物品：请填写"),
        ({"at_home": "2026-09-24T18:00"}, "field.span", "请填写结束时间"),
        ({"at_home": "/2026-09-24T18:00"}, "field.span", "请填写开始时间"),
        ({"at_home": "2026-02-30/2026-03-01"}, "field.instant", "「2026-02-30」不是时间"),
    ],
)
def test_the_api_refuses_by_code(
    cast: Cast, case: Case, values: dict[str, object], code: str, said: str
) -> None:
    key = Program(cast.agent)
    before = Event.objects.count()
    full = {"fault": "dripping_tap", "size": "small", **values}

    refused = key.post(f"/cases/{case.number}/moves", {"move": "accepted", "values": full})

    assert (refused.status, refused.code) == (422, "form.invalid")
    (error,) = refused.json["errors"]
    assert error["code"] == code
    assert said in error["zh"]
    assert Event.objects.count() == before
