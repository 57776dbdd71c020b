"""A slow, obvious second opinion: walks single minutes and asks of each whether it is worked.

A minute is worked if the furthest that clocks on the wall have come lies inside an interval. So a time that
daylight saving skips is passed in one step, and one that comes twice opens or closes at its first coming.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from kefu.core.worktime import Calendar, Holidays, NoticeDay, WeeklyHours

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
Intervals = list[tuple[int, int]]

# Zones with the days on which they are hardest.
PLACES = [
    ("America/New_York", [date(2024, 3, 10), date(2024, 11, 3), date(2026, 3, 8)]),
    ("Europe/Berlin", [date(2025, 3, 30), date(2025, 10, 26)]),
    ("Australia/Lord_Howe", [date(2025, 4, 6), date(2025, 10, 5)]),  # half an hour of daylight saving
    ("Asia/Shanghai", [date(1988, 4, 17), date(1988, 9, 11), date(2026, 10, 1), date(2026, 12, 31)]),
    ("America/Sao_Paulo", [date(2018, 11, 4), date(2018, 2, 18)]),  # the day of the change has no midnight
    ("Pacific/Apia", [date(2011, 12, 30)]),  # a day that never was
    ("UTC", [date(2024, 2, 29), date(2028, 2, 29), date(2000, 2, 29), date(2100, 2, 28)]),
]


@dataclass
class Case:
    """One random question; times are whole UTC minutes."""

    zone: str
    weekly: list[Intervals]
    off: set[date]
    make_up: set[date]
    overrides: dict[date, Intervals]
    start: datetime
    need: int  # minutes
    horizon: datetime  # the oracle looks no further
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)

    def calendar(self) -> Calendar:
        weekly = WeeklyHours(tuple(tuple(day) for day in self.weekly))
        days = [NoticeDay(day, True, "歇") for day in self.off] + [
            NoticeDay(d, False, "补") for d in self.make_up
        ]
        return Calendar(
            name="random",
            zone=self.zone,
            hours={"hours": weekly},
            holidays=Holidays({day.day: day for day in days}),
            overrides={day: tuple(hours) for day, hours in self.overrides.items()},
        )

    def hours_on(self, day: date) -> Intervals:
        if day in self.overrides:
            return self.overrides[day]
        if day in self.off:
            return []
        if day in self.make_up:
            return next(hours for hours in self.weekly if hours)
        return self.weekly[day.weekday()]


class Minutes:
    """Every minute from three days before a case's start to its horizon, worked or not."""

    def __init__(self, case: Case) -> None:
        zone = ZoneInfo(case.zone)
        self.first = case.start - 3 * DAY
        count = (case.horizon - self.first) // MINUTE
        furthest = self.first.replace(year=1, tzinfo=None)
        self.worked: list[bool] = []
        open_minutes: dict[date, set[int]] = {}
        for n in range(count):
            wall = (self.first + n * MINUTE).astimezone(zone).replace(tzinfo=None)
            furthest = max(furthest, wall)
            day = furthest.date()
            if day not in open_minutes:
                open_minutes[day] = _open_minutes(case, day)
            self.worked.append(furthest.hour * 60 + furthest.minute in open_minutes[day])
        self.paused = [False] * count
        for low, high in case.pauses:
            for n in range(max(0, self.at(low)), min(count, self.at(high))):
                self.paused[n] = True

    def at(self, instant: datetime) -> int:
        return (instant - self.first) // MINUTE

    def when(self, index: int) -> datetime:
        return self.first + index * MINUTE

    def counted(self, working: bool) -> list[bool]:
        """For each minute whether it counts, on the working clock or on the wall."""
        runs = self.worked if working else [True] * len(self.worked)
        return [run and not paused for run, paused in zip(runs, self.paused, strict=True)]


def _open_minutes(case: Case, day: date) -> set[int]:
    """Minutes of `day` that are open, by its own hours or by those of the night before."""
    own = {m for opens, closes in case.hours_on(day) for m in range(opens, min(closes, 1440))}
    night = {m - 1440 for opens, closes in case.hours_on(day - DAY) for m in range(max(opens, 1440), closes)}
    return own | night


def random_case(seed: int) -> Case:
    dice = random.Random(seed)
    zone, days = dice.choice(PLACES)
    middle = dice.choice(days)
    near = [middle + n * DAY for n in range(-4, 12)]
    start = datetime(middle.year, middle.month, middle.day, tzinfo=UTC) + dice.randint(-4320, 2880) * MINUTE
    horizon = start + 9 * DAY
    case = Case(
        zone=zone,
        weekly=_random_week(dice),
        off={day for day in near if dice.random() < 0.15},
        make_up=set(),
        overrides={day: _random_day(dice) for day in near if dice.random() < 0.1},
        start=start,
        need=dice.choice([1, 30, 60, 240, 480, 510, 1440, dice.randint(1, 4000)]),
        horizon=horizon,
    )
    case.make_up = {day for day in near if day not in case.off and dice.random() < 0.15}
    for _ in range(dice.choice([0, 0, 1, 2, 4])):
        low = start + dice.randint(-600, 9000) * MINUTE
        case.pauses.append((low, low + dice.choice([0, 1, 60, dice.randint(0, 3000)]) * MINUTE))
    return case


def _random_week(dice: random.Random) -> list[Intervals]:
    while True:
        usual = _random_day(dice)
        week = [
            usual if dice.random() < 0.6 else _random_day(dice) if dice.random() < 0.5 else []
            for _ in range(7)
        ]
        if any(week):
            return week


def _random_day(dice: random.Random) -> Intervals:
    """Up to three intervals; the last may run over midnight; now and then the whole day, or edges in the
    small hours where clocks are changed.
    """
    if dice.random() < 0.15:
        return [(0, 1440)]
    night = dice.random() < 0.3
    edges = sorted({dice.randrange(0, 241 if night else 1441, dice.choice([1, 15, 30])) for _ in range(6)})
    pairs = list(zip(edges[0::2], edges[1::2], strict=False))
    if pairs and dice.random() < 0.3 and pairs[-1][0] > 0:
        opens = pairs[-1][0]
        pairs[-1] = (opens, opens + dice.randint(1440 - opens + 1, 1440))
    return pairs
