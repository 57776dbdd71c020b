"""How fast working time is, beside two packages that answer the same questions.

Run: python benchmarks/worktime.py
CPU seconds of one core, best of five rounds; every answer is compared before anything is timed.
Needs the `bench` extra: businesstimedelta, business-duration (which brings pandas).
"""

import platform
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from decimal import Decimal
from pathlib import Path

import businesstimedelta
import pytz
from business_duration import businessDuration

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from kefu.core.worktime import Amount, Calendar, Holidays, NoticeDay, Unit, due, explain, parse_hours, used

ZONE = "Asia/Shanghai"
SHANGHAI = pytz.timezone(ZONE)
# Days off without make-up days, because neither package knows those; some of every year from 2023 to 2026.
OFF = {
    date(year, month, day)
    for year in range(2023, 2027)
    for month, day in [(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)]
}
START = datetime(2024, 3, 5, 2, 10, tzinfo=UTC)  # Tuesday 10:10 in Shanghai
YEAR_HOURS = 2000  # 250 days of 8 hours: one working year


def ours(hours: str, off: set[date]) -> Calendar:
    days = Holidays({day: NoticeDay(day, True, "假") for day in off})
    return Calendar("bench", ZONE, {"hours": parse_hours(hours)}, holidays=days)


OFFICE = ours("mon-fri 09:00-12:00 13:00-18:00", OFF)
STRAIGHT = ours("mon-fri 09:00-18:00", OFF)
CHINA = Calendar("china", ZONE, {"hours": parse_hours("mon-fri 09:00-12:00 13:00-18:00")})


def their_rules() -> businesstimedelta.Rules:
    work = businesstimedelta.WorkDayRule(clock(9), clock(18), [0, 1, 2, 3, 4], tz=SHANGHAI)
    lunch = businesstimedelta.LunchTimeRule(clock(12), clock(13), [0, 1, 2, 3, 4], tz=SHANGHAI)
    holidays = businesstimedelta.HolidayRule(OFF, tz=SHANGHAI)
    return businesstimedelta.Rules([work, lunch, holidays])


def hours(number: int | Decimal) -> Amount:
    return Amount(Decimal(number), Unit.WORKING_HOURS)


def rate(action: Callable[[], object], at_least: float = 0.2) -> float:
    """Calls a CPU second, best of five rounds of at least `at_least` seconds."""
    action()
    count, best = 1, 0.0
    for _ in range(5):
        while True:
            begun = time.process_time()
            for _ in range(count):
                action()
            spent = time.process_time() - begun
            if spent >= at_least:
                break
            count = max(count * 2, int(count * at_least / max(spent, 1e-6)))
        best = max(best, count / spent)
    return best


def compare_answers() -> list[str]:
    """500 random questions to each package; a line about each, with every difference counted."""
    dice, rules = random.Random(7), their_rules()
    differs_due = differs_used = differs_minutes = 0
    for _ in range(500):
        start = START + timedelta(minutes=dice.randint(0, 400_000))
        minutes = dice.randint(1, 80 * 60)
        amount = hours(Decimal(minutes) / 60)
        theirs = start + businesstimedelta.BusinessTimeDelta(rules, timedelta=timedelta(minutes=minutes))
        differs_due += theirs != due(OFFICE, start, amount).at
        end = start + timedelta(minutes=dice.randint(1, 40_000))
        gone = rules.difference(start, end)
        differs_used += gone.timedelta != used(OFFICE, start, end, Unit.WORKING_HOURS)
        minutes_gone = their_minutes(on_the_wall(start), on_the_wall(end))
        differs_minutes += timedelta(minutes=minutes_gone) != used(STRAIGHT, start, end, Unit.WORKING_HOURS)
    return [
        f"due: {differs_due} of 500 differ from businesstimedelta",
        f"used: {differs_used} of 500 differ from businesstimedelta",
        f"used: {differs_minutes} of 500 differ from business-duration",
    ]


def on_the_wall(at: datetime) -> datetime:
    return at.astimezone(SHANGHAI).replace(tzinfo=None)


def their_minutes(start: datetime, end: datetime) -> float:
    """business-duration knows neither zones nor lunch: it gets times on the wall, and no lunch."""
    return float(businessDuration(start, end, clock(9), clock(18), holidaylist=OFF, unit="min"))


def measure(number: int) -> None:
    """All figures for an amount of `number` working hours."""
    amount, rules = hours(number), their_rules()
    end, straight_end = due(OFFICE, START, amount).at, due(STRAIGHT, START, amount).at
    wall, wall_end = on_the_wall(START), on_the_wall(straight_end)
    their_amount = businesstimedelta.BusinessTimeDelta(rules, hours=number)
    figures = {
        "due": rate(lambda: due(OFFICE, START, amount)),
        "due, China with make-up days": rate(lambda: due(CHINA, START, amount)),
        "used": rate(lambda: used(OFFICE, START, end, Unit.WORKING_HOURS)),
        "used, no lunch": rate(lambda: used(STRAIGHT, START, straight_end, Unit.WORKING_HOURS)),
        "explain": rate(lambda: explain(CHINA, START, amount)),
        "explain and its lines": rate(lambda: explain(CHINA, START, amount).lines("zh")),
        "businesstimedelta due": rate(lambda: START + their_amount),
        "businesstimedelta used": rate(lambda: rules.difference(START, end)),
        "business-duration used": rate(lambda: their_minutes(wall, wall_end)),
    }
    ratios = {
        "due / businesstimedelta": figures["due"] / figures["businesstimedelta due"],
        "used / businesstimedelta": figures["used"] / figures["businesstimedelta used"],
        "used / business-duration": figures["used, no lunch"] / figures["business-duration used"],
    }
    print(f"\n{number} working hours, due {end:%Y-%m-%d %H:%M} UTC")
    for name, figure in figures.items():
        print(f"  {name:30}{figure:12,.0f} a second")
    for name, ratio in ratios.items():
        print(f"  {name:30}{ratio:12,.0f} x")


def main() -> None:
    print(f"Python {platform.python_version()}, {platform.machine()}, CPU seconds of one core")
    for line in compare_answers():
        print(line)
    for number in (1, 8, 80, YEAR_HOURS):
        measure(number)
    begun = time.process_time()
    due(Calendar("fresh", ZONE, CHINA.hours), START, hours(8))
    print(
        f"\nfirst answer of a new calendar (builds its year): {(time.process_time() - begun) * 1000:.1f} ms"
    )


if __name__ == "__main__":
    main()
