"""Packs: the shipped ones load, a child is laid over its parent, a version is its content."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from kefu.core.rulebook import (
    RulebookRefused,
    advise,
    check,
    load_files,
    load_pack,
    load_source,
    pack_names,
    to_source,
)
from kefu.core.rulebook.load import version_of
from kefu.core.rulebook.tests.packs import good, good_files, over_good
from kefu.core.worktime import parse_amount


@pytest.mark.parametrize("name", pack_names())
def test_a_shipped_pack_loads_and_comes_back_from_its_source(name):
    rulebook = load_pack(name)
    stored = load_source(to_source(rulebook))

    assert stored == rulebook
    assert stored.version == version_of(to_source(rulebook)) == rulebook.version
    check(stored)


def test_the_same_files_are_read_once():
    assert load_pack("general") is load_pack("general")
    assert load_source(to_source(good())) is load_source(to_source(good()))


def test_a_pack_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path):
    with pytest.raises(RulebookRefused) as refused:
        load_pack("nowhere")
    assert "general" in refused.value.en

    (tmp_path / "alone").mkdir()
    with pytest.raises(RulebookRefused):
        load_pack("alone", tmp_path)
    assert pack_names(tmp_path) == ()


@pytest.mark.parametrize("name", ["../general", "general/../general", "", ".", os.devnull])
def test_a_pack_name_is_no_path(name):
    with pytest.raises(RulebookRefused):
        load_pack(name)


def test_the_version_is_the_content_and_not_its_place():
    renamed = {name.replace("rules", "other"): data for name, data in good_files().items()}
    files = good_files()
    files["good/rules.yaml"] = files["good/rules.yaml"].replace(b"8 working hours", b"9 working hours")

    assert load_files("good", renamed).version == good().version
    assert load_files("good", files).version != good().version


def test_the_order_of_states_is_part_of_the_version_since_the_first_is_the_start():
    tree = json.loads(to_source(good()))
    states = tree["flows"]["enquiry"]["states"]
    tree["flows"]["enquiry"]["states"] = dict(reversed(states.items()))

    assert load_source(json.dumps(tree)).version != good().version


@pytest.mark.parametrize(
    "source", ["", "[]", "{}", '{"pack": {"name": 1}}', '{"pack": {}, "posts": 3}', "[" * 100_000]
)
def test_a_source_that_is_none_is_refused(source):
    with pytest.raises(RulebookRefused):
        load_source(source)


def test_mappings_merge_and_everything_else_is_replaced_whole():
    child = over_good(
        "cases: {enquiry: {clocks: {reply: {clause: answer, due: 4 working hours}}}}\n"
        "posts: {agent: {sees: team}}\n"
        "flows: {enquiry: {moves: {answered: {from: open}}}}\n"
    )

    reply = child.kinds["enquiry"].clocks["reply"]
    assert reply.due[0].value == parse_amount("4 working hours")
    assert reply.stops == ("answered",)
    assert (child.posts["agent"].sees, child.posts["agent"].reports_to) == ("team", "manager")
    assert child.kinds["enquiry"].flow.moves["answered"].from_ == ("open",)
    assert child.extends == "good"


def test_a_rule_of_the_parent_is_removed_with_a_note():
    child = over_good('duties: {call: {is: none, note: "nobody is called"}}')

    assert "call" not in child.kinds
    assert "call" in good().kinds


def test_changing_a_clock_is_not_changing_the_case_that_cites_its_own_clause():
    assert (
        over_good("cases: {enquiry: {clocks: {reply: {clause: answer, due: 1 hours}}}}")
        .kinds["enquiry"]
        .clauses
    )


def test_the_childs_calendar_comes_first_because_the_first_is_the_departments_own():
    child = over_good("calendar: {shop: {zone: Europe/Berlin, hours: {all: mon-sat 09:00-20:00}}}")

    assert (child.calendar.name, tuple(child.calendars)) == ("shop", ("shop", "office"))


def test_below_a_protected_path_nothing_is_added_changed_or_removed():
    files = good_files()
    files["good/pack.yaml"] = files["good/pack.yaml"].replace(
        b"calendar.office.zone", b"cases.enquiry.clocks"
    )
    for text in (
        "cases: {enquiry: {clocks: {reply: {clause: answer, due: 9 hours}}}}",
        "cases: {enquiry: {clocks: {reply: {is: none, note: why}}}}",
        "cases: {enquiry: {is: none, note: why}}",
        "cases: {enquiry: {clocks: {more: {title: {zh: 甲, en: a}}}}}",
    ):
        child = {
            "bad/pack.yaml": b"name: bad\ntitle: {zh: x, en: x}\nextends: good",
            "bad/rules.yaml": text.encode(),
        }
        with pytest.raises(RulebookRefused) as refused:
            load_files("bad", files | child)
        assert {found.code for found in refused.value.mistakes} == {"protected"}, text


def test_advice_keeps_nothing_from_loading():
    child = over_good("duties: {call: {clause: answer, due: to_be_set}}")

    assert [(one.code, one.mark.key) for one in advise(child)] == [
        ("examples_missing", "cases.enquiry.clocks.reply"),
        ("to_be_set", "duties.call.due"),
        ("examples_missing", "grades.weight"),
    ]


def test_the_days_of_what_comes_round_are_the_examples_of_its_clock():
    weekly = "duties: {round: {title: {zh: 甲, en: a}, clause: answer, by: agent, every: week%s}}"
    day = ", examples: [{name: a week, at: 2026-09-21T08:00, expect: {days: [2026-09-24]}}]"

    bare, shown = over_good(weekly % ""), over_good(weekly % day)

    assert ("examples_missing", "duties.round") in {(one.code, one.mark.key) for one in advise(bare)}
    assert "duties.round" not in {one.mark.key for one in advise(shown)}


def test_two_clocks_that_run_alike_are_told_unless_they_cannot_both_run():
    second = "title: {zh: 甲, en: a}, clause: answer, starts: opened, stops: answered, due: 1 hours"
    alike = over_good(f"cases: {{enquiry: {{clocks: {{second: {{{second}}}}}}}}}")
    apart = over_good(
        f"cases: {{enquiry: {{clocks: {{second: {{{second}, when: {{channel: phone}}}},"
        " reply: {clause: answer, when: {channel: visit}}}}}"
    )

    assert "clocks_alike" in {one.code for one in advise(alike)}
    assert "clocks_alike" not in {one.code for one in advise(apart)}
