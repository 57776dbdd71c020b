"""Whom a case is given to, as a table of plain values."""

from __future__ import annotations

import pytest

from kefu.cases.choosing import Candidate, Choice, choose
from tests.cast import local

EARLY, LATE = local("2026-09-24 09:00"), local("2026-09-24 11:00")


def one(person: int, **more: object) -> Candidate:
    return Candidate(person, **more)  # type: ignore[arg-type]  # a table of tests


@pytest.mark.parametrize(
    ("way", "people", "person", "why"),
    [
        ("in_turn", [one(1, given_at=LATE), one(2, given_at=EARLY)], 2, "in_turn"),
        ("in_turn", [one(1, given_at=EARLY), one(2)], 2, "in_turn"),
        ("in_turn", [one(1), one(2)], 1, "in_turn"),
        ("in_turn", [one(1, load=9), one(2, given_at=EARLY)], 1, "in_turn"),
        ("least_loaded", [one(1, load=3), one(2, load=2)], 2, "least_loaded"),
        ("least_loaded", [one(1, load=2, given_at=LATE), one(2, load=2, given_at=EARLY)], 2, "least_loaded"),
        ("first_contact", [one(1, dealt_at=EARLY), one(2, dealt_at=LATE, load=9)], 2, "first_contact"),
        ("first_contact", [one(1, load=3), one(2, load=2)], 2, "least_loaded"),
        ("first_contact", [one(1, dealt_at=LATE, on_duty=False), one(2, load=2)], 2, "least_loaded"),
        ("least_loaded", [one(1, most=3, load=3), one(2, load=8)], 2, "least_loaded"),
        ("least_loaded", [one(1, most=3, load=2), one(2, load=8)], 1, "least_loaded"),
        ("least_loaded", [one(1, skilled=False), one(2, load=8)], 2, "least_loaded"),
    ],
)
def test_the_way_picks_among_those_who_can_get_it(way, people, person, why):
    choice = choose(people, way)

    assert (choice.person, choice.why) == (person, why)


def test_who_was_passed_over_is_said_with_the_reason():
    people = [one(1, on_duty=False), one(2, skilled=False), one(3, most=1, load=1), one(4)]

    assert choose(people, "in_turn") == Choice(4, "in_turn", ((1, "away"), (2, "unskilled"), (3, "full")))


@pytest.mark.parametrize("way", ["in_turn", "least_loaded", "first_contact"])
def test_where_nobody_can_get_it_nobody_does(way):
    assert choose([one(1, on_duty=False, dealt_at=EARLY)], way).person is None
    assert choose([], way) == Choice(None, "nobody", ())
