import json
from datetime import date
from pathlib import Path

import pytest

from kefu.core.errors import Refused
from kefu.core.worktime import NoticeDay, parse_notice, year_of_notice

# The notice for 2026 as the State Council publishes such notices.
NOTICE_2026 = """国务院办公厅关于2026年
部分节假日安排的通知
国办发明电〔2025〕7号

各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
　　经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
　　一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
　　二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
　　三、清明节：4月4日（周六）至6日（周一）放假，共3天。
　　四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
　　五、端午节：6月19日（周五）至21日（周日）放假，共3天。
　　六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
　　七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
　　节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作，遇有重大突发事件，要按规定及时报告并妥善处置，确保人民群众祥和平安度过节日假期。
国务院办公厅
2025年11月4日
（此件公开发布）
"""


@pytest.mark.data
def test_every_notice_parsing_case_comes_out_right(data_dir: Path) -> None:
    cases = json.loads((data_dir / "calendar_cn" / "notice_parsing_cases.json").read_text(encoding="utf-8"))
    assert len(cases) == 25  # premise: the whole file

    for case in cases:
        read = {(str(day.day), day.is_off) for day in parse_notice(case["description"], case["year"])}
        assert read == {(day["date"], day["isOffDay"]) for day in case["expected"]}, case["description"]


@pytest.mark.data
def test_the_whole_notice_of_2026_gives_the_days_and_names_everybody_knows(data_dir: Path) -> None:
    known = json.loads((data_dir / "calendar_cn" / "holiday_cn_2026.json").read_text(encoding="utf-8"))

    read = parse_notice(NOTICE_2026, 2026)

    assert [(str(day.day), day.is_off, day.name) for day in read] == [
        (day["date"], day["isOffDay"], day["name"])
        for day in sorted(known["days"], key=lambda day: str(day["date"]))
    ]


def test_the_full_dates_of_a_single_item_are_read_too() -> None:
    text = "一、元旦：2026年1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。"

    assert parse_notice(text, 2026) == [
        NoticeDay(date(2026, 1, 1), True, "元旦"),
        NoticeDay(date(2026, 1, 2), True, "元旦"),
        NoticeDay(date(2026, 1, 3), True, "元旦"),
        NoticeDay(date(2026, 1, 4), False, "元旦"),
    ]


def test_a_holiday_over_new_year_begins_in_the_year_before() -> None:
    expected = [date(2022, 12, 31), date(2023, 1, 1), date(2023, 1, 2)]

    assert [
        day.day for day in parse_notice("元旦：2022年12月31日至2023年1月2日放假调休，共3天。", 2023)
    ] == expected
    assert [day.day for day in parse_notice("元旦：12月31日至1月2日放假调休，共3天。", 2023)] == expected


def test_advice_to_grant_leave_is_no_holiday() -> None:
    text = (
        "春节：2月10日至17日放假调休，共8天。鼓励各单位结合带薪年休假等制度，安排职工在除夕（2月9日）休息。"
    )

    assert [day.day.day for day in parse_notice(text, 2024)] == list(range(10, 18))


@pytest.mark.parametrize(
    "sentence",
    [
        "春节假期另行通知",
        "国庆节放假7天",
        "国庆节（10月1日至7日）放假",
        "10月1日至7日放假，10月8日（视情况）上班",
        "10月1日可能放假",
        "10月1日不放假",
        "延长2020年春节假期至2月2日（农历正月初九，星期日）",
        "January 1st is a holiday",
        "10月1日放假，谢谢",
        "10月1日至7日",
        "8日起" * 9000,
    ],
)
def test_a_sentence_that_is_not_understood_is_quoted_back(sentence: str) -> None:
    text = NOTICE_2026 + sentence + "。"

    with pytest.raises(Refused) as refused:
        parse_notice(text, 2026)

    assert refused.value.code == "calendar.notice_not_understood"
    assert str(refused.value.facts["sentence"]).rstrip("…") in text
    assert str(refused.value.facts["sentence"]) in refused.value.zh
    assert str(refused.value.facts["sentence"]) in refused.value.en


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("一、元旦：1月1日（周五）放假。", "Thursday"),
        ("一、元旦：1月1日至3日放假，共4天。", "3 days"),
        ("一、元旦：1月1日放假3天。", "1 days"),
        ("一、元旦：2027年1月1日放假。", "not of 2026"),
        ("一、元旦：2月30日放假。", "no such date"),
        ("一、元旦：1日放假。", "no such date"),
        ("一、春节：2月15日放假。二、清明节：16日放假。", "no such date"),  # months end with their item
        ("一、元旦：1月3日至1日放假。", "is no holiday"),
        ("一、元旦：1月1日至9月1日放假。", "is no holiday"),
        ("一、元旦：1月1日放假。1月1日上班。", "both off and worked"),
        ("国庆节：10月3日、10月4日两个公休日调至10月8日。", "not equally many"),
    ],
)
def test_what_contradicts_the_calendar_or_itself_is_refused(sentence: str, why: str) -> None:
    with pytest.raises(Refused, match=why) as refused:
        parse_notice(sentence, 2026)

    assert refused.value.code == "calendar.notice_contradicts"


def test_last_years_notice_is_not_taken_for_this_years() -> None:
    with pytest.raises(Refused, match="it is for 2026, not 2027"):
        parse_notice(NOTICE_2026, 2027)
    with pytest.raises(Refused, match="2027-01-01 is a Friday"):
        parse_notice("\n".join(NOTICE_2026.splitlines()[6:]), 2027)


def test_a_text_that_names_no_day_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        parse_notice("\n".join(NOTICE_2026.splitlines()[:4]), 2026)

    assert refused.value.code == "calendar.notice_empty"


def test_the_year_stands_in_the_heading_of_a_notice_and_in_no_sentence_of_it() -> None:
    assert year_of_notice(NOTICE_2026) == 2026
    assert year_of_notice("10月1日（周四）放假1天。") is None
