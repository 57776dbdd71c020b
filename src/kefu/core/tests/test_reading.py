"""In one reading a question is asked once; outside of it, every time."""

from __future__ import annotations

import pytest

from kefu.core.reading import asked_once, reading

asked: list[tuple[str, int]] = []


@asked_once
def answer(name: str, number: int = 0, *, helped: bool = False) -> list[str]:
    asked.append((name, number))
    return [name]


@pytest.fixture(autouse=True)
def _nothing_asked() -> None:
    asked.clear()


def test_outside_of_a_reading_every_question_is_asked_anew() -> None:
    assert answer("陈静") == answer("陈静") == ["陈静"]
    assert asked == [("陈静", 0)] * 2


def test_in_a_reading_the_same_question_is_asked_once() -> None:
    with reading():
        assert answer("陈静") is answer("陈静")
        assert answer("陈静", 1) == ["陈静"]
        assert answer("李强", 1) == ["李强"]
    assert asked == [("陈静", 0), ("陈静", 1), ("李强", 1)]


def test_what_only_helps_to_answer_is_no_part_of_the_question() -> None:
    with reading():
        assert answer("陈静", helped=True) is answer("陈静")


def test_the_next_reading_knows_nothing_of_the_last_even_when_that_broke_off() -> None:
    def breaks_off() -> None:
        with reading():
            answer("陈静")
            raise KeyError

    with pytest.raises(KeyError):
        breaks_off()
    answer("陈静")
    with reading():
        answer("陈静")
    assert len(asked) == 3
