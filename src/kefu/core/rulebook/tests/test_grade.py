"""Grades: heaviest first, a rule raises and never lowers, a person's choice stands."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kefu.core.rulebook.grade import proposed_level
from kefu.core.rulebook.model import Facts
from kefu.core.rulebook.tests.packs import good, over_good

LEVELS = (
    "grades: {weight: {levels: {light: {when: {channel: phone}}, ordinary: {title: {zh: 中, en: ordinary},"
    " when: {channel: visit}}}}}"
)


def level(facts: Facts, current: str | None = None, *, set_by_person: bool = False) -> str | None:
    grades = over_good(LEVELS).kinds["enquiry"].grades
    assert grades is not None
    return proposed_level(
        grades,
        facts,
        current,
        set_by_person=set_by_person,
        calendar=good().calendar,
        records=lambda *_: 0,
    )


@pytest.mark.parametrize(
    ("facts", "current", "proposed"),
    [
        ({"times": Decimal(2), "channel": "phone"}, None, "heavy"),
        ({"channel": "phone"}, None, "light"),
        ({}, None, None),
        ({"times": Decimal(2)}, "light", "heavy"),
        ({"channel": "phone"}, "heavy", "heavy"),
        ({}, "heavy", "heavy"),
        ({"channel": "visit"}, "light", "light"),
    ],
)
def test_the_heaviest_level_that_holds_is_proposed_and_nothing_is_lowered(facts, current, proposed):
    assert level(facts, current) == proposed


def test_what_a_person_chose_stands():
    assert level({"times": Decimal(9)}, "light", set_by_person=True) == "light"
    assert level({"times": Decimal(9)}, None, set_by_person=True) == "heavy"
