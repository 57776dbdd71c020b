"""Every rule of the shipped packs can be said in both languages, and two versions are told apart in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kefu.core.rulebook import load_pack, pack_names
from kefu.core.rulebook.reference import reference
from kefu.core.rulebook.tests.packs import good, over_good
from kefu.core.rulebook.tests.test_match import matcher
from kefu.core.rulebook.version import diff
from kefu.core.rulebook.wording import Wording
from kefu.core.rulebook.wording_of_rules import clock_lines, move_lines, reaction_lines

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("pack", pack_names())
def test_every_rule_of_a_shipped_pack_is_said_in_both_languages(pack):
    book = load_pack(pack)
    for kind in book.kinds.values():
        zh, en = Wording(book, kind, "zh-hans"), Wording(book, kind, "en")
        for one in (zh, en):
            said = [line for clock in kind.clocks.values() for line in clock_lines(one, clock)]
            said += [line for move in kind.flow.moves.values() for line in move_lines(one, move)]
            said += [one.need(need) for need in kind.needs]
            for line in said:
                assert bool(CHINESE.search(line)) is (one is zh), line
    for reaction in book.reactions.values():
        kind = book.kinds[reaction.after.partition(".")[0]]
        assert CHINESE.search("".join(reaction_lines(Wording(book, kind, "zh"), reaction)))
        assert not CHINESE.search("".join(reaction_lines(Wording(book, kind, "en"), reaction)))


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("{channel: [phone, visit]}", "渠道是电话或来访", "channel is telephone or visit"),
        ("{channel: {not: phone}}", "渠道不是电话", "channel is not telephone"),
        ("{remark: any}", "备注已填写", "remark is filled"),
        ("{remark: {not: any}}", "备注为空", "remark is empty"),
        ("{times: {at_least: 2}}", "次数 不少于 2", "times is at least 2"),
        ("{times: {not: {at_most: 2}}}", "次数 多于 2", "times is more than 2"),
        ("{state: waiting}", "状态是等待", "the state is waiting"),
        ("{weight: heavy}", "轻重是重", "weight is heavy"),
        ("{worker: {same_as: owner}}", "处理人与负责人相同", "worker is the same as the owner"),
        (
            "{opened: {not: {inside: office_hours}}}",
            "登记时间不在 周一至周五 09:00-18:00 内",
            "opened falls not within Mon-Fri 09:00-18:00",
        ),
        (
            "{count: {of: call, where: {state: done}, at_least: 1}}",
            "回访（状态是完成）的数量不少于 1",
            "the number of call (the state is done) is at least 1",
        ),
        (
            "[{channel: phone, remark: any}, {times: {at_least: to_be_set}}]",
            "渠道是电话，且备注已填写；或 次数 不少于 （待定）",
            "channel is telephone and remark is filled; or times is at least (to be set)",
        ),
    ],
)
def test_conditions_in_words(text, zh, en):
    book = good()
    kind = book.kinds["enquiry"]

    assert Wording(book, kind, "zh").matcher(matcher(text)) == zh
    assert Wording(book, kind, "en").matcher(matcher(text)) == en


def test_the_opposite_of_a_condition_in_words():
    book = good()
    words = Wording(book, book.kinds["enquiry"], "en")
    (count,) = matcher("{count: {of: call, at_least: 1, at_most: 2}}").any_of[0]
    (least,) = matcher("{times: {at_least: 2}}").any_of[0]

    assert words.test(count, holds=False) == "the number of call is less than 1 or is more than 2"
    assert words.test(least, holds=False) == "times is less than 2"


def test_a_clock_in_words_says_working_time():
    book = good()
    kind = book.kinds["enquiry"]

    assert clock_lines(Wording(book, kind, "en"), kind.clocks["reply"]) == (
        "Starts: opened",
        "Time: 8 working hours, only working time counts",
        "Kept by: answer",
        "when 75% of the time is used: notify the owner",
        "at due: escalate to the leader of the owner",
    )


def test_two_versions_are_compared_rule_by_rule():
    changes = diff(
        good(),
        over_good(
            "cases: {enquiry: {clocks: {reply: {clause: answer, due: 4 working hours}}}}\n"
            "posts: {guest: {title: {zh: 访客, en: guest}}}\n"
            "duties: {call: {is: none, note: nobody is called}}\n"
        ),
    )

    assert [(change.path, change.what) for change in changes] == [
        ("posts.guest", "added"),
        ("enquiry.clocks.reply", "changed"),
        ("call", "removed"),
        ("call.clocks.due", "removed"),
    ]
    assert changes[1].lines("en") == (
        "changed reply (enquiry.clocks.reply)",
        "  - Time: 8 working hours, only working time counts",
        "  + Time: 4 working hours, only working time counts",
    )
    assert changes[1].lines("zh")[0] == "修改 答复 (enquiry.clocks.reply)"
    assert diff(good(), good()) == ()


def test_a_change_of_examples_alone_is_said_so():
    changed = over_good(
        "cases: {enquiry: {clocks: {reply: {clause: answer, examples: [{name: a, expect: {due: none}}]}}}}"
    )

    (change,) = diff(good(), changed)
    assert change.lines("en")[1:] == ("  only examples, clauses or notes differ",)


def test_the_printed_reference_is_current():
    page = Path(__file__).resolve().parents[5] / "docs" / "rulebook" / "reference.md"

    assert page.read_text() == reference(), (
        "run: python -m kefu.core.rulebook.reference > docs/rulebook/reference.md"
    )
