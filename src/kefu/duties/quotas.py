"""Quotas: how far a count of a period has come, and where it ends at this pace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from kefu.core import worktime
from kefu.core.rulebook.expressions import Count, Matcher, Share, Test
from kefu.core.rulebook.match import holds, part, whole
from kefu.core.rulebook.model import Facts, Text
from kefu.core.work import registry
from kefu.core.work.counting import period_of, records_of
from kefu.core.work.models import Work
from kefu.core.worktime import Bounds, Calendar, Period, Unit
from kefu.duties.models import Duty
from kefu.staff.rights import Tree

Done = list[tuple[Work, Facts]]
Standing = Literal["met", "on_course", "behind"]
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Progress:
    """done of wanted; `of` is the whole where a share is asked for, and `wanted` that share of it, rounded up.
    more: what had better be reached, where the rule names more than it demands (one to five calls heard).

    days_left: working days in which something can still be done, today among them. forecast: what it comes to at this
    pace, None before anything can be said.
    """

    done: int
    wanted: int
    days_left: int
    forecast: int | None
    of: int | None = None
    share: Share | None = None
    more: int = 0

    @property
    def aim(self) -> int:
        return max(self.wanted, self.more)

    @property
    def standing(self) -> Standing:
        if self.done >= self.wanted:
            return "met"
        return "on_course" if self.forecast is None or self.forecast >= self.wanted else "behind"

    @property
    def percent(self) -> int:
        """Of what is aimed at, 100 at most: the length of a bar."""
        return min(100, 100 * self.done // self.aim) if self.aim else 100


@dataclass(frozen=True, slots=True)
class Quota:
    """One count that a duty asks for. rule: its clause, or the sentence of the need, if there is either. by: whose they
    are (ids) and how many each, the most first."""

    duty: Duty
    count: Count
    rule: Text | None
    period: Bounds
    progress: Progress
    by: tuple[tuple[int, int], ...]

    @property
    def is_proof(self) -> bool:
        """Asks for one thing only: done or not, with no way between."""
        return self.progress.aim <= 1 and self.progress.share is None


def progress(
    calendar: Calendar,
    period: Bounds,
    at: datetime,
    *,
    done: int,
    wanted: int,
    of: int | None = None,
    share: Share | None = None,
    more: int = 0,
) -> Progress:
    """Where a count stands at `at`. The pace is that of working time: nobody visits homes on a holiday. Of a share the
    whole is what there is by now, so its forecast is what is done. Pure."""
    days_left = working_days_left(calendar, period, at)
    forecast = done if share is not None else _at_this_pace(calendar, period, at, done)
    return Progress(done, wanted, days_left, forecast, of, share, more)


def working_days_left(calendar: Calendar, period: Bounds, at: datetime) -> int:
    """Working days from `at` to the end of the period; today counts until its hours are over."""
    start = max(at, period.start)
    day, last = worktime.day_of(calendar, start), worktime.day_of(calendar, period.end - timedelta(seconds=1))
    left = 0
    while day <= last:
        opens = max(start, worktime.day_start(calendar, day))
        closes = min(period.end, worktime.day_end(calendar, day))
        left += opens < closes and bool(worktime.used(calendar, opens, closes, Unit.WORKING_HOURS))
        day += timedelta(days=1)
    return left


def quotas(duties: Iterable[Duty], at: datetime) -> list[Quota]:
    """The quotas of the duties, in their order. One query for each kind, department and period that is counted."""
    tally = Tally(at)
    return [quota for duty in duties for quota in tally.of(duty)]


class Tally:
    """What was done in a period, read once for all duties that ask about it."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.tree = Tree()
        self._records: dict[tuple[str, Bounds, int], Done] = {}

    def of(self, duty: Duty) -> Iterator[Quota]:
        facts = duty.facts()
        for need in duty.rule.needs:
            for count in counts(need.that):
                bound = _bound(count)
                if not count.during or bound is None:
                    continue
                period = period_of(duty, Period(count.during), self.at)
                matching = self.matching(duty, facts, part(count), period)
                found = self._progress(duty, facts, count, bound, period, matching)
                by = Counter(pk for one, _ in matching if (pk := one.owner_id or one.author_id) is not None)
                clause = next((duty.rulebook.clauses.get(one) for one in need.clauses), None)
                rule = clause.statement if clause else need.say
                yield Quota(duty, count, rule, period, found, tuple(by.most_common()))

    def _progress(
        self,
        duty: Duty,
        facts: Facts,
        count: Count,
        bound: Decimal | Share,
        period: Bounds,
        matching: Done,
    ) -> Progress:
        calendar = duty.rulebook.calendar
        done = _number(matching, count)
        if isinstance(bound, Share):
            of = _number(self.matching(duty, facts, whole(count), period), count)
            wanted = int((bound.of_one * of).to_integral_value(rounding="ROUND_CEILING"))
            return progress(calendar, period, self.at, done=done, wanted=wanted, of=of, share=bound)
        wanted = int(bound.to_integral_value(rounding="ROUND_CEILING"))
        more = int(count.target) if isinstance(count.target, Decimal) else 0
        return progress(calendar, period, self.at, done=done, wanted=wanted, more=more)

    def matching(self, duty: Duty, facts: Facts, count: Count, period: Bounds) -> Done:
        """What was done in the period that the count asks about."""
        return [
            (work, record)
            for work, record in self._done(duty, count.of, period)
            if count.where is None
            or holds(
                count.where,
                record,
                calendar=duty.rulebook.calendar,
                records=records_of(work, self.at),
                outer=facts,
            ).ok
        ]

    def _done(self, duty: Duty, of: str, period: Bounds) -> Done:
        key = (of, period, duty.department_id)
        if key not in self._records:
            kind = duty.rulebook.kinds.get(of)
            found = (
                registry.model_of(kind.chapter)._default_manager.filter(
                    kind=of,
                    department__in=self.tree.with_descendants(duty.department_id),
                    closed_at__gte=period.start,
                    closed_at__lt=period.end,
                    voided_at=None,
                )
                if kind
                else ()
            )
            self._records[key] = [(work, work.facts()) for work in found]
        return self._records[key]


def _number(matching: Done, count: Count) -> int:
    if count.same:
        return len({tuple(str(record.get(name)) for name in count.same) for _, record in matching})
    return len(matching)


def _at_this_pace(calendar: Calendar, period: Bounds, at: datetime, done: int) -> int | None:
    whole_time = worktime.used(calendar, period.start, period.end, Unit.WORKING_HOURS)
    gone = worktime.used(calendar, period.start, min(at, period.end), Unit.WORKING_HOURS)
    if not gone:
        return None
    pace = Decimal(done) * Decimal(whole_time.total_seconds()) / Decimal(gone.total_seconds())
    return int(pace.quantize(_ONE, rounding=ROUND_HALF_UP))


def counts(matcher: Matcher) -> Iterator[Count]:
    """The counts that a matcher asks."""
    for tests in matcher.any_of:
        for test in tests:
            yield from _counts_in(test)


def _counts_in(test: Test) -> Iterator[Count]:
    if isinstance(test.operand, Count):
        yield test.operand
    elif isinstance(test.operand, Test):
        yield from _counts_in(test.operand)


def _bound(count: Count) -> Decimal | Share | None:
    """What is to be reached: the bound that is asked for, else the one that only reminds."""
    found = (bound for bound in (count.at_least, count.target) if isinstance(bound, Decimal | Share))
    return next(found, None)
