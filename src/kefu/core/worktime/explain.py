"""Why something is due when it is: everything that was counted, left out and guessed, in order."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from kefu.core.errors import in_language

from .amounts import Amount, length_text
from .answers import Pauses, merged, needed, reached, resolved
from .calendar import Calendar
from .holidays import NoticeDay, not_confirmed
from .hours import WEEKDAYS, WEEKDAYS_ZH, DayHours, day_hours_text
from .segments import instant, micros

_ONE_DAY = timedelta(days=1)


class Counted(NamedTuple):
    """A span (UTC, half-open) and how much of the amount's own clock ran in it."""

    start: datetime
    end: datetime
    ran: timedelta


@dataclass(frozen=True)
class Explanation:
    """The computation of one due instant.

    amount: as asked, `at_once` resolved. counted: ascending; their `ran` add up to the amount.
    paused: the pauses that fell before `due`; `ran` is what would have counted in them.
    holidays, make_up_days, overrides: the special days met, ascending, in working units only.
    unconfirmed: as in `Due`.
    """

    calendar: Calendar
    start: datetime
    amount: Amount
    due: datetime
    counted: tuple[Counted, ...]
    paused: tuple[Counted, ...]
    holidays: tuple[NoticeDay, ...]
    make_up_days: tuple[NoticeDay, ...]
    overrides: tuple[tuple[date, DayHours], ...]
    unconfirmed: tuple[int, ...]

    def lines(self, lang: str) -> list[str]:
        """One sentence per step, in order of time: start, days counted, days left out, pauses, due,
        doubts.
        """
        say = _Wording(self.calendar, lang)
        steps = [*say.days_counted(self), *say.holidays(self.holidays), *say.pauses(self.paused)]
        steps += [say.make_up_day(day) for day in self.make_up_days]
        steps += [say.override(day, hours) for day, hours in self.overrides]
        first = say.text(f"从 {say.at(self.start)} 起算", f"from {say.at(self.start)}")
        lines = [f"{first}{say.text('：', ': ')}{self.amount.render(lang)}"]
        lines += [text for _, text in sorted(steps, key=lambda step: step[0])]
        lines.append(
            say.text(f"到期 {say.at(self.due)}（含该时刻）", f"due {say.at(self.due)}, that moment included")
        )
        if self.unconfirmed:
            lines.append(not_confirmed(self.unconfirmed, lang))
        return lines


def explain(calendar: Calendar, start: datetime, amount: Amount, pauses: Pauses = ()) -> Explanation:
    """`due`, with everything it rests on. Same arguments, same instants, same errors."""
    begun = micros(start)
    amount = resolved(calendar, amount)
    clock, need = needed(calendar, begun, amount)
    cuts = merged(pauses, begun)
    end = reached(clock, begun, need, cuts)
    cuts = [(low, high) for low, high in cuts if low < end]

    counted: list[Counted] = []
    since = begun
    for low, high in [*cuts, (end, end)]:
        counted += [_span(a, b, b - a) for a, b in clock.between(since, low)]
        since = high
    paused = tuple(_span(low, high, clock.position(high) - clock.position(low)) for low, high in cuts)

    days = _special_days(calendar, begun, end) if amount.unit.is_working else []
    special = [calendar.special_days.days[day] for day in days if day not in calendar.overrides]
    return Explanation(
        calendar=calendar,
        start=start,
        amount=amount,
        due=instant(end),
        counted=tuple(counted),
        paused=paused,
        holidays=tuple([day for day in special if day.is_off]),
        make_up_days=tuple([day for day in special if not day.is_off]),
        overrides=tuple([(day, calendar.overrides[day]) for day in days if day in calendar.overrides]),
        unconfirmed=clock.unconfirmed(begun, end),
    )


@lru_cache(maxsize=8192)  # the same segments come up in one explanation after the other
def _span(start: int, end: int, ran: int) -> Counted:
    return Counted(instant(start), instant(end), timedelta(microseconds=ran))


def _special_days(calendar: Calendar, begun: int, end: int) -> list[date]:
    """Holidays, make-up days and overrides from `begun` to `end`; midnight touches only the day it ends."""
    first = calendar.local(instant(begun)).date()
    return calendar.special_between(first, calendar.local(instant(max(begun, end - 1))).date())


_Step = tuple[datetime, str]  # when it comes in the order of lines, and its sentence


class _Wording:
    """Sentences of an explanation, in one language and on the calendar's wall."""

    def __init__(self, calendar: Calendar, lang: str) -> None:
        self._calendar = calendar
        self._lang = lang

    def text(self, zh: str, en: str) -> str:
        return in_language(self._lang, zh, en)

    def at(self, at: datetime) -> str:
        wall = self._calendar.local(at)
        return f"{self._day(wall.date())}{self.text('', ' ')}{self._time(wall)}"

    def days_counted(self, explanation: Explanation) -> list[_Step]:
        if not explanation.amount.unit.is_working:
            return [self._stretch(span) for span in explanation.counted]
        by_day = groupby(explanation.counted, key=lambda span: self._calendar.local(span.start).date())
        return [self._day_counted(day, list(spans)) for day, spans in by_day]

    def holidays(self, days: tuple[NoticeDay, ...]) -> list[_Step]:
        """One sentence per holiday, its days taken together."""
        runs: list[list[NoticeDay]] = []
        for day in days:
            if runs and runs[-1][-1].name == day.name and runs[-1][-1].day + _ONE_DAY == day.day:
                runs[-1].append(day)
            else:
                runs.append([day])
        return [self._holiday(run[0], run[-1]) for run in runs]

    def pauses(self, paused: tuple[Counted, ...]) -> list[_Step]:
        return [
            (
                span.start,
                self.text(
                    f"{self.at(span.start)} 至 {self.at(span.end)} 暂停，扣除 {self._length(span.ran)}",
                    f"{self.at(span.start)} to {self.at(span.end)} paused, less {self._length(span.ran)}",
                ),
            )
            for span in paused
        ]

    def make_up_day(self, day: NoticeDay) -> _Step:
        title, on = day.title(self._lang), self._day(day.day)
        return self._on(day.day, f"{on}为{title}调休上班日", f"{on} is worked to make up for {title}")

    def override(self, day: date, hours: DayHours) -> _Step:
        on, when = self._day(day), day_hours_text(hours)
        zh = f"{on}另行安排：{when if hours else '不上班'}"
        return self._on(day, zh, f"{on} has hours of its own: {when}")

    def _holiday(self, first: NoticeDay, last: NoticeDay) -> _Step:
        title, since, until = first.title(self._lang), self._day(first.day), self._day(last.day)
        if first == last:
            return self._on(first.day, f"{since}{title}放假，不计", f"{since} {title}, not counted")
        return self._on(
            first.day, f"{since}至 {until}{title}放假，不计", f"{since} to {until} {title}, not counted"
        )

    def _stretch(self, span: Counted) -> _Step:
        since, until, ran = self.at(span.start), self.at(span.end), self._length(span.ran)
        return span.start, self.text(f"{since} 至 {until}，计 {ran}", f"{since} to {until}, {ran}")

    def _day_counted(self, day: date, spans: list[Counted]) -> _Step:
        times = " ".join(f"{self._clock(span.start)}-{self._closing(day, span.end)}" for span in spans)
        ran = self._length(sum((span.ran for span in spans), timedelta()))
        return spans[0].start, self.text(
            f"{self._day(day)}{times}，计 {ran}", f"{self._day(day)} {times}, {ran}"
        )

    def _on(self, day: date, zh: str, en: str) -> _Step:
        return self._calendar.wall(day), self.text(zh, en)

    def _day(self, day: date) -> str:
        names = self.text(",".join(WEEKDAYS_ZH), ",".join(WEEKDAYS).title()).split(",")
        return self.text(f"{day}（{names[day.weekday()]}）", f"{names[day.weekday()]} {day}")

    def _clock(self, at: datetime) -> str:
        return self._time(self._calendar.local(at))

    def _closing(self, day: date, at: datetime) -> str:
        wall = self._calendar.local(at)
        ends_day = wall.date() == day + _ONE_DAY and wall.time() == time()
        return "24:00" if ends_day else self._time(wall)

    @staticmethod
    def _time(wall: datetime) -> str:
        return wall.strftime("%H:%M:%S" if wall.second else "%H:%M")

    def _length(self, ran: timedelta) -> str:
        return length_text(ran, self._lang)
