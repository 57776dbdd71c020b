"""The stream of segments against single minutes, on random calendars where the year is hardest."""

from bisect import bisect_left
from decimal import Decimal
from itertools import accumulate

import pytest

from kefu.core.worktime import (
    Amount,
    Calendar,
    Explanation,
    Unit,
    due,
    explain,
    inside,
    share_at,
    shift,
    used,
)

from .oracle import MINUTE, Case, Minutes, random_case


def amount(minutes: int, unit: Unit) -> Amount:
    return Amount(Decimal(minutes) / 60, unit)


def agrees(seed: int) -> None:
    case = random_case(seed)
    calendar, minutes = case.calendar(), Minutes(case)
    for unit in (Unit.WORKING_HOURS, Unit.HOURS):
        counts = minutes.counted(unit.is_working)
        begin = minutes.at(case.start)
        run = list(accumulate(counts[begin:]))
        assert used(calendar, case.start, case.horizon, unit, case.pauses) == run[-1] * MINUTE, seed

        # besides the amount drawn, those that are used up exactly when something closes or pauses
        closing = [n for n in range(len(run) - 1) if counts[begin + n] and not counts[begin + n + 1]]
        for need in [case.need, *(run[n] for n in closing[:3])]:
            at = due(calendar, case.start, amount(need, unit), case.pauses).at
            assert used(calendar, case.start, at, unit, case.pauses) == need * MINUTE, seed
            half = share_at(calendar, case.start, amount(2 * need, unit), Decimal("0.5"), case.pauses)
            assert half == at, seed
            last = bisect_left(run, need)  # the minute in which the amount is used up
            if last == len(run):
                assert at > case.horizon, seed
                continue
            assert at == minutes.when(begin + last + 1), seed
            explained = explain(calendar, case.start, amount(need, unit), case.pauses)
            assert explained.due == at, seed
            assert minutes_of(minutes, explained) == [
                begin + n for n in range(last + 1) if counts[begin + n]
            ], seed

    for n, worked in enumerate(minutes.worked[2880 : 2880 + 4320 : 7]):
        assert inside(calendar, "hours", minutes.when(2880 + 7 * n)) == worked, seed
    agrees_backwards(seed, case, calendar, minutes)


def agrees_backwards(seed: int, case: Case, calendar: Calendar, minutes: Minutes) -> None:
    back = list(accumulate(reversed(minutes.worked)))
    opening = [back[n] for n in range(len(back) - 1) if minutes.worked[-1 - n] and not minutes.worked[-2 - n]]
    for need in [case.need, *opening[:3]]:
        before = shift(calendar, case.horizon, amount(need, Unit.WORKING_HOURS), "before")
        first = bisect_left(back, need)
        if first == len(back):
            assert before < minutes.first, seed
        else:
            assert before == minutes.when(len(back) - 1 - first), seed


def minutes_of(minutes: Minutes, explained: Explanation) -> list[int]:
    """The minutes an explanation says it counted."""
    return [
        minutes.at(span.start) + n
        for span in explained.counted
        for n in range((span.end - span.start) // MINUTE)
    ]


@pytest.mark.parametrize("block", range(6))
def test_every_answer_equals_the_count_of_single_minutes(block: int) -> None:
    for seed in range(block * 40, block * 40 + 40):
        agrees(seed)


@pytest.mark.long
@pytest.mark.parametrize("block", range(20))
def test_ten_thousand_answers_equal_the_count_of_single_minutes(block: int) -> None:
    for seed in range(1000 + block * 500, 1000 + block * 500 + 500):
        agrees(seed)
