"""What comes round, chains, series and registers read as a manual would say them."""

from __future__ import annotations

import pytest

from kefu.core.rulebook.tests.packs import over_good
from kefu.core.rulebook.tests.test_rounds import approval, counting, duty, register
from kefu.core.rulebook.version import diff
from kefu.core.rulebook.wording import Wording
from kefu.core.rulebook.wording_of_kinds import kind_lines, register_lines


def lines(text: str, name: str, lang: str) -> tuple[str, ...]:
    rulebook = over_good(text)
    kind = rulebook.kinds[name]
    return kind_lines(Wording(rulebook, kind, lang), kind)


@pytest.mark.parametrize(
    ("every", "zh", "en"),
    [
        ("working day", "每个工作日期末前", "every working day by its end"),
        ("week on friday at 18:00", "每周星期五 18:00 前", "every week by Friday 18:00"),
        ("month on day 22", "每月 22 日前（含当日）", "every month by day 22"),
        ("month on last day", "每月最后一天前（含当日）", "every month by its last day"),
        (
            "quarter on friday on or before day 25",
            "每季度末月 25 日或之前的星期五前（含当日）",
            "every quarter by the Friday on or before day 25 of its last month",
        ),
    ],
)
def test_a_recurrence_is_said_in_both_languages(every, zh, en):
    assert f"周期：{zh}" in lines(duty(f"every: {every}"), "second", "zh")
    assert f"Comes round: {en}" in lines(duty(f"every: {every}"), "second", "en")


def test_a_duty_for_each_says_for_whom_and_who_gets_the_paper():
    said = duty("every: month, each: {of: person, where: {post: agent}}, copies: {manager: 6}")

    assert lines(said, "second", "zh")[1:] == (
        "周期：每月期末前",
        "每位员工（岗位是专员）一份",
        "报送：经理 6 份",
    )
    assert lines(said, "second", "en")[2:] == (
        "One for each member of staff (the post is agent)",
        "Copies: 6 to manager",
    )


def test_a_series_says_its_stages_and_a_call_its_tries():
    series = duty(
        "starts: enquiry.answered, plan: [{every: month, times: 12}, {every: quarter}], each: {of: enquiry}, "
        "attempts: {at_most: 3, spacing: 4 hours, inside: office_hours}"
    )

    zh = lines(series, "second", "zh")
    assert zh[1] == "由事件产生：“咨询”发生“答复”"
    assert zh[2:5] == ("每件咨询一份", "自事件起每 1 个月，共 12 次", "随后每 3 个月，直至不再符合")
    assert zh[5].startswith("最多联系 3 次，间隔 4 小时")
    assert lines(series, "second", "en")[3] == "From the event on every 1 month, 12 times"


def test_a_chain_reads_from_link_to_link():
    said = approval("chain: [{when: {author: none}, is: none}, {is: [leader of author, [manager, agent]]}]")

    zh = lines(said, "credit", "zh")
    assert "审批：其他情况：申请人的上级 → 经理与专员" in zh
    assert "审批：如申请人为空：无须审批" in zh


def test_a_share_is_said_of_what_it_is_a_share():
    said = counting("during: month, among: {state: done}, where: {owner: any}, at_least: 80%")

    assert "占全部回访（状态是完成）的比例" in lines(said, "second", "zh")[-1]
    assert "80%" in lines(said, "second", "en")[-1]


def test_a_register_says_what_it_lists():
    rulebook = over_good(
        register("of: enquiry, where: {channel: phone}, columns: [number, times], order: [-times]")
    )

    assert register_lines(Wording(rulebook, None, "zh"), rulebook.registers["calls"]) == (
        "内容：咨询",
        "范围：渠道是电话",
        "栏目：编号、次数",
        "排序：次数",
    )


def test_two_versions_show_a_changed_day_and_a_changed_chain():
    def changed(first: str, second: str) -> list[str]:
        return [line for change in diff(over_good(first), over_good(second)) for line in change.lines("zh")]

    days = changed(duty("every: week on friday"), duty("every: week on monday"))
    assert "  - 周期：每周星期五前（含当日）" in days
    assert "  + 周期：每周星期一前（含当日）" in days
    chains = changed(approval("chain: [manager]"), approval("chain: [manager, agent]"))
    assert "  + 审批：经理 → 专员" in chains
